import { sidecarReceiversOf } from '../../../../src/mesh/dataplane/sidecar/sidecar-receivers';
import { calls, connections, deployment, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, destinationRule, words, workloadEntry } from '../../../support/meshes/mesh';

const STRICT = peerAuthentication('istio-system/p', mode('STRICT'));
const world = (server: object, ...more: unknown[]) => [injected('a'), namespace('plain'), deployment('a/client'), deployment('a/server', server), service('a/server'), STRICT, more];

test('no mode is enforced without a sidecar', () => {
  const objects = [injected('a'), namespace('b'), deployment('a/client'), deployment('b/server'), service('b/server'), STRICT];
  expect(words(objects, 'a/client', 'server.b')).toEqual(['PLAINTEXT NO_PROXY plaintext']);
});

test.each([
  [{ 'traffic.sidecar.istio.io/excludeInboundPorts': '79, 80' }, 'NO_PROXY'],
  [{ 'traffic.sidecar.istio.io/excludeInboundPorts': '80', 'traffic.sidecar.istio.io/includeInboundPorts': '*' }, 'NO_PROXY'],
  [{ 'traffic.sidecar.istio.io/excludeInboundPorts': '80', 'traffic.sidecar.istio.io/includeInboundPorts': '80' }, 'STRICT'],
  [{ 'traffic.sidecar.istio.io/includeInboundPorts': '81' }, 'NO_PROXY'],
  [{ 'traffic.sidecar.istio.io/includeInboundPorts': '' }, 'NO_PROXY'],
  [{ 'status.sidecar.istio.io/port': '80' }, 'NO_PROXY'],
  [{ 'sidecar.istio.io/interceptionMode': 'NONE' }, 'UNKNOWN'],
  [{ 'traffic.sidecar.istio.io/excludeInterfaces': 'eth1' }, 'UNKNOWN'],
  [{}, 'STRICT'],
])('a port is intercepted unless annotations or the mode say otherwise: %j', (annotations, expected) => {
  expect(words(world({ annotations }), 'a/client', 'server.a')[0].split(' ')[1]).toBe(expected);
});

test.each([
  [{}, 'STRICT'], [{ bind: '' }, 'STRICT'], [{ captureMode: 'DEFAULT' }, 'STRICT'], [{ bind: '0.0.0.0' }, 'UNKNOWN'], [{ captureMode: 'NONE' }, 'UNKNOWN'],
])('a Sidecar\'s ingress listener is known to receive the intercepted port: %j', (own, expected) => {
  const ingress = [{ port: { number: 80, protocol: 'HTTP' }, defaultEndpoint: '127.0.0.1:80', ...own }];
  expect(words(world({}, sidecar('a/s', { workloadSelector: { labels: { app: 'server' } }, ingress })), 'a/client', 'server.a')[0].split(' ')[1]).toBe(expected);
});

test('auto mTLS to an excluded inbound port breaks, since the endpoint still has the tlsMode label', () => {
  const annotations = { 'traffic.sidecar.istio.io/excludeInboundPorts': '80' };
  expect(words(world({ annotations }), 'a/client', 'server.a')).toEqual(['ISTIO_MUTUAL NO_PROXY broken']);
});

test.each([15090, 15021, 15020])('Istio\'s own port %i is never intercepted', (port) => {
  const objects = [injected('a'), deployment('a/client'), deployment('a/server'), service('a/server', [{ port: 80, targetPort: port }]), STRICT];
  expect(words(objects, 'a/client', 'server.a')).toEqual(['ISTIO_MUTUAL NO_PROXY broken']);
});

test.each([
  ['gateway', { annotations: { 'inject.istio.io/templates': 'gateway' } }],
  ['gRPC agent', { annotations: { 'inject.istio.io/templates': 'grpc-agent' } }],
])('policies don\'t apply to a %s, and clients send it plaintext', (_, server) => {
  const [line] = connections(world(server)).filter(({ client }) => client.name === 'client');
  expect([line.clientTls, line.serverMode, line.outcome, line.undecidedBecause]).toEqual(['PLAINTEXT', 'UNKNOWN', 'undecided', 'server-proxy-not-modelled']);
});

