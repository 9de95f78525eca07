import { App, Chart, Duration } from 'cdk8s';
import { ClientTls, Destination } from 'cdk8s-istio-mtls';

/**
 * No TLS session lives longer than 300 seconds: there is no field for a session's age, but one for its
 * connection's. An idle connection goes after 50 seconds, a busy one after 100 requests.
 */
export function sessionAge(app: App): void {
  const chart = new Chart(app, 'session-age', { namespace: 'my-namespace' });
  new Destination(chart, 'my-service', {
    name: 'my-service-dr',
    host: 'my-service.my-namespace.svc.cluster.local',
    tls: ClientTls.istioMutual(),
    connectionPool: {
      tcp: { maxConnectionDuration: Duration.seconds(300), idleTimeout: Duration.seconds(50) },
      http: { maxRequestsPerConnection: 100 },
    },
  });
}
