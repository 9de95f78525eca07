import { App, Chart } from 'cdk8s';
import { IstiodMonitor } from 'cdk8s-istio-mtls';

/** Prometheus scrapes istiod, whose metrics tell when its certificates expire. */
export function istiodMonitor(app: App): void {
  const chart = new Chart(app, 'istiod-monitor', { namespace: 'istio-system' });
  new IstiodMonitor(chart, 'monitor', { name: 'istio-mtls' });
}
