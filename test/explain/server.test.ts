import { explain } from '../../src/explain/explanation';
import { callsNamed, workloadsNamed } from '../../src/mesh/queries/selection';
import {
  deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, workloadEntry,
} from '../support/meshes/mesh';

const WEB = [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ['http:80'])];

function first(objects: unknown[], client = 'a/client', called = 'a/web:80') {
  const one = mesh(objects);
  return explain(one, workloadsNamed(one, client)[0], callsNamed(one, called)[0], []).connections[0];
}

test('lists policies that others override', () => {
  const { server } = first([
    WEB, namespace('istio-system'),
    peerAuthentication('a/web', { selector: { matchLabels: { app: 'web' } }, portLevelMtls: { 80: mode('PERMISSIVE').mtls } }),
    peerAuthentication('a/younger', { selector: { matchLabels: { app: 'web' } }, ...mode('STRICT') }),
    peerAuthentication('a/default', mode('STRICT')),
    peerAuthentication('istio-system/default', {}),
    peerAuthentication('istio-system/selecting', { selector: { matchLabels: { app: 'web' } }, ...mode('DISABLE') }),
  ]);
  expect(server!.policies.map(({ object: { namespace: space, name }, level, mode: said, verdict }) => `${space}/${name} ${level} ${said} ${verdict}`)).toEqual([
    'a/web port PERMISSIVE decides', 'a/younger port STRICT older', 'a/default namespace STRICT narrower', 'istio-system/default mesh UNSET unset',
    'istio-system/selecting workload DISABLE root-selector',
  ]);
});

test.each([
  ['a port that a service names', WEB, [{ kind: 'http', filterChain: '0.0.0.0_80', cluster: 'inbound|80||' }]],
  ['a Sidecar\'s listener', [WEB, sidecar('a/s', { workloadSelector: { labels: { app: 'web' } }, ingress: [{ port: { number: 80, protocol: 'HTTP', name: 'p' }, defaultEndpoint: '127.0.0.1:80' }] })], [{ kind: 'http', filterChain: '<podIP>_80', cluster: 'inbound|80||' }]],
  ['a port that none names', [WEB, sidecar('a/s', { workloadSelector: { labels: { app: 'web' } }, ingress: [{ port: { number: 81, protocol: 'HTTP', name: 'p' }, defaultEndpoint: '127.0.0.1:81' }] })], [{ kind: 'http', filterChain: 'virtualInbound-catchall-http', cluster: 'InboundPassthroughCluster' }]],
  ['plaintext to STRICT', [WEB, destinationRule('a/web', { host: 'web', ...tls('DISABLE') }), peerAuthentication('a/default', mode('STRICT'))], []],
  ['a name that it doesn\'t have', [WEB, destinationRule('a/web', { host: 'web', ...tls('ISTIO_MUTUAL', { subjectAltNames: ['x'] }) })], [{ kind: 'http', filterChain: '0.0.0.0_80', cluster: 'inbound|80||' }]],
  ['no sidecar', [WEB, deployment('a/web', { spec: {}, labels: { 'app': 'web', 'sidecar.istio.io/inject': 'false' } })], []],
])('%s', (_, objects, inbound) => {
  expect(first(objects as unknown[]).server!.inbound).toEqual(inbound);
});

test.each([
  ['no', [], [{ kind: 'http', filterChain: '0.0.0.0_80', cluster: 'inbound|80||' }]],
  ['one that isn\'t read', [namespace('b')], [{ kind: 'http', filterChain: '0.0.0.0_80', cluster: 'inbound|80||' }]],
  ['one that is read', [injected('b')], [{ kind: 'http', filterChain: 'virtualInbound-catchall-http', cluster: 'InboundPassthroughCluster' }]],
  ['one that may be read', [], []],
])('by %s WorkloadEntry at the pod\'s address', (said, more, inbound) => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'a', labels: { app: 'web' } }, spec: {}, status: { podIP: '10.130.0.1' } };
  const entry = said === 'no' ? [] : [workloadEntry('b/m', { address: '10.130.0.1', labels: { app: 'm' } })];
  const config = meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] });
  const { server } = first([injected('a'), deployment('a/client'), pod, service('a/web', ['http:80']), config, entry, more]);
  expect([server!.object!.kind, server!.inbound]).toEqual(['Pod', inbound]);
});

// Which of the two ports applies is chance: TCP passes TLS through, HTTP rejects it.
test.each([
  ['both take TCP', 'TCP', [{ kind: 'tcp', filterChain: '0.0.0.0_8080', cluster: 'inbound|8080||' }]],
  ['one may take HTTP alone', 'HTTP', []],
])('TLS passthrough on a port that two service ports target: %s', (_, protocol, inbound) => {
  const entry = serviceEntry('a/entry', {
    hosts: ['two.example.com'],
    location: 'MESH_INTERNAL',
    workloadSelector: { labels: { app: 'web' } },
    ports: [{ number: 80, name: 'one', targetPort: 8080 }, { number: 8080, name: 'two', protocol }],
  });
  const objects = [WEB, entry, destinationRule('a/two', { host: 'two.example.com', ...tls('ISTIO_MUTUAL') }), peerAuthentication('a/default', mode('DISABLE'))];
  expect(first(objects, 'a/client', 'two.example.com:80').server!.inbound.filter(({ kind }) => kind === 'tcp')).toEqual(inbound);
});

test('a WorkloadEntry has the identity of its service account', () => {
  const objects = [WEB, workloadEntry('a/vm', { address: '192.0.2.9', labels: { app: 'vm' }, serviceAccount: 'vm' }), service('a/vm', ['http:80'])];
  expect(first(objects, 'a/client', 'a/vm:80').server).toMatchObject({ object: { kind: 'WorkloadEntry', name: 'vm' }, identity: 'spiffe://cluster.local/ns/a/sa/vm' });
});
