import { plaintextCounts } from '../../../src/mesh/calls/plaintext';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, serviceEntry, tls } from '../../support/meshes/mesh';

const told = (...objects: unknown[]) => plaintextCounts(mesh(objects).decisions)
  .map(({ reason, connections, namespaces }) => [reason, connections, [...namespaces].sort()]);
const WEB = [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ['http:80'])];

test('without plaintext there is no reason', () => {
  expect(told(WEB)).toEqual([]);
});

test.each<[string, unknown[], unknown[]]>([
  ['clients without sidecars, in their namespaces', [WEB, deployment('b/one'), deployment('c/two'), injected('d'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b' } }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'c' } }], ['client-without-sidecar', 2, ['b', 'c']]],
  ['a sidecar that istiod doesn\'t know', [
    injected('a'), deployment('a/client'), deployment('a/web', { labels: { 'app': 'web', 'security.istio.io/tlsMode': 'disabled' } }), service('a/web', ['http:80']),
  ], ['unknown-sidecar', 1, []]],
  ['a server without a sidecar', [injected('a'), deployment('a/client'), deployment('a/web', { labels: { 'app': 'web', 'sidecar.istio.io/inject': 'false' } }), service('a/web', ['http:80'])], ['server-without-sidecar', 1, ['a']]],
  ['a DestinationRule', [WEB, destinationRule('a/web', { host: 'web', ...tls('DISABLE') })], ['rule', 1, []]],
  ['a PeerAuthentication', [WEB, peerAuthentication('a/default', mode('DISABLE'))], ['policy', 1, []]],
  ['a server outside the mesh', [injected('a'), deployment('a/client'), serviceEntry('a/bank', { hosts: ['bank.example'], resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] })], ['external', 1, []]],
  ['another server of a headless Service', [injected('a'), deployment('a/client'), deployment('a/one', { labels: { app: 'web' } }), deployment('a/two', { labels: { 'app': 'web', 'sidecar.istio.io/inject': 'false' } }), service('a/web', ['http:80'], { clusterIP: 'None' })],
    ['not-all-servers', expect.any(Number), []]],
])('the reason for plaintext is %s', (_, objects, expected) => {
  expect(told(...objects)).toContainEqual(expected);
});
