// The model's connections of a mesh, held against the referee's.
import { createRequire } from 'node:module';
import { unfounded } from './unmodelled.mjs';
import { compareConnections } from './verdicts.mjs';

const { readYaml } = createRequire(import.meta.url)('../../lib/src/manifests/yaml/read-yaml.js');

/** The compiled model of a lib/ folder. */
export function modelIn(lib) {
  return createRequire(import.meta.url)(`${lib}/src/mesh/mesh.js`).Mesh;
}

/** @param Mesh the model */
export function compareMesh(Mesh, { objects: all, ...facts }, verdict) {
  const objects = admitted(all, verdict);
  const ours = [...Mesh.of(objects, { ...facts, parseYaml: readYaml }).connections()];
  const found = compareConnections(ours, verdict);
  const beyond = unfounded(ours, objects).map(({ client, requested, undecidedBecause }) => ({
    words: `unfounded ${undecidedBecause}`, text: `${JSON.stringify([client, requested])}\n  ours: ${undecidedBecause}, of no object that can reach the call`,
  }));
  return { ...found, differences: [...found.differences, ...beyond] };
}

/** The objects that the API server and istiod's webhook would have let in. */
export function admitted(objects, { refused }) {
  const out = new Set(refused.map(nameOf));
  return objects.filter(({ kind, metadata: { namespace = 'default', name } }) => !out.has(nameOf({ kind, namespace, name })));
}

const nameOf = ({ kind, namespace, name }) => `${kind}/${namespace}/${name}`;
