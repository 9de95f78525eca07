import { deployment, injected, mesh, meshConfig, namespace, service, serviceEntry } from '../../../support/meshes/mesh';

test('a headless pod uses the listeners of its peers, but has none for its own address', () => {
  const { decisions, workloads } = mesh([injected('a'), { ...deployment('a/db'), kind: 'StatefulSet' }, service('a/db', ['tcp:80'], { clusterIP: 'None' })]);
  const [{ call }] = decisions.all();
  const departures = decisions.outboundMatches(workloads[0], call);
  expect(departures.map(({ kind, hops }) => [kind, hops.map(({ received: { endpoint }, sent: { tls: clientTls } }) => `${endpoint?.workload?.name} ${clientTls}`)])).toEqual([['tcp', ['db ISTIO_MUTUAL']], ['tcp', []]]);
});

test('a client that seems to be a call\'s only server may lose the call where istiod may not read the service', () => {
  const podIP = '10.130.1.1';
  const own = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'peer', namespace: 'c', labels: { app: 'peer' } }, spec: { containers: [] }, status: { podIP } };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'api', namespace: 'b', labels: { 'kubernetes.io/service-name': 'api' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [podIP], targetRef: { kind: 'Pod', namespace: 'c', name: 'peer' } }],
    ports: [{ name: 'http', port: 9000 }],
  };
  const opening = serviceEntry('a/ext', { hosts: ['ext.example.com'], ports: [{ number: 8080, name: 'p', protocol: 'TCP' }], resolution: 'DNS' });
  const selecting = meshConfig({ discoverySelectors: [{ matchExpressions: [{ key: 'left-out', operator: 'DoesNotExist' }] }] });
  const objects = [selecting, namespace('c', { 'istio-injection': 'enabled', 'left-out': 'true' }), own, service('b/api', ['http:8080'], { selector: undefined }), slice, opening];
  const found = [...mesh(objects).connections()].filter(({ requested: { host } }) => host.startsWith('api.b.'));
  expect(found).toMatchObject([{ client: { name: 'peer' }, server: null, outcome: 'undecided', undecidedBecause: 'unknown-discovery' }]);
});
