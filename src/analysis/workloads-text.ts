import { others, workloadText } from './calls';
import { ObjectName } from '../mesh/objects/mesh-object';

/** `Deployment shop/web and 3 other workloads`. */
export function workloadsText(workloads: readonly ObjectName[]): string {
  return `${workloadText(workloads[0])}${others(workloads.length, 'workload')}`;
}
