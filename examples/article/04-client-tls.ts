import { App, Chart } from 'cdk8s';
import { ClientTls, Destination } from 'cdk8s-istio-mtls';

/** Clients use mutual TLS towards one host, whether its endpoints have a sidecar or not. */
export function clientTls(app: App): void {
  const chart = new Chart(app, 'client-tls', { namespace: 'my-namespace' });
  new Destination(chart, 'my-service', {
    name: 'my-service-dr',
    host: 'my-service.my-namespace.svc.cluster.local',
    tls: ClientTls.istioMutual(),
  });
}
