// How many findings have a fix that is a change of YAML, tried on the mesh: over random meshes, as the conformance suite makes
// them, and over Istio's samples, where Go has them in its module cache. Needs a compiled lib/.
import { parseArgs } from 'node:util';
import { sampleMeshes } from './generators/mesh';
import { istioModule } from './generators/objects/samples';
import { libraryModule } from './library';
import type { JudgedMesh } from './manifest';
import { scenariosIn } from './noise/scenarios';
import { seedOf } from '../exploration/seed';
import type { MeshOptions } from '../src/mesh/mesh';

const { analyze } = libraryModule('analysis/analysis');
const { readYaml } = libraryModule('manifests/yaml/read-yaml');
const { Mesh } = libraryModule('mesh/mesh');

const { values: { meshes, seed: asked, samples } } = parseArgs({
  options: { meshes: { type: 'string', default: '1000' }, seed: { type: 'string' }, samples: { type: 'boolean', default: true } },
  allowNegative: true,
});
const seed = seedOf('fix-share', asked);

interface Share {
  findings: number;
  changes: number;
}

/** What findings are made of: a mesh as the suite generates it, or Istio's samples. */
type Judged = Pick<JudgedMesh, 'istiodEnv' | 'clusterDomain'> & { readonly objects: readonly object[] };

/** By severity and code: how many findings there are, and how many of them have a change. */
function shareOf(all: readonly Judged[], options: Partial<MeshOptions> = {}): Map<string, Share> {
  const shares = new Map<string, Share>();
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

function print(title: string, shares: ReadonlyMap<string, Share>): void {
  console.log(title);
  for (const [key, { findings, changes }] of [...shares].sort()) console.log(`  ${key}: ${changes} of ${findings} (${Math.round(100 * changes / findings)} %)`);
}

print(`${meshes} random meshes of seed ${seed}`, shareOf(sampleMeshes(seed, Number(meshes))));
if (samples) {
  const runs = scenariosIn(istioModule().Dir).flatMap((scenario) => scenario.runs);
  print(`${runs.length} runs on Istio's samples`, shareOf(runs.map(({ objects }) => ({ objects })), { injectedNamespaces: ['default'] }));
}
