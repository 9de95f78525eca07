import { integer } from '../../manifests/mapping';
import { DAEMON_SETS, isOf, KIND, Kinds, STATEFUL_SETS } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';

/** How many pods a workload's manifest asks for; undefined: it doesn't say. */
export function replicasOf(object: MeshObject): number | undefined {
  const { spec } = object;
  return integer(isOf(object, KIND.Job) ? spec.parallelism : spec.replicas);
}

/** Kinds that run one pod at a time, whatever their manifests say. */
const SINGLE = Kinds.of('Pod', 'CronJob');

/**
 * Whether a workload may run several pods at once, which may call each other. A manifest without a number means one; but whoever
 * leaves it out of a StatefulSet mostly scales it otherwise.
 */
export function mayRunSeveralPods(object: MeshObject): boolean {
  if (SINGLE.has(object)) return false;
  return DAEMON_SETS.has(object) || (replicasOf(object) ?? (STATEFUL_SETS.has(object) ? 2 : 1)) > 1;
}

/**
 * Whether the pods of a workload that declares calls to itself may call each other: its manifest doesn't say that it runs but one. Whoever
 * declares such a call and leaves the number out has it set otherwise, by an autoscaler mostly.
 */
export function mayDeclarePeers(object: MeshObject): boolean {
  return mayRunSeveralPods(object) || (!SINGLE.has(object) && replicasOf(object) === undefined);
}
