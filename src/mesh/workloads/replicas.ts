import { integer } from '../../manifests/mapping';
import { MeshObject } from '../inventory/object';

/** How many pods a workload's manifest asks for; undefined: it doesn't say. */
export function replicasOf({ kind, spec }: MeshObject): number | undefined {
  return integer(kind === 'Job' ? spec.parallelism : spec.replicas);
}

/** Kinds that run one pod at a time, whatever their manifests say. */
const SINGLE: ReadonlySet<string> = new Set(['Pod', 'CronJob']);

/**
 * Whether a workload may run several pods at once, which may call each other. A manifest without a number means one; but whoever
 * leaves it out of a StatefulSet mostly scales it otherwise.
 */
export function mayRunSeveralPods(object: MeshObject): boolean {
  const { kind } = object;
  if (SINGLE.has(kind)) return false;
  return kind === 'DaemonSet' || (replicasOf(object) ?? (kind === 'StatefulSet' ? 2 : 1)) > 1;
}
