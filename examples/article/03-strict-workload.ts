import { App, Chart } from 'cdk8s';
import { MtlsMode, Pods, WorkloadOverride } from 'cdk8s-istio-mtls';

/** One workload of the namespace refuses plaintext. */
export function strictWorkload(app: App): void {
  const chart = new Chart(app, 'strict-workload', { namespace: 'my-namespace' });
  new WorkloadOverride(chart, 'mtls', { name: 'my-service-policy', workload: Pods.withLabels({ app: 'my-service' }), mode: MtlsMode.STRICT });
}
