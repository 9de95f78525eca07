/** Whether some pods of a workload may get a label, and others not: Kubernetes, clouds and istiod give it. */
export const isOfSinglePods = among([
  'pod-template-hash', 'pod-template-generation', 'controller-revision-hash', 'controller-uid', 'job-name',
  'statefulset.kubernetes.io/', 'apps.kubernetes.io/', 'batch.kubernetes.io/', 'kubernetes.io/hostname', 'topology.',
]);

/** Whether the injector may give a label to all pods of a workload. */
const isInjected = among(['service.istio.io/', 'security.istio.io/', 'networking.istio.io/', 'istio.io/']);

/** Whether manifests can't say which pods have a label, as pod templates don't hold it. */
export function isGiven(label: string): boolean {
  return isOfSinglePods(label) || isInjected(label);
}

/** Whether a selector goes by any label that is given. */
export function goesByGiven(selector: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(selector).some(isGiven);
}

/** A `/` or `.` ends a prefix. */
function among(labels: readonly string[]): (label: string) => boolean {
  const names = new Set(labels);
  const prefixes = labels.filter((label) => /[/.]$/.test(label));
  return (label) => names.has(label) || prefixes.some((prefix) => label.startsWith(prefix));
}
