import { sampleMeshes } from '../../../conformance/generators/mesh';
import { namespace } from '../meshes/mesh';

export interface RandomMesh {
  readonly id: string;
  readonly objects: any[];
}

/** Meshes as the conformance suite makes them, and as they are in files: nothing is shared. The same for the same seed. */
export function randomMeshes(seed: number, count: number): readonly RandomMesh[] {
  return JSON.parse(JSON.stringify(sampleMeshes(seed, count)));
}

/** The same, of which some namespaces are left out, and some name revisions. */
export function partialMeshes(seed: number, count: number): readonly RandomMesh[] {
  return partsOf(randomMeshes(seed, count));
}

/** What is left of meshes when some of their namespaces are left out, and some name revisions. */
export function partsOf(meshes: readonly RandomMesh[]): readonly RandomMesh[] {
  return meshes.map(({ id, objects }, number) => ({ id, objects: partOf(objects, number) }));
}

function partOf(objects: readonly any[], number: number): any[] {
  const revision = { 'istio.io/rev': number % 4 < 2 ? 'canary' : 'stable' };
  return objects.filter(({ kind }, index) => kind !== 'Namespace' || (index + number) % 3 !== 0)
    .map((object, index) => (object.kind === 'Namespace' && (index + number) % 2 === 0 ? namespace(object.metadata.name, revision) : object));
}