describe('TLS other than the mesh\'s', () => {
  const simple = (port: string, policy: string, ...more: unknown[]) => words([
    injected('a'), deployment('a/client'), deployment('a/server'), service('a/server', [port]),
    peerAuthentication('a/p', mode(policy)), destinationRule('a/d', { host: 'server', ...tls('SIMPLE') }), more,
  ], 'a/client', 'server.a');

  test.each([
    ['tcp:80', 'PERMISSIVE', 'tls'], ['tcp:80', 'DISABLE', 'tls'], ['tcp:80', 'STRICT', 'broken'],
    ['80', 'PERMISSIVE', 'tls'], ['http:80', 'PERMISSIVE', 'broken'], ['http:80', 'DISABLE', 'broken'], ['https:80', 'DISABLE', 'tls'],
  ])('to port %s, of application protocol %s: %s', (port, policy, outcome) => {
    expect(simple(port, policy)).toEqual([`SIMPLE ${policy} ${outcome}`]);
  });

  test('of several services on one port the first by host sets the protocol', () => {
    expect(simple('tcp:80', 'PERMISSIVE', service('a/another', ['http:80'], { selector: { app: 'server' } }))).toEqual(['SIMPLE PERMISSIVE broken']);
    expect(simple('http:80', 'PERMISSIVE', service('a/zebra', ['tcp:80'], { selector: { app: 'server' } }))).toEqual(['SIMPLE PERMISSIVE broken']);
  });

  test('the oldest service sets it, before the first by host', () => {
    const old = service('a/zebra', ['http:80'], { selector: { app: 'server' }, creationTimestamp: '2020-01-01T00:00:00Z' });
    expect(simple('tcp:80', 'PERMISSIVE', old)).toEqual(['SIMPLE PERMISSIVE broken']);
  });

  test('a Sidecar\'s ingress ports override it, and all other ports are sniffed', () => {
    const ingress = (number: number) => sidecar('a/s', { ingress: [{ port: { number, protocol: 'HTTP', name: 'in' }, defaultEndpoint: '127.0.0.1:1' }] });
    expect(simple('tcp:80', 'PERMISSIVE', ingress(80))).toEqual(['SIMPLE PERMISSIVE broken']);
    expect(simple('http:80', 'PERMISSIVE', ingress(81))).toEqual(['SIMPLE PERMISSIVE tls']);
  });
});

describe('the mode of machines', () => {
  const entry = (machine: object, ...more: unknown[]) => [injected('a'), deployment('a/client'), STRICT,
    serviceEntry('a/e', { hosts: ['vm.example.com'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { app: 'vm' } } }),
    workloadEntry('a/vm', { address: '192.0.2.1', labels: { app: 'vm' }, ...machine }), more];

  test('a WorkloadEntry with a service account has a sidecar, and policies apply to it', () => {
    expect(calls(entry({ serviceAccount: 'vm' }), 'a/client', 'vm.example.com')).toEqual(['vm.example.com:80 → a/vm:80 ISTIO_MUTUAL STRICT mtls']);
    const own = peerAuthentication('a/vm', { selector: { matchLabels: { app: 'vm' } }, ...mode('DISABLE') });
    expect(words(entry({ serviceAccount: 'vm' }, own), 'a/client', 'vm.example.com')).toEqual(['PLAINTEXT DISABLE plaintext']);
  });

  test('a WorkloadEntry without a service account has no sidecar', () => {
    expect(words(entry({}), 'a/client', 'vm.example.com')).toEqual(['PLAINTEXT NO_PROXY plaintext']);
  });

  test('the tlsMode label overrides the service account', () => {
    const labels = { 'app': 'vm', 'security.istio.io/tlsMode': 'disabled' };
    expect(words(entry({ serviceAccount: 'vm', labels }), 'a/client', 'vm.example.com')).toEqual(['PLAINTEXT NO_PROXY plaintext']);
  });

  test('a ServiceEntry endpoint with the tlsMode label is undecided', () => {
    const listed = serviceEntry('a/e', { hosts: ['vm.example.com'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], endpoints: [{ address: '192.0.2.1', serviceAccount: 'vm' }] });
    expect(words([injected('a'), deployment('a/client'), listed], 'a/client', 'vm.example.com')).toEqual(['ISTIO_MUTUAL UNKNOWN undecided']);
    expect(connections([injected('a'), deployment('a/client'), listed])[0].undecidedBecause).toBe('server-proxy-unknown');
  });
});

