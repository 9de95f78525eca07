import { App, Chart } from 'cdk8s';
import { StrictMeshMtls } from 'cdk8s-istio-mtls';

/** Mutual TLS for the whole mesh. */
export function strictMesh(app: App): void {
  const chart = new Chart(app, 'strict-mesh');
  new StrictMeshMtls(chart, 'mtls');
}
