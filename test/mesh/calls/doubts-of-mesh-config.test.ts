import {
  calls, connections, deployment, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, toHost,
  virtualService, workloadEntry,
} from '../../support/meshes/mesh';

const server = (ports: (string | object)[] = ['http:80']) => [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ports)];
const reasons = (config: object, objects: unknown[] = server()) =>
  connections([objects, meshConfig(config)]).filter(({ client }) => client.name === 'client').map(({ undecidedBecause, serverMode }) => undecidedBecause ?? serverMode);

test.each([
  [{ proxyHttpPort: 15002 }, 'own-listener'], [{ proxyHttpPort: 0 }, 'PERMISSIVE'], [{ proxyListenPort: 80 }, 'own-listener'], [{ proxyInboundListenPort: 15007 }, 'PERMISSIVE'],
  [{ configSources: [{ address: 'xds://config:15010' }] }, 'unknown-discovery'], [{ configSources: [{ address: 'k8s://' }, {}] }, 'unknown-discovery'],
  [{ configSources: [{ address: 'k8s://' }] }, 'PERMISSIVE'], [{ configSources: [] }, 'PERMISSIVE'],
  [{ meshMTLS: { cipherSuites: ['AES128-SHA', 'none'] } }, 'server-proxy-not-modelled'], [{ meshMTLS: { cipher_suites: ['AES128-SHA'] } }, 'PERMISSIVE'], [{ protocolDetectionTimeout: '5s' }, 'PERMISSIVE'],
])('with mesh config %j, a call is %s', (config, expected) => {
  expect(reasons(config)).toEqual([expected]);
});

test('calls to the sidecar\'s proxyListenPort are undecided', () => {
  const there = server([{ name: 'tcp', port: 15001, targetPort: 80 }]);
  expect([reasons({}, there), reasons({ proxyListenPort: 9 }, there)]).toEqual([['own-listener'], ['PERMISSIVE']]);
});

test('calls to a port on which the server\'s proxy listens are undecided', () => {
  expect([reasons({}, server(['tcp:15006'])), reasons({ proxyInboundListenPort: 80 }), reasons({ proxyListenPort: 80 }, server(['tcp:80']))]).toEqual([['server-proxy-not-modelled'], ['server-proxy-not-modelled'], ['own-listener']]);
});

test.each([
  ['a pod', deployment('a/vm')],
  ['a machine', workloadEntry('a/vm', { address: '192.0.2.9', labels: { app: 'vm' }, serviceAccount: 'vm' })],
])('portLevelMtls doesn\'t apply to a port of the proxy itself: on %s', (_, one) => {
  const policy = peerAuthentication('a/vm', { selector: { matchLabels: { app: 'vm' } }, portLevelMtls: { 80: { mode: 'STRICT' } } });
  const objects = [injected('a'), deployment('a/client'), one, service('a/vm', [{ name: 'http', port: 81, targetPort: 80 }]), policy];
  const modes = (config: object) => connections([objects, meshConfig(config)]).flatMap(({ client, serverMode }) => (client.name === 'client' ? [serverMode] : []));
  expect([modes({}), modes({ proxyInboundListenPort: 80 })]).toEqual([['STRICT'], ['PERMISSIVE']]);
});

test('HTTP isn\'t matched by name on a port that sidecars themselves listen on', () => {
  const toPort = (port: number, config: object) => connections([server([{ name: 'http', port, targetPort: 80 }]), meshConfig(config), peerAuthentication('a/p', mode('STRICT'))])
    .filter(({ client }) => client.name === 'client').map(({ outcome }) => outcome);
  expect([toPort(15006, {}), toPort(15007, {}), toPort(15007, { proxyInboundListenPort: 15007 })]).toEqual([['broken'], ['mtls'], ['broken']]);
});

test.each([
  [{ mode: 'ALLOW_ANY_DYNAMIC_DNS', tls: { mode: 'SIMPLE' } }, 'dynamic-dns'], [{ mode: 'ALLOW_ANY_DYNAMIC_DNS', tls: { mode: 1 } }, 'dynamic-dns'],
  [{ mode: 'ALLOW_ANY_DYNAMIC_DNS', tls: { mode: 'DISABLE' } }, 'PERMISSIVE'], [{ mode: 'ALLOW_ANY_DYNAMIC_DNS', tls: {} }, 'PERMISSIVE'], [{ mode: 'ALLOW_ANY_DYNAMIC_DNS' }, 'PERMISSIVE'],
  [{ mode: 'ALLOW_ANY', tls: { mode: 'SIMPLE' } }, 'PERMISSIVE'],
])('HTTP to a service that the Sidecar doesn\'t import, with outboundTrafficPolicy %j: %s', (outboundTrafficPolicy, expected) => {
  const unknown = (ports: string[]) => [server(ports), sidecar('a/s', { workloadSelector: { labels: { app: 'client' } }, egress: [{ hosts: ['b/*'] }] })];
  expect([reasons({ outboundTrafficPolicy }, unknown(['http:80'])), reasons({ outboundTrafficPolicy }, unknown(['tcp:80']))]).toEqual([[expected], ['PERMISSIVE']]);
});