test('each revision has its own mesh config and root namespace', () => {
  const objects = [namespace('a', { 'istio.io/rev': 'canary' }), injected('b'), deployment('a/client'), deployment('a/server'), service('a/server'),
    deployment('b/server'), service('b/server'), meshConfig({ rootNamespace: 'one' }, 'istio-canary'), meshConfig({ rootNamespace: 'two' }),
    peerAuthentication('one/p', mode('STRICT')), peerAuthentication('two/p', mode('PERMISSIVE'))];
  expect(words(objects, 'a/client', 'server.a')).toEqual(['ISTIO_MUTUAL STRICT mtls']);
  expect(words(objects, 'a/client', 'server.b')).toEqual(['ISTIO_MUTUAL PERMISSIVE mtls']);
});

describe('the reason for a server\'s mode', () => {
  test.each([
    ['a workload without a sidecar', { labels: { 'sidecar.istio.io/inject': 'false' } }, 'NO_PROXY', 'sidecar.istio.io/inject is false'],
    ['a gateway, whose mode is unknown', { annotations: { 'inject.istio.io/templates': 'gateway' } }, 'UNKNOWN', 'its proxy is router: inject.istio.io/templates is gateway'],
    ['a sidecar without interception, whose mode is unknown', { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } }, 'UNKNOWN', 'its sidecar binds ports instead of intercepting them, or leaves interfaces out'],
    ['an excluded port', { annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '80' } }, 'NO_PROXY', 'traffic.sidecar.istio.io/excludeInboundPorts is 80'],
    ['no reason if policies are enforced', {}, 'STRICT', undefined],
  ])('%s', (_, server, expected, because) => {
    const whole = mesh([injected('a'), deployment('a/server', server), STRICT]);
    const found = whole.dataPlanes.accept(whole.workloads[0], 80);
    expect([found.mode, found.because, found.enforced!.mode]).toEqual([expected, because, 'STRICT']);
  });

  test.each([
    ['a machine without sidecar', {}, { 'a/vm': {} }, ['NO_PROXY', 'no proxy is known in front of it', undefined]],
    ['a machine with a sidecar', {}, { 'a/vm': { serviceAccount: 'vm' } }, ['STRICT', undefined, 'STRICT']],
    ['an endpoint of a ServiceEntry with a sidecar', { endpoints: [{ address: '192.0.2.1', serviceAccount: 'vm' }], workloadSelector: undefined }, {}, ['UNKNOWN', 'an endpoint inside a ServiceEntry: its sidecar is configured elsewhere', undefined]],
  ])('%s', (_, spec, machines, expected) => {
    const entry = serviceEntry('a/e', { hosts: ['vm.example.com'], resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { app: 'vm' } }, ...spec });
    const whole = mesh([entry, Object.entries(machines).map(([path, machine]) => workloadEntry(path, { address: '192.0.2.1', labels: { app: 'vm' }, ...machine })), STRICT]);
    const [one] = whole.registry.services;
    const found = sidecarReceiversOf(whole.planes.default).ofMachine(whole.registry.endpointsOf(one, one.ports[0])[0]);
    expect([found.mode, found.because, found.enforced?.mode]).toEqual(expected);
  });
});

