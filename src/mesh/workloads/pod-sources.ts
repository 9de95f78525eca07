import { isPodSource, PodSource } from './pod-template';
import { FieldPath } from '../../findings/field-path';
import { groupKind, WorkloadKind } from '../../manifests/workload-kinds';
import { Inventory } from '../objects/inventory';
import { MeshObject } from '../objects/mesh-object';
import { keyOf, ownerOf } from '../objects/owners';
import { isShape, shape } from '../objects/shape';

/** What a Rollout may run the pods of, by the field of their template. */
const REFERENCES: readonly { readonly type: string; readonly field: FieldPath }[] = [
  { type: 'Deployment.apps', field: ['spec', 'template'] },
  { type: 'ReplicaSet.apps', field: ['spec', 'template'] },
  { type: 'PodTemplate', field: ['template'] },
];

/**
 * What runs pods, and where those are described; undefined: nowhere in the manifests. What another object of the manifests makes isn't among them, nor what a
 * Rollout names as its `workloadRef`: their pods are counted where they come from.
 */
export function podSources(objects: Inventory): ReadonlyMap<MeshObject, PodSource | undefined> {
  const sources = new Map<MeshObject, PodSource | undefined>();
  for (const kind of objects.workloadKinds.all) {
    for (const object of objects.of(groupKind(kind))) sources.set(object, sourceIn(object, kind));
  }
  leaveOutMade(sources, objects);
  leadToReferences(sources, objects);
  return sources;
}

/** An API server takes nothing of Kubernetes' own without a template; where an operator keeps it, the object may say otherwise. */
function sourceIn(object: MeshObject, { group, podTemplate }: WorkloadKind): PodSource | undefined {
  const source = { object, field: podTemplate };
  return !group.includes('.') || isPodSource(source) ? source : undefined;
}

function leaveOutMade(sources: Map<MeshObject, unknown>, { owners }: Inventory): void {
  if (owners.isEmpty) return;
  const made = owners.madeBy(new Set([...sources.keys()].map(keyOf)));
  for (const object of sources.keys()) if (made.has(keyOf(object))) sources.delete(object);
}

/** Argo scales down what a Rollout refers to, and runs its pods instead. */
function leadToReferences(sources: Map<MeshObject, PodSource | undefined>, objects: Inventory): void {
  const referring = objects.of('Rollout.argoproj.io').filter((object) => sources.has(object) && isShape(object.spec.workloadRef));
  if (referring.length === 0) return;
  const known = new Map(REFERENCES.flatMap(({ type, field }) => objects.of(type).map((object) => [keyOf(object), { object, field }] as const)));
  for (const rollout of referring) {
    const source = known.get(keyOf(ownerOf(shape(rollout.spec.workloadRef), rollout.namespace)));
    sources.set(rollout, source);
    if (source) sources.delete(source.object);
  }
}