test('meshMTLS settings leave a WorkloadEntry\'s proxy unknown too', () => {
  const entry = [injected('a'), deployment('a/client'), serviceEntry('a/e', { hosts: ['m.example.com'], resolution: 'STATIC', location: 'MESH_INTERNAL', workloadSelector: { labels: { app: 'm' } }, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }),
    workloadEntry('a/m', { address: '192.0.2.1', labels: { 'app': 'm', 'security.istio.io/tlsMode': 'istio' } })];
  expect([reasons({}, entry), reasons({ meshMTLS: { cipherSuites: ['none'] } }, entry)]).toEqual([['PERMISSIVE'], ['server-proxy-unknown']]);
});

test('an unreadable mesh config leaves calls undecided if their routes may be rejected', () => {
  const objects = [injected('a'), deployment('a/w'), serviceEntry('a/e', { hosts: ['*.a.svc.cluster.local'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] })];
  const unreadable = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: '{"proxyListenPort":80,"proxyListenPort":80}' } };
  expect([objects, [...objects, unreadable]].map((all) => connections(all).map(({ undecidedBecause }) => undecidedBecause))).toEqual([['refused-routes'], ['mesh-config']]);
});

test('a client\'s call to itself whose path is unknown may go elsewhere', () => {
  const objects = [
    injected('a'), deployment('a/alone'), service('a/alone', ['main:80'], { clusterIP: 'None' }), service('b/other', ['http:80'], { selector: undefined }),
    meshConfig({ discoverySelectors: [{ matchExpressions: [{ key: 'dataplane', operator: 'DoesNotExist' }] }] }),
    virtualService('a/v', { hosts: ['alone.a.svc.cluster.local'], http: [toHost('other.b.svc.cluster.local')] }),
  ];
  expect(calls(objects, 'a/alone', 'alone.a:80')).toEqual(['alone.a:80 → nobody UNKNOWN UNKNOWN undecided']);
  expect(calls(objects.slice(0, 3), 'a/alone', 'alone.a:80')).toEqual([]);
});

test('HTTP calls are undecided if their listener depends on a ServiceEntry that istiod may not discover', () => {
  const objects = [
    injected('a'), deployment('a/alone'), service('a/alone', ['main:80'], { clusterIP: 'None' }),
    serviceEntry('b/other', { hosts: ['other.example.com'], ports: [{ number: 80, name: 'main' }] }),
    meshConfig({ discoverySelectors: [{ matchExpressions: [{ key: 'dataplane', operator: 'DoesNotExist' }] }] }),
    virtualService('a/v', { hosts: ['alone.a.svc.cluster.local'], http: [toHost('gone.a.svc.cluster.local')] }),
  ];
  expect(calls(objects, 'a/alone', 'alone.a:80')).toEqual([
    'alone.a:80 → nobody UNKNOWN UNKNOWN undecided', 'other.example.com:80 → nobody UNKNOWN UNKNOWN undecided',
  ]);
});

describe('an unreadable mesh config', () => {
  const written = (text: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: text } });
  const plain = [namespace('b', {}), deployment('b/plain'), service('b/plain')];

  test('leaves all calls of sidecars undecided, since istiod\'s last readable config is unknown', () => {
    const found = connections([server(), plain, written('{enableAutoMtls: "no"}')]).map(({ client, server: taker, undecidedBecause, outcome }) =>
      [client.name, taker?.name, undecidedBecause ?? outcome].join(' '));
    expect(found.sort()).toEqual([
      'client plain mesh-config', 'client web mesh-config', 'plain web mesh-config',
      // A call to itself, which may end elsewhere.
      'web  mesh-config', 'web plain mesh-config',
    ]);
  });

  test('names the ConfigMap as the reason', () => {
    const made = mesh([server(), written('trustDomain: 5')]);
    expect([...made.connections()][0]).toMatchObject({
      because: expect.arrayContaining([expect.objectContaining({ kind: 'ConfigMap', name: 'istio', field: 'data.mesh', effect: expect.stringMatching(/^istiod can't read it/) })]),
    });
    expect(made.missingFacts()).toEqual([{ need: 'mesh-config', subject: 'ConfigMap istio-system/istio', connections: expect.any(Number) }]);
    expect(made.notes).toEqual([expect.stringMatching(/can't read: a running istiod keeps the last one/)]);
  });

  test('pods without sidecars call each other as before', () => {
    const found = connections([plain, deployment('b/other'), written('trustDomain: 5')]);
    expect(found.map(({ outcome }) => outcome)).toEqual(['plaintext']);
  });
});