describe('the protocol of a port', () => {
  const protocolOf = (port: number, ...more: unknown[]) => {
    const whole = mesh([injected('a'), deployment('a/server'), more]);
    return whole.dataPlanes.accept(whole.workloads[0], port).protocol;
  };

  test('comes from the service; ports without a service are sniffed', () => {
    expect(protocolOf(80, service('a/server', ['http:80']))).toMatchObject({ protocol: 'HTTP', service: { name: 'server' } });
    expect(protocolOf(81, service('a/server', ['http:80']))).toEqual({ protocol: 'AUTO' });
    expect(protocolOf(80)).toEqual({ protocol: 'AUTO' });
  });

  test('comes from the first by host of a Service and a ServiceEntry of the same age', () => {
    const entry = serviceEntry('a/e', { hosts: ['server.a.example.com'], resolution: 'STATIC', ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }], workloadSelector: { labels: { app: 'server' } } });
    expect(protocolOf(80, service('a/server', ['http:80']), entry)).toMatchObject({ protocol: 'TCP', service: { name: 'e' } });
    expect(protocolOf(80, service('a/server', ['http:80'], { creationTimestamp: '2020-01-01T00:00:00Z' }), entry)).toMatchObject({ protocol: 'HTTP', service: { name: 'server' } });
  });

  test('is a Sidecar\'s, and sniffed on the ports that the Sidecar leaves out', () => {
    const listed = sidecar('a/s', { ingress: [{ port: { number: 80, protocol: 'TCP', name: 'in' }, defaultEndpoint: '127.0.0.1:1' }] });
    expect([80, 81].map((port) => protocolOf(port, service('a/server', ['http:80', 'http-2:81']), listed))).toMatchObject([{ protocol: 'TCP', sidecar: { name: 's' } }, { protocol: 'AUTO' }]);
  });

  test('of a WorkloadEntry comes from the service too', () => {
    const entry = serviceEntry('a/e', { hosts: ['vm.example.com'], resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { app: 'vm' } } });
    const whole = mesh([entry, workloadEntry('a/vm', { address: '192.0.2.1', labels: { app: 'vm' }, serviceAccount: 'vm' })]);
    const [one] = whole.registry.services;
    expect(sidecarReceiversOf(whole.planes.default).ofMachine(whole.registry.endpointsOf(one, one.ports[0])[0]).protocol).toMatchObject({ protocol: 'HTTP', service: { name: 'e' } });
  });

  test.each<[string, object, object]>([
    ['with the port itself as target', { port: 80, name: 'http' }, { protocol: 'HTTP', service: { name: 'vm' } }],
    ['with a number as target', { port: 8080, name: 'http', targetPort: 80 }, { protocol: 'HTTP', service: { name: 'vm' } }],
    ['with another number as target', { port: 80, name: 'http', targetPort: 81 }, { protocol: 'TCP', service: { name: 'e' } }],
    ['with a name as target, which a proxy without a known workload can\'t resolve', { port: 80, name: 'http', targetPort: 'web' }, { protocol: 'TCP', service: { name: 'e' } }],
  ])('of a machine that no Service selects is that of the Services of its labels: %s', (_, port, expected) => {
    const entry = serviceEntry('a/e', { hosts: ['vm.example.com'], resolution: 'STATIC', ports: [{ number: 80, name: 'tcp', protocol: 'TCP' }], workloadSelector: { labels: { app: 'vm' } } });
    const machine = workloadEntry('a/vm', { address: '192.0.2.1', labels: { app: 'vm' }, serviceAccount: 'vm', ports: { web: 80 } });
    const whole = mesh([entry, machine, service('a/vm', [port], { creationTimestamp: '2020-01-01T00:00:00Z' })], { istiodEnv: { PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES: 'false' } });
    const [ofService, [server]] = ['vm.a.svc.cluster.local', 'vm.example.com'].map((host) => whole.registry.byHost.get(host)!).map(([one]) => whole.registry.endpointsOf(one, one.ports[0]));
    expect(ofService).toEqual([]);
    expect(sidecarReceiversOf(whole.planes.default).ofMachine(server).protocol).toMatchObject(expected);
  });
});
