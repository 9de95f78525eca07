import { App, Chart } from 'cdk8s';
import { CaSource, CertManagerIssuer, CustomCa, StrictMeshMtls } from 'cdk8s-istio-mtls';

/**
 * What `MeshPolicy` with a `credentialName` was meant to say: mutual TLS for the whole mesh, with certificates
 * of one's own. The policy says only the first; whose certificates they are is said once, to istiod.
 */
export function meshPolicy(app: App): void {
  const chart = new Chart(app, 'mesh-policy');
  new StrictMeshMtls(chart, 'mtls');
  new CustomCa(chart, 'ca', { source: CaSource.certManager({ issuer: CertManagerIssuer.clusterIssuer('company-root') }) });
}
