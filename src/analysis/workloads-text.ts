import { ObjectName, objectText } from '../mesh/objects/object-id';

/** `Deployment shop/web and 3 other workloads`. */
export function workloadsText(workloads: readonly ObjectName[]): string {
  return `${objectText(workloads[0])}${others(workloads.length, 'workload')}`;
}

/** ` and 3 other workloads`: those beside the first; nothing if it is the only one. */
export function others(count: number, noun: string): string {
  if (count <= 1) return '';
  return count === 2 ? ` and another ${noun}` : ` and ${count - 1} other ${noun}s`;
}
