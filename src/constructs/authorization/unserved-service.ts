import type { ApiObject } from 'cdk8s';
import { analysisModules } from '../../integration/app-mesh';
import type { Mesh } from '../../mesh/mesh';
import type { Labels } from '../../mesh/names/labels';
import type { Workload } from '../../mesh/workloads/workload';

/** Why nothing serves a Service, and what to correct. */
export interface UnservedService {
  readonly because: string;
  readonly fix: string;
}

/** Undefined if a workload's pods are behind the Service, or if it has no selector. */
export function unservedService({ name, metadata: { namespace } }: ApiObject, mesh: Mesh): UnservedService | undefined {
  const selector = mesh.registry.kubernetesService(mesh.registry.hostOf(name, namespace!))?.selector;
  if (!selector) return undefined;
  const workloads = mesh.workloads.filter((workload) => workload.namespace === namespace);
  if (workloads.some(({ labels }) => analysisModules().selects(selector, labels))) return undefined;
  const near = nearestWorkload(selector, workloads);
  return {
    because: `selector ${labelsText(selector)} of Service ${name} selects no pods`,
    fix: near === undefined ? `correct the selector, or add the workload behind the Service to namespace ${namespace}`
      : 'correct the selector, or the labels: those that come nearest are '
        + `${labelsText(near.labels, Object.keys(selector))} of ${textOf(near)}`,
  };
}

/** The workload with the most labels of a selector; of several, the one whose other values are the most similar. */
function nearestWorkload(selector: Labels, workloads: readonly Workload[]): Workload | undefined {
  let best: { readonly workload: Workload; readonly cost: number } | undefined;
  for (const workload of workloads) {
    const cost = costOf(selector, workload.labels);
    if (cost < (best?.cost ?? Infinity)) best = { workload, cost };
  }
  return best?.workload;
}

/** How many letters of the values differ, of a label that is missing all; infinite if nothing is common. */
function costOf(selector: Labels, labels: Labels): number {
  const keys = Object.keys(selector);
  if (!keys.some((key) => Object.hasOwn(labels, key))) return Infinity;
  const { editDistance } = analysisModules();
  return keys.reduce((sum, key) => {
    const [wanted, own] = [selector[key], Object.hasOwn(labels, key) ? labels[key] : undefined];
    return sum + (own === undefined ? key.length + wanted.length : editDistance(wanted, own));
  }, 0);
}

/** @param keys those that are shown */
function labelsText(labels: Labels, keys: readonly string[] = Object.keys(labels)): string {
  return keys.filter((key) => Object.hasOwn(labels, key)).map((key) => `${key}=${labels[key]}`).join(',');
}

function textOf({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}
