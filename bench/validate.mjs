// What `istio-mtls validate` costs: one small file beside a node that loads js-yaml, and 11,000 objects beside a bare
// js-yaml parse of the same file; each in a process of its own, from start to end.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshYaml } from './mesh.mjs';
import { report, side } from './measure.mjs';

function process(args, cwd) {
  const start = globalThis.process.hrtime.bigint();
  execFileSync(globalThis.process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  return { ms: Number(globalThis.process.hrtime.bigint() - start) / 1e6 };
}

export function validate({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const command = join(root, 'bin', 'istio-mtls');
  try {
    const [small, large] = [join(folder, 'small.yaml'), join(folder, 'large.yaml')];
    writeFileSync(small, meshYaml({ services: 1, namespaces: 1, policies: 1 }));
    writeFileSync(large, meshYaml());
    const cold = side({
      ours: () => process([command, 'validate', small], root).ms,
      theirs: () => process(['-e', "require('js-yaml')"], root).ms,
    }, { runs: 9 });
    const many = side({
      ours: () => process([command, 'validate', large], root).ms,
      theirs: () => process(['-e', `require('js-yaml').loadAll(require('fs').readFileSync(${JSON.stringify(large)}, 'utf8'))`], root).ms,
    }, { runs: 7 });
    return [
      report({ what: 'validate one small file', ours: { name: 'istio-mtls', ms: cold.ours }, theirs: { name: 'node that loads js-yaml', ms: cold.theirs }, bound: 4 }),
      report({ what: 'validate 11,000 objects', ours: { name: 'istio-mtls', ms: many.ours }, theirs: { name: 'bare js-yaml parse', ms: many.theirs }, bound: 3 }),
    ].every(Boolean);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
