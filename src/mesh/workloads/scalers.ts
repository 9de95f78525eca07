import { replicasOf } from './replicas';
import { groupKind } from '../../manifests/kinds';
import { mapping, Mapping, mappings, text } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { keyOf, ownerOf } from '../inventory/owners';

/** Where objects that set the number of a workload's pods name it, by their kind and group. */
const TARGETS: Readonly<Record<string, string>> = {
  'HorizontalPodAutoscaler.autoscaling': 'scaleTargetRef',
  'ScaledObject.keda.sh': 'scaleTargetRef',
  'PodAutoscaler.autoscaling.internal.knative.dev': 'scaleTargetRef',
  'Canary.flagger.app': 'targetRef',
  'Rollout.argoproj.io': 'workloadRef',
};

/** A target is a Deployment, if KEDA's object doesn't say. */
const DEFAULT_TARGET: Mapping = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** Who sets the number of pods, in place of the manifests of workloads: autoscalers, canaries, rollouts, and whatever creates them. */
class Scalers {
  private readonly targets = new Set<string>();

  constructor(objects: Inventory) {
    for (const { kind, group, namespace, spec } of [...objects.unread.values(), ...objects.of(KIND.Rollout)]) {
      const target = mapping(spec[TARGETS[`${kind}.${group}`] ?? '']);
      if (text(target.name) !== undefined) this.targets.add(keyOf(ownerOf({ ...DEFAULT_TARGET, ...target }, namespace)));
    }
  }

  /** Whether a workload's number of pods isn't what its manifest says. */
  scale(workload: MeshObject): boolean {
    return this.targets.has(keyOf(workload)) || isCreated(workload);
  }
}

/** Whether a controller created an object, as ReplicaSets of a Deployment, or the Deployments of Knative: that one scales it. */
function isCreated({ source }: MeshObject): boolean {
  return mappings(mapping((source as Mapping).metadata).ownerReferences).length > 0;
}

/** Kinds whose `replicas` is the number of their pods. */
const SCALABLE: ReadonlySet<string> = new Set(['Deployment.apps', 'StatefulSet.apps', 'ReplicaSet.apps', 'ReplicationController',
  'Rollout.argoproj.io']);

/** The objects whose manifests ask for no pods, and that nothing in the manifests scales; each once, in the order of the workloads. */
export function idleIn(workloads: readonly { readonly object: MeshObject }[], objects: Inventory): readonly MeshObject[] {
  const idle = new Set(workloads.map(({ object }) => object)
    .filter((object) => SCALABLE.has(groupKind(object)) && replicasOf(object) === 0));
  if (idle.size === 0) return [];
  const scalers = new Scalers(objects);
  return [...idle].filter((object) => !scalers.scale(object));
}
