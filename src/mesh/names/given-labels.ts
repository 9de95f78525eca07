/** Labels that Kubernetes, clouds and istiod give to pods, so that those of one workload may differ. A `/` or `.` ends a prefix. */
const OF_SINGLE_PODS = [
  'pod-template-hash', 'pod-template-generation', 'controller-revision-hash', 'controller-uid', 'job-name',
  'statefulset.kubernetes.io/', 'apps.kubernetes.io/', 'batch.kubernetes.io/', 'kubernetes.io/hostname', 'topology.',
];

/** Labels that the injector may give to all pods of a workload. */
const INJECTED = ['service.istio.io/', 'security.istio.io/', 'networking.istio.io/', 'istio.io/'];

/** Whether manifests can't say which pods have a label, as pod templates don't hold it. */
export function isGiven(label: string): boolean {
  return isOfSinglePods(label) || isAmong(INJECTED, label);
}

/** Whether some pods of a workload may get the label, and others not. */
export function isOfSinglePods(label: string): boolean {
  return isAmong(OF_SINGLE_PODS, label);
}

/** Whether a selector goes by any label that is given. */
export function goesByGiven(selector: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(selector).some(isGiven);
}

function isAmong(known: readonly string[], label: string): boolean {
  return known.some((one) => (/[/.]$/.test(one) ? label.startsWith(one) : label === one));
}
