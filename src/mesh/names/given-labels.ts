/** Labels that pods may have though no pod template has them: Kubernetes, clouds, istiod and the injector give them. A `/` or `.` ends a prefix. */
const GIVEN = [
  'pod-template-hash', 'pod-template-generation', 'controller-revision-hash', 'controller-uid', 'job-name',
  'statefulset.kubernetes.io/', 'apps.kubernetes.io/', 'batch.kubernetes.io/', 'kubernetes.io/hostname', 'topology.',
  'service.istio.io/', 'security.istio.io/', 'networking.istio.io/', 'istio.io/',
];

const NAMES: ReadonlySet<string> = new Set(GIVEN);
const PREFIXES = GIVEN.filter((known) => /[/.]$/.test(known));

/** Whether a selector goes by any such label. */
export function goesByGiven(selector: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(selector).some(isGiven);
}

/** Whether manifests can't say which pods have a label. */
export function isGiven(label: string): boolean {
  return NAMES.has(label) || PREFIXES.some((prefix) => label.startsWith(prefix));
}
