import { App, Chart } from 'cdk8s';
import { CaSource, CustomCa, ExternalSecretStore } from 'cdk8s-istio-mtls';

/**
 * istiod signs with a CA from outside. The Secret is `cacerts`, the only name that istiod reads, and its four
 * entries come from a vault as one set: `ca-cert.pem`, `ca-key.pem`, `root-cert.pem`, `cert-chain.pem`.
 */
export function customCa(app: App): void {
  const chart = new Chart(app, 'custom-ca');
  new CustomCa(chart, 'ca', { source: CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore('vault'), key: 'istio/cacerts' }) });
}
