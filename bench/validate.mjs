// What `istio-mtls validate` costs: one small file beside a node that loads js-yaml, and 11,000 objects beside a bare
// js-yaml parse of the same file; each in a process of its own, from start to end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshYaml } from './mesh.mjs';
import { report, side, wallOf } from './measure.mjs';

export function validate({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const command = join(root, 'bin', 'istio-mtls');
  try {
    const [small, large] = [join(folder, 'small.yaml'), join(folder, 'large.yaml')];
    writeFileSync(small, meshYaml({ services: 1, namespaces: 1, policies: 1 }));
    writeFileSync(large, meshYaml());
    const cold = side({
      ours: () => wallOf([command, 'validate', small], root),
      theirs: () => wallOf(['-e', "require('js-yaml')"], root),
    }, { runs: 9 });
    const many = side({
      ours: () => wallOf([command, 'validate', large], root),
      theirs: () => wallOf(['-e', `require('js-yaml').loadAll(require('fs').readFileSync(${JSON.stringify(large)}, 'utf8'))`], root),
    }, { runs: 7 });
    return [
      report({ what: 'validate one small file', ours: { name: 'istio-mtls', ms: cold.ours }, theirs: { name: 'node that loads js-yaml', ms: cold.theirs }, bound: 4 }),
      report({ what: 'validate 11,000 objects', ours: { name: 'istio-mtls', ms: many.ours }, theirs: { name: 'bare js-yaml parse', ms: many.theirs }, bound: 3 }),
    ].flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
