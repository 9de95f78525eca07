// What `istio-mtls check` costs: 11,000 objects beside a bare js-yaml parse of the same file, how time grows from 1,000
// objects to 20,000, the memory that 20,000 take, and how much more it takes to judge the mesh both ways, where 100 Namespaces are
// missing; each in a process of its own, from start to end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshYaml } from './mesh.mjs';
import { bound, costOf, report, side, wallOf } from './measure.mjs';

// A namespace has 2 objects, a service 5, a policy 1. What is unknown is whether there are sidecars.
const SIZES = {
  1: { services: 0, namespaces: 0, policies: 1 },
  1000: { services: 180, namespaces: 10, policies: 80 },
  11000: {},
  20000: { services: 3640, namespaces: 180, policies: 1440 },
  unknown: { showsNamespaces: false },
};

export function check({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const command = join(root, 'bin', 'istio-mtls');
  const fileOf = (size) => join(folder, `${size}.yaml`);
  const ours = (size) => wallOf([command, 'check', '--fail-on', 'never', fileOf(size)], root);
  const bare = (size) => wallOf(['-e', `require('js-yaml').loadAll(require('fs').readFileSync(${JSON.stringify(fileOf(size))}, 'utf8'))`], root);
  try {
    for (const [size, mesh] of Object.entries(SIZES)) writeFileSync(fileOf(size), meshYaml(mesh));
    const ms = side({ ours: () => ours(11000), theirs: () => bare(11000) }, { runs: 9 });
    const grown = side({ start: () => ours(1), few: () => ours(1000), many: () => ours(20000) }, { runs: 7 });
    const ways = side({ known: () => ours(11000), unknown: () => ours('unknown') }, { runs: 5 });
    const each = (time, count) => (1000 * (time - grown.start)) / count;
    const [few, many] = [each(grown.few, 1000), each(grown.many, 20000)];
    const peak = costOf([command, 'check', '--fail-on', 'never', fileOf(20000)], root).megabytes;
    return [
      report({ what: 'check 11,000 objects', ours: { name: 'istio-mtls', ms: ms.ours }, theirs: { name: 'bare js-yaml parse', ms: ms.theirs }, bound: 3 }),
      bound({ what: 'check, time for each of 20,000 objects', text: `${many.toFixed(0)} µs, of 1,000 ${few.toFixed(0)} µs, ratio ${(many / few).toFixed(2)}`, value: many / few, most: 1.5 }),
      bound({ what: 'check where 100 Namespaces are missing', text: `${ways.unknown.toFixed(0)} ms, ${ways.known.toFixed(0)} ms with them, ratio ${(ways.unknown / ways.known).toFixed(2)}`, value: ways.unknown / ways.known, most: 2.5 }),
      bound({ what: 'check, memory for 20,000 objects', text: `${peak.toFixed(0)} MB`, value: peak, most: 600 }),
    ].flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
