import { App, Chart } from 'cdk8s';
import { ClientTls, Destination, MeshMtls, MtlsMode, networking, security } from 'cdk8s-istio-mtls';

/** Everything is at v1: what the constructs emit, and the bindings for what has no construct. */
export function currentVersions(app: App): void {
  const mesh = new Chart(app, 'current-mesh');
  new MeshMtls(mesh, 'mtls', { mode: MtlsMode.PERMISSIVE });

  const chart = new Chart(app, 'current-namespace', { namespace: 'my-namespace' });
  const destination = new Destination(chart, 'my-service', {
    name: 'my-service-dr',
    host: 'my-service.my-namespace.svc.cluster.local',
    tls: ClientTls.istioMutual(),
    subsets: [{ name: 'v1', labels: { version: 'v1' } }],
  });
  destination.routeTo('v1', { name: 'my-service-vs' });
  new security.AuthorizationPolicy(chart, 'callers', {
    metadata: { name: 'my-service-callers' },
    spec: { rules: [{ from: [{ source: { namespaces: ['my-namespace'] } }] }] },
  });
  new networking.Sidecar(chart, 'sidecar', {
    metadata: { name: 'default' },
    spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }] },
  });
}
