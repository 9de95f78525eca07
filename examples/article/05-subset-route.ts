import { App, Chart } from 'cdk8s';
import { Destination } from 'cdk8s-istio-mtls';

/** Requests for one host go to its version v1: the route, and the subset that it needs. */
export function subsetRoute(app: App): void {
  const chart = new Chart(app, 'subset-route', { namespace: 'my-namespace' });
  const destination = new Destination(chart, 'my-service', {
    name: 'my-service-dr',
    host: 'my-service.my-namespace.svc.cluster.local',
    subsets: [{ name: 'v1', labels: { version: 'v1' } }],
  });
  destination.routeTo('v1', { name: 'my-service-vs' });
}
