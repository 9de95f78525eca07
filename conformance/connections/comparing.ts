// The model's connections of a mesh, held against the referee's.
import type { Connection } from '../../src/mesh/calls/connections';
import type { ObjectName } from '../../src/mesh/inventory/object';
import type { Mesh } from '../../src/mesh/mesh';
import { libraryModule } from '../library';
import type { JudgedMesh, Manifest } from '../manifest';
import { unfounded } from './unmodelled';
import type { MeshVerdict } from './verdict';
import { compareConnections, type Comparison } from './verdicts';

/** A compiled model: the class of it that makes meshes. */
export type Model = typeof Mesh;

/** The compiled model. */
export function modelIn(): Model {
  return libraryModule('mesh/mesh').Mesh;
}

/** A mesh by a model. */
export function modelled(model: Model, { objects, ...facts }: Pick<JudgedMesh, 'objects' | 'istiodEnv' | 'clusterDomain'>): Mesh {
  return model.of(objects, { ...facts, parseYaml: libraryModule('manifests/yaml/read-yaml').readYaml });
}

export function compareMesh(model: Model, { objects: all, ...facts }: Pick<JudgedMesh, 'objects' | 'istiodEnv' | 'clusterDomain'>, verdict: MeshVerdict): Comparison {
  const objects = admitted(all, verdict);
  const ours: readonly Connection[] = [...modelled(model, { ...facts, objects }).connections()];
  const found = compareConnections(ours, verdict);
  const beyond = unfounded(ours, objects).map(({ client, requested, undecidedBecause }) => ({
    words: `unfounded ${undecidedBecause}`, text: `${JSON.stringify([client, requested])}\n  ours: ${undecidedBecause}, of no object that can reach the call`,
  }));
  return { ...found, differences: [...found.differences, ...beyond] };
}

/** The objects that the API server and istiod's webhook would have let in. */
export function admitted(objects: readonly Manifest[], { refused }: MeshVerdict): Manifest[] {
  const out = new Set(refused.map(nameOf));
  return objects.filter(({ kind, metadata: { namespace = 'default', name } }) => !out.has(nameOf({ kind, namespace, name })));
}

const nameOf = ({ kind, namespace, name }: ObjectName) => `${kind}/${namespace}/${name}`;
