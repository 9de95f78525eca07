import { ClientClass } from '../mesh/connections/client-class';
import { Decision } from '../mesh/connections/decisions';
import { Leg } from '../mesh/connections/leg';
import { Mesh } from '../mesh/mesh';

/** One way that calls take, with who makes them. */
export interface DecidedLeg {
  readonly decision: Decision;
  readonly leg: Leg;
}

/** How many clients of a class go a way: those that call themselves don't. */
export function clientsOn(mesh: Mesh, { endpoint, except, only }: Leg, one: ClientClass): number {
  const isIn = (workload: Leg['only']): boolean => workload !== undefined && mesh.decisions.classOf(workload) === one;
  if (only) return Number(isIn(only) && endpoint?.workload !== only);
  return one.workloads.length - Number(isIn(endpoint?.workload)) - Number(except !== endpoint?.workload && isIn(except));
}
