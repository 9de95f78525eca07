// How many findings have a fix that is a change of YAML, tried on the mesh: over random meshes, as the conformance suite makes
// them, and over Istio's samples, where Go has them in its module cache. Needs a compiled lib/.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { sampleMeshes } from './generators/mesh.mjs';
import { istioModule } from './generators/objects/samples.mjs';
import { scenariosIn } from './noise/scenarios.mjs';

const require = createRequire(import.meta.url);
const { analyze } = require('../lib/src/analysis/analysis.js');
const { readYaml } = require('../lib/src/manifests/yaml/read-yaml.js');
const { Mesh } = require('../lib/src/mesh/mesh.js');

const { values: { meshes, seed, samples } } = parseArgs({
  options: { meshes: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, samples: { type: 'boolean', default: true } },
  allowNegative: true,
});

/** By severity and code: how many findings there are, and how many of them have a change. */
function shareOf(all, options = {}) {
  const shares = new Map();
  for (const { objects, clusterDomain, istiodEnv } of all) {
    for (const { severity, code, change } of analyze(Mesh.of(objects, { parseYaml: readYaml, clusterDomain, istiodEnv, ...options })).findings) {
      for (const key of [severity, code, 'all']) {
        const share = shares.get(key) ?? { findings: 0, changes: 0 };
        share.findings += 1;
        share.changes += change ? 1 : 0;
        shares.set(key, share);
      }
    }
  }
  return shares;
}

function print(title, shares) {
  console.log(title);
  for (const [key, { findings, changes }] of [...shares].sort()) console.log(`  ${key}: ${changes} of ${findings} (${Math.round(100 * changes / findings)} %)`);
}

print(`${meshes} random meshes of seed ${seed}`, shareOf(sampleMeshes(Number(seed), Number(meshes))));
if (samples) {
  const runs = Object.values(scenariosIn(istioModule().Dir)).flat();
  print(`${runs.length} runs on Istio's samples`, shareOf(runs.map(({ objects }) => ({ objects })), { injectedNamespaces: ['default'] }));
}
