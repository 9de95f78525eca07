// The model's connections of a mesh, held against the referee's.
import { createRequire } from 'node:module';
import { compareConnections } from './verdicts.mjs';

const { readYaml } = createRequire(import.meta.url)('../../lib/src/manifests/yaml/read-yaml.js');

/** The compiled model of a lib/ folder. */
export function modelIn(lib) {
  return createRequire(import.meta.url)(`${lib}/src/mesh/mesh.js`).Mesh;
}

/** @param Mesh the model */
export function compareMesh(Mesh, mesh, verdict) {
  return compareConnections([...Mesh.of(admitted(mesh, verdict), { parseYaml: readYaml }).connections()], verdict);
}

/** The objects that the API server and istiod's webhook would have let in. */
export function admitted({ objects }, { refused }) {
  const out = new Set(refused.map(nameOf));
  return objects.filter(({ kind, metadata: { namespace = 'default', name } }) => !out.has(nameOf({ kind, namespace, name })));
}

const nameOf = ({ kind, namespace, name }) => `${kind}/${namespace}/${name}`;
