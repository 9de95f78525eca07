import { App, Chart } from 'cdk8s';
import { MtlsMode, NamespaceOverride } from 'cdk8s-istio-mtls';

/** One namespace accepts plaintext too. */
export function permissiveNamespace(app: App): void {
  const chart = new Chart(app, 'permissive-namespace', { namespace: 'my-namespace' });
  new NamespaceOverride(chart, 'mtls', { mode: MtlsMode.PERMISSIVE });
}
