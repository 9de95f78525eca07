// EndpointSlices may list pods in another namespace than their Service: whether clients know the policies there.
import { connections, deployment, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, sidecar, virtualService } from '../../support/meshes/mesh';

const labelled = { 'app': 'api', 'security.istio.io/tlsMode': 'istio' };
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api', namespace: 'b', labels: labelled }, spec: { containers: [{ name: 'app', image: 'app:1' }] } };
const slice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 's', namespace: 'a', labels: { 'kubernetes.io/service-name': 'api' } },
  endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', namespace: 'b', name: 'api' } }],
  ports: [{ name: 'tcp', port: 8080 }],
};
const OTHER = 'other.b.svc.cluster.local';
const hidden = service('b/other', [80], { annotations: { 'networking.istio.io/exportTo': '.' } });

/** The TLS that a client sends to the pod, whose namespace has mode DISABLE. */
function sent(client: string, ...objects: unknown[]): string[] {
  const [from, name] = client.split('/');
  const world = [injected('a', 'b', 'c'), deployment(client), pod, slice, service('a/api', ['tcp:80'], { selector: undefined }), peerAuthentication('b/default', mode('DISABLE'))];
  return connections([world, objects])
    .filter((one) => one.client.namespace === from && one.client.name === name && one.requested.host === 'api.a.svc.cluster.local')
    .map(({ clientTls, outcome }) => `${clientTls} ${outcome}`);
}

const KNOWN = ['PLAINTEXT plaintext'];
const UNKNOWN = ['ISTIO_MUTUAL broken'];

test.each<[string, string, unknown[], string[]]>([
  ['a client that knows no service in the policy\'s namespace', 'a/web', [], UNKNOWN],
  ['a client that knows a service there', 'a/web', [service('b/other', [80])], KNOWN],
  ['a client to which the only service there isn\'t exported', 'a/web', [hidden], UNKNOWN],
  ['a client of that namespace', 'b/web', [], KNOWN],
  ['a client whose Sidecar imports no service there', 'c/web', [service('b/other', [80]), sidecar('c/s', { egress: [{ hosts: ['a/*'] }] })], UNKNOWN],
  ['a client whose Sidecar imports a route to a service there', 'c/web', [
    service('b/other', [80]), virtualService('a/v', { hosts: ['x.example.com'], http: [{ route: [{ destination: { host: OTHER } }] }] }), sidecar('c/s', { egress: [{ hosts: ['a/*'] }] }),
  ], KNOWN],
])('whether a client knows the policy of the pod\'s namespace: %s', (_, client, objects, expected) => {
  expect(sent(client, ...objects)).toEqual(expected);
});

test('the policy of the mesh is known to all clients', () => {
  expect(sent('a/web', peerAuthentication('istio-system/default', mode('DISABLE')), peerAuthentication('b/default', mode('STRICT')))).toEqual(['PLAINTEXT broken']);
});

test('clients of one namespace are distinguished by their Sidecars\' imports', () => {
  const own = sidecar('a/s', { workloadSelector: { labels: { app: 'other' } }, egress: [{ hosts: ['./*'] }] });
  expect([sent('a/web', service('b/other', [80]), own, deployment('a/other')), sent('a/other', service('b/other', [80]), own, deployment('a/web'))]).toEqual([KNOWN, UNKNOWN]);
});

test('a pod of a namespace that istiod doesn\'t read is neither a server nor one whose name clients accept', () => {
  const read = (...namespaces: string[]) => namespaces.map((name) => namespace(name, { 'istio-injection': 'enabled', 'read': 'yes' }));
  const own = deployment('a/own', { labels: { app: 'api' }, spec: { serviceAccountName: 'own' } });
  const selected = (...namespaces: unknown[]) => mesh([namespaces, own, deployment('a/web'), pod, slice, service('a/api', ['tcp:80']), meshConfig({ discoverySelectors: [{ matchLabels: { read: 'yes' } }] })]);
  const found = (one: ReturnType<typeof mesh>) => [...one.connections()].filter(({ client }) => client.name === 'web').map(({ server, outcome, clientTls }) => `${server?.name} ${clientTls} ${outcome}`);
  const names = (one: ReturnType<typeof mesh>) => [...one.planes.of('default').namesOf(one.registry.byHost.get('api.a.svc.cluster.local')![0])];
  const [without, withIt] = [selected(read('a'), namespace('b', { 'istio-injection': 'enabled' })), selected(read('a', 'b'))];
  expect([found(without), names(without)]).toEqual([['own ISTIO_MUTUAL mtls'], ['spiffe://cluster.local/ns/a/sa/own']]);
  expect([found(withIt), names(withIt)]).toEqual([['own ISTIO_MUTUAL mtls', 'api ISTIO_MUTUAL mtls'], ['spiffe://cluster.local/ns/a/sa/own', 'spiffe://cluster.local/ns/b/sa/default']]);
});
