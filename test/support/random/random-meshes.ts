import { sampleMeshes } from '../../../conformance/generators/mesh';
import { namespace } from '../meshes/mesh';

export interface RandomMesh {
  readonly id: string;
  readonly objects: any[];
}

/** Meshes of the conformance suite's generator, as if read from files: objects aren't shared. The same for the same seed. */
export function randomMeshes(seed: number, count: number): readonly RandomMesh[] {
  return JSON.parse(JSON.stringify(sampleMeshes(seed, count)));
}

/** The same meshes without some of their namespaces, and with revisions. */
export function partialMeshes(seed: number, count: number): readonly RandomMesh[] {
  return partsOf(randomMeshes(seed, count));
}

/** Meshes without some of their namespaces, and with revisions of namespaces and pods. */
export function partsOf(meshes: readonly RandomMesh[]): readonly RandomMesh[] {
  return meshes.map(({ id, objects }, number) => ({ id, objects: partOf(objects, number) }));
}

function partOf(objects: readonly any[], number: number): any[] {
  const revision = { 'istio.io/rev': number % 4 < 2 ? 'canary' : 'stable' };
  return objects.filter(({ kind }, index) => kind !== 'Namespace' || (index + number) % 3 !== 0)
    .map((object, index) => (object.kind === 'Namespace' && (index + number) % 2 === 0 ? namespace(object.metadata.name, revision) : object))
    .map((object, index) => (object.kind === 'Deployment' && (index + number) % 5 === 0 ? withRevision(object, index % 2 === 0 ? 'edge' : 'canary') : object));
}

/** The Deployment with pods that ask for a revision. */
function withRevision(deployment: any, revision: string): any {
  const { spec, spec: { template, template: { metadata } } } = deployment;
  const labels = { ...metadata?.labels, 'istio.io/rev': revision };
  return { ...deployment, spec: { ...spec, template: { ...template, metadata: { ...metadata, labels } } } };
}
