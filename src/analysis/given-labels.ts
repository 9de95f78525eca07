/** Labels that pods may have though no pod template has them: Kubernetes, clouds, istiod and the injector give them. A `/` or `.` ends a prefix. */
const GIVEN = [
  'pod-template-hash', 'pod-template-generation', 'controller-revision-hash', 'controller-uid', 'job-name',
  'statefulset.kubernetes.io/', 'apps.kubernetes.io/', 'batch.kubernetes.io/', 'kubernetes.io/hostname', 'topology.',
  'service.istio.io/', 'security.istio.io/', 'networking.istio.io/', 'istio.io/',
];

/** Whether manifests can't say which pods have a label. */
export function isGiven(label: string): boolean {
  return GIVEN.some((known) => (/[/.]$/.test(known) ? label.startsWith(known) : label === known));
}
