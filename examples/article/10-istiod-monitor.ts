import { App, Chart } from 'cdk8s';
import { MeshMonitoring } from 'cdk8s-istio-mtls';

/** Prometheus scrapes istiod, whose metrics tell when its certificates expire. */
export function istiodMonitor(app: App): void {
  const chart = new Chart(app, 'istiod-monitor', { namespace: 'istio-system' });
  new MeshMonitoring(chart, 'monitor', { istiod: { name: 'istio-mtls' }, sidecars: { enabled: false }, alerts: false });
}
