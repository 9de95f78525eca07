import { App, Chart } from 'cdk8s';
import { ClientTls, Destination } from 'cdk8s-istio-mtls';

/** A connection serves 100 requests, then a new one is opened, with a new handshake. */
export function connectionPool(app: App): void {
  const chart = new Chart(app, 'connection-pool', { namespace: 'my-namespace' });
  new Destination(chart, 'my-service', {
    name: 'my-service-dr',
    host: 'my-service.my-namespace.svc.cluster.local',
    tls: ClientTls.istioMutual(),
    connectionPool: { http: { maxRequestsPerConnection: 100 } },
  });
}
