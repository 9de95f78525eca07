// Compares the model with istiod on random meshes:
//   node conformance/connections/compare.mjs REFEREE SEED COUNT [PART,…]
// REFEREE is the Go command `connections`; the parts are those of generators/mesh.mjs. Needs a compiled lib/.
import { createRequire } from 'node:module';
import { sampleMeshes } from '../generators/mesh.mjs';
import { judged } from './referee.mjs';
import { compareConnections } from './verdicts.mjs';

const require = createRequire(import.meta.url);
const { load } = require('js-yaml');
const { Mesh } = require('../../lib/src/mesh/mesh.js');

const [binary, seed, count, parts] = process.argv.slice(2);
const total = { meshes: 0, judged: 0, agreed: 0, undecided: {}, unjudged: 0, differences: 0, failed: 0 };

/** The objects that the API server would have let in. */
function admitted({ objects }, { refused }) {
  const out = new Set(refused.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`));
  return objects.filter(({ kind, metadata: { namespace = 'default', name } }) => !out.has(`${kind}/${namespace}/${name}`));
}

for await (const { mesh, verdict } of judged(binary, sampleMeshes(Number(seed), Number(count), parts?.split(',')))) {
  if (verdict.error) {
    total.failed += 1;
    continue;
  }
  const found = compareConnections([...Mesh.of(admitted(mesh, verdict), { parseYaml: load }).connections()], verdict);
  total.meshes += 1;
  for (const key of ['judged', 'agreed', 'unjudged']) total[key] += found[key];
  for (const [reason, number] of Object.entries(found.undecided)) total.undecided[reason] = (total.undecided[reason] ?? 0) + number;
  total.differences += found.differences.length;
  for (const difference of found.differences) console.log(`mesh ${mesh.id} ${difference}`);
}
console.log(JSON.stringify({ seed: Number(seed), ...total }));
process.exitCode = total.differences === 0 ? 0 : 1;
