import { ObjectName } from '../../mesh/inventory/object';
import { Workload } from '../../mesh/workloads/workload';

/** Names of a workload's pods for commands. */
export interface PodNames {
  /** For `kubectl exec` and `kubectl logs`, namespace included. */
  readonly kubectl: string;
  /** For the commands of istioctl that take a resource, namespace included. */
  readonly istioctl: string;
  /** The name of one pod, for commands that accept nothing else. */
  readonly pod: string;
}

/** The kinds whose pods kubectl and istioctl find by themselves. */
const FOUND_BY_KIND = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod']);

/** Labels that usually distinguish the pods of workloads. */
const TELLING = ['app', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'k8s-app'];

/** Undefined if nothing names the pods, or if their name isn't safe in a command. */
export function podNamesOf({ kind, namespace, name, labels }: Workload): PodNames | undefined {
  if (!isSpeakable({ namespace, name })) return undefined;
  const selector = selectorOf(labels);
  const first = selector && `$(kubectl get pod -n ${namespace} -l ${selector} -o name | head -n 1)`;
  if (FOUND_BY_KIND.has(kind)) {
    const resource = `${kind.toLowerCase()}/${name}`;
    const pod = kind === 'Pod' ? resource : `"${first ?? `$(kubectl get pod -n ${namespace} -o name | grep -m 1 '^pod/${name}-')`}"`;
    return { kubectl: `-n ${namespace} ${resource}`, istioctl: `${resource}.${namespace}`, pod };
  }
  return first ? { kubectl: `-n ${namespace} "${first}"`, istioctl: `"${first}.${namespace}"`, pod: `"${first}"` } : undefined;
}

/** The log of an istiod, of all its replicas; the revision as the label `istio.io/rev` of its pods has it. */
export function logsOf(revision: string, namespace: string): string {
  return `kubectl logs -n ${namespace} -l app=istiod,istio.io/rev=${revision} --prefix --tail=-1`;
}

/** Whether names can be in a command unquoted, as all names can that Kubernetes accepts. */
export function isSpeakable({ namespace, name }: Pick<ObjectName, 'namespace' | 'name'>): boolean {
  return isDnsName(namespace) && isDnsName(name);
}

/** Whether a text can be a host or an object's name. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text);
}

function selectorOf(labels: Workload['labels']): string | undefined {
  const own = Object.entries(labels)
    .filter(([key, value]) => !key.includes('istio.io/') && /^[\w./-]+$/.test(key) && /^[\w.-]+$/.test(value));
  const telling = own.filter(([key]) => TELLING.includes(key));
  const chosen = telling.length > 0 ? telling : own;
  return chosen.length > 0 ? chosen.map(([key, value]) => `${key}=${value}`).join(',') : undefined;
}
