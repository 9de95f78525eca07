import { App, Chart } from 'cdk8s';
import { StrictMeshMtls } from 'cdk8s-istio-mtls';

/**
 * Both halves by policy: servers refuse plaintext, clients send mutual TLS to every host under `.local`. Only a
 * mesh without auto mTLS needs the second half, and hosts without a sidecar must be left out of it.
 */
export function fullMesh(app: App): void {
  const chart = new Chart(app, 'full-mesh');
  new StrictMeshMtls(chart, 'mtls', { clientTls: { exceptHosts: ['kubernetes.default.svc.cluster.local'] } });
}
