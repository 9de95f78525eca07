import { ObjectName } from '../../mesh/inventory/object';
import { Workload } from '../../mesh/workloads/workload';

/** How commands name the pods of a workload. */
export interface PodNames {
  /** For `kubectl exec` and `kubectl logs`, namespace included. */
  readonly kubectl: string;
  /** For the commands of istioctl that take a resource, namespace included. */
  readonly istioctl: string;
  /** One pod by its name, for commands that take nothing else. */
  readonly pod: string;
}

/** The kinds whose pods kubectl and istioctl find by themselves. */
const FOUND_BY_KIND = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod']);

/** The labels that most often tell one workload's pods apart. */
const TELLING = ['app', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'k8s-app'];

/** Undefined: nothing names its pods, or a command can't hold their name. */
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

/** Whether names can stand in a command as they are: those that Kubernetes takes can. */
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
