import { App, Chart } from 'cdk8s';
import { MeshMtls, MtlsMode, NamespaceOverride, Pods, WorkloadOverride } from 'cdk8s-istio-mtls';

/** Mesh, namespace, workload: the closest policy wins. */
export function hierarchy(app: App): void {
  const mesh = new Chart(app, 'hierarchy-mesh');
  new MeshMtls(mesh, 'mtls', { mode: MtlsMode.PERMISSIVE });

  const sensitive = new Chart(app, 'hierarchy-sensitive', { namespace: 'sensitive' });
  new NamespaceOverride(sensitive, 'mtls', { mode: MtlsMode.STRICT });
  new WorkloadOverride(sensitive, 'legacy', { name: 'legacy', workload: Pods.withLabels({ app: 'legacy' }), mode: MtlsMode.DISABLE });
}
