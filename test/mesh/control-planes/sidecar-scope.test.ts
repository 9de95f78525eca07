import { calls, connections, deployment, destinationRule, injected, meshConfig, mode, peerAuthentication, service, serviceEntry, sidecar, tls, virtualService, words } from '../../support/meshes/mesh';

const world = (...more: unknown[]) => [injected('a', 'b', 'c'), deployment('a/client', { labels: { app: 'client', tier: 'front' } }), deployment('b/server'), service('b/server'), more];
const THROUGH = ['ISTIO_MUTUAL PERMISSIVE mtls'];
const PAST = ['PLAINTEXT PERMISSIVE plaintext'];
const BLOCKED = ['PLAINTEXT PERMISSIVE broken'];
const outcome = (...more: unknown[]) => words(world(more), 'a/client', 'server.b');
const egress = (...hosts: string[]) => sidecar('a/s', { egress: [{ hosts }] });

describe('exportTo', () => {
  test.each([['*', THROUGH], ['.', PAST], ['~', PAST], ['a', THROUGH], ['c', PAST], ['c, a', THROUGH], ['~,a', PAST], ['~,*', ['UNKNOWN UNKNOWN undecided']], ['b', PAST]])('%s', (exportTo, expected) => {
    expect(outcome(service('b/server', [80], { annotations: { 'networking.istio.io/exportTo': exportTo } }))).toEqual(expected);
  });

  test('defaultServiceExportTo applies without it', () => {
    expect(outcome(meshConfig({ defaultServiceExportTo: ['.'] }))).toEqual(PAST);
    expect(outcome(meshConfig({ defaultServiceExportTo: [] }))).toEqual(THROUGH);
  });

  test('a private service is visible in its own namespace', () => {
    const own = service('b/server', [80], { annotations: { 'networking.istio.io/exportTo': '.' } });
    expect(words(world(own, deployment('b/other')), 'b/other', 'server.b')).toEqual(THROUGH);
  });
});

describe('a Sidecar\'s egress hosts', () => {
  test.each([
    ['all services are imported', ['*/*'], THROUGH],
    ['all of a namespace are imported', ['b/*'], THROUGH],
    ['all of its own namespace hide the service', ['./*'], PAST],
    ['all of another namespace hide the service', ['c/*'], PAST],
    ['the service is imported by its host', ['b/server.b.svc.cluster.local'], THROUGH],
    ['the service is imported by its host from any namespace', ['*/server.b.svc.cluster.local'], THROUGH],
    ['another service hides the service', ['b/other.b.svc.cluster.local'], PAST],
    ['a wildcard imports the service', ['*/*.b.svc.cluster.local'], THROUGH],
    ['no services hide the service', ['~/*'], PAST],
    ['an excluded host hides the service', ['b/*', '~b/server.b.svc.cluster.local'], PAST],
    ['a host that is excluded from any namespace hides the service', ['*/*', '~*/server.b.svc.cluster.local'], PAST],
    ['another namespace is excluded', ['*/*', '~c/*'], THROUGH],
    ['invalid hosts hide the service', ['nonsense', 'a/b/c'], PAST],
  ])('%s: %j', (_, hosts, expected) => {
    expect(outcome(egress(...hosts))).toEqual(expected);
  });

  test('without egress it imports everything', () => {
    expect(outcome(sidecar('a/s', { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }))).toEqual(THROUGH);
  });

  test('. is the client\'s namespace', () => {
    expect(words(world(sidecar('b/s', { egress: [{ hosts: ['./*'] }] }), deployment('b/other')), 'b/other', 'server.b')).toEqual(THROUGH);
  });
});

describe('which Sidecar applies', () => {
  const selecting = (path: string, labels: object, ...hosts: string[]) => sidecar(path, { workloadSelector: { labels }, egress: [{ hosts }] });

  test('one that selects the workload, before the namespace\'s', () => {
    expect(outcome(egress('~/*'), selecting('a/t', { app: 'client' }, '*/*'))).toEqual(THROUGH);
    expect(outcome(egress('*/*'), selecting('a/t', { app: 'other' }, '~/*'))).toEqual(THROUGH);
    expect(outcome(selecting('a/t', { app: 'client', tier: 'front' }, '~/*'))).toEqual(PAST);
  });

  test('of two that select the client, the first by name', () => {
    expect(outcome(selecting('a/t', { app: 'client' }, '*/*'), selecting('a/s', { tier: 'front' }, '~/*'))).toEqual(PAST);
  });

  test('the root namespace\'s if the client\'s namespace has none; . then means the client\'s namespace', () => {
    const root = (...hosts: string[]) => sidecar('istio-system/s', { egress: [{ hosts }] });
    expect(outcome(root('./*'))).toEqual(PAST);
    expect(outcome(root('./*'), egress('*/*'))).toEqual(THROUGH);
    expect(outcome(selecting('istio-system/s', { app: 'client' }, '~/*'))).toEqual(THROUGH);
    expect(outcome(root('./*'), selecting('a/s', { app: 'other' }, '*/*'))).toEqual(PAST);
    expect(words(world(root('./*'), deployment('b/other')), 'b/other', 'server.b')).toEqual(THROUGH);
  });

  test('not another namespace\'s', () => {
    expect(outcome(sidecar('c/s', { egress: [{ hosts: ['~/*'] }] }))).toEqual(THROUGH);
  });
});

describe('calls to unknown destinations', () => {
  const hidden = egress('~/*');
  test.each([
    [{ mode: 'REGISTRY_ONLY' }, BLOCKED], [{ mode: 'ALLOW_ANY' }, PAST], [{}, BLOCKED], [undefined, PAST], [{ mode: 1 }, PAST], [{ mode: 'ALLOW_ANY_DYNAMIC_DNS' }, PAST],
  ])('follow outboundTrafficPolicy %j of the mesh config', (outboundTrafficPolicy, expected) => {
    expect(outcome(hidden, meshConfig({ outboundTrafficPolicy }))).toEqual(expected);
  });

  test('a Sidecar\'s outboundTrafficPolicy overrides the mesh config\'s', () => {
    const policy = (own: object | undefined, mesh: string) => outcome(meshConfig({ outboundTrafficPolicy: { mode: mesh } }), sidecar('a/s', { egress: [{ hosts: ['~/*'] }], outboundTrafficPolicy: own }));
    expect(policy({ mode: 'REGISTRY_ONLY' }, 'ALLOW_ANY')).toEqual(BLOCKED);
    expect(policy({ mode: 'ALLOW_ANY' }, 'REGISTRY_ONLY')).toEqual(PAST);
    expect(policy({}, 'ALLOW_ANY')).toEqual(BLOCKED);
    expect(policy(undefined, 'REGISTRY_ONLY')).toEqual(BLOCKED);
  });

  test('are undecided if a Sidecar sends them to an egressProxy; calls to known destinations aren\'t', () => {
    const proxied = (host: string) => connections(world(sidecar('a/s', { egress: [{ hosts: [host] }], outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'proxy' } } })))[0];
    expect(proxied('~/*')).toMatchObject({ outcome: 'undecided', undecidedBecause: 'egress-proxy' });
    expect(proxied('*/*').outcome).toBe('mtls');
  });
});

test.each([[{ port: { number: 80, protocol: 'HTTP_PROXY' } }], [{ bind: '127.0.0.1' }], [{ captureMode: 'NONE' }]])('an egress listener %j leaves the call undecided', (own) => {
  const [one] = connections(world(sidecar('a/s', { egress: [{ hosts: ['*/*'], ...own }] })));
  expect(one).toMatchObject({ outcome: 'undecided', undecidedBecause: 'own-listener', clientTls: 'UNKNOWN' });
});

test('an egress listener with the number of a UDP port leaves the call undecided', () => {
  const dns = (transport: string) => connections(world(service('c/dns', [{ name: 'dns', port: 80, protocol: transport }]), sidecar('a/s', {
    egress: [{ port: { number: 80, protocol: 'HTTP' }, hosts: ['c/*'] }],
  })))[0];
  expect(dns('UDP')).toMatchObject({ undecidedBecause: 'own-listener' });
});

test('a workload\'s call to its own Service is undecided if its egress listener isn\'t modelled', () => {
  const own = (port?: object) => connections([injected('a'), deployment('a/web'), service('a/web', ['http:80']), sidecar('a/s', { egress: [{ hosts: ['*/*'], port }] })]);
  expect(own({ number: 80, protocol: 'HTTP_PROXY' })).toMatchObject([{ client: { name: 'web' }, server: { name: 'web' }, outcome: 'undecided', undecidedBecause: 'own-listener' }]);
  expect(own()).toEqual([]);
});

describe('an egress listener for a port', () => {
  const listener = (number: number, own: object = {}) => ({ port: { number, protocol: 'HTTP', name: 'own' }, hosts: ['*/*'], ...own });
  const listeners = (...all: object[]) => outcome(service('b/server', ['http:80']), service('c/server', ['http:80']), sidecar('a/s', { egress: all }));
  const others = { hosts: ['*/*'] };

  test.each<[string, object[], string[]]>([
    ['lets calls to imported services pass', [listener(80)], THROUGH],
    ['hides services that it doesn\'t import', [listener(80, { hosts: ['c/*'] })], PAST],
    ['leaves other ports without a listener if it is the only one', [listener(81)], PAST],
    ['leaves other ports to the listener without a port', [listener(81, { hosts: ['~/*'] }), others], THROUGH],
    ['hides HTTP services that only the listener without a port imports', [listener(80, { hosts: ['c/*'] }), others], PAST],
    ['without services has no routes for services that the listener without a port imports', [listener(80, { hosts: ['~/*'] }), others], PAST],
    ['of protocol TCP lets calls to addresses of HTTP services pass', [listener(80, { port: { number: 80, protocol: 'TCP', name: 'own' } })], THROUGH],
    ['with bind leaves calls to other ports decided', [listener(81, { bind: '127.0.0.1' }), others], THROUGH],
    ['of protocol http_proxy leaves calls undecided', [listener(80, { port: { number: 80, protocol: 'http_proxy', name: 'own' } })], ['UNKNOWN PERMISSIVE undecided']],
    ['with captureMode IPTABLES lets calls pass', [listener(80, { captureMode: 'IPTABLES' })], THROUGH],
  ])('%s', (_, all, expected) => {
    expect(listeners(...all)).toEqual(expected);
  });

  test('is undecided if it also imports a service with a UDP port of that number', () => {
    const udp = (name: string) => service(name, [{ name: 'dns', port: 80, protocol: 'UDP' }]);
    const hosts = { hosts: ['b/*', 'c/*'] };
    expect(outcome(service('b/server', ['http:80']), udp('c/dns'), sidecar('a/s', { egress: [listener(80, hosts)] }))).toEqual(['UNKNOWN PERMISSIVE undecided']);
    expect(outcome(service('b/server', ['http:80']), udp('d/dns'), sidecar('a/s', { egress: [listener(80, hosts)] }))).toEqual(THROUGH);
  });

  test('gives routes the services of its port alone', () => {
    const host = 'server.b.svc.cluster.local';
    const route = virtualService('a/r', { hosts: [host], http: [{ route: [{ destination: { host, port: { number: 90 } } }] }] });
    const through = (...all: object[]) => outcome(service('b/server', ['http:80', 'http-x:90']), route, sidecar('a/s', { egress: all }));
    expect(through(listener(80))).toEqual(['PLAINTEXT UNKNOWN broken']);
    expect(through(listener(80), listener(90))).toEqual(THROUGH);
  });
});

test('captureMode DEFAULT leaves calls decided', () => {
  expect(outcome(sidecar('a/s', { egress: [{ hosts: ['*/*'], captureMode: 'DEFAULT' }] }))).toEqual(THROUGH);
});

test.each([
  ['includeOutboundIPRanges', '10.0.0.0/8', 'undecided'], ['excludeOutboundIPRanges', '10.0.0.0/8', 'undecided'], ['includeOutboundIPRanges', '*', 'mtls'], ['excludeOutboundIPRanges', '', 'mtls'],
])('the annotation %s %j leaves a call %s', (name, value, expected) => {
  const objects = [world(), deployment('a/client', { annotations: { [`traffic.sidecar.istio.io/${name}`]: value } })];
  expect(words(objects, 'a/client', 'server.b')[0].split(' ')[2]).toBe(expected);
});

test('a client with interceptionMode NONE is undecided', () => {
  const [one] = connections([world(), deployment('a/client', { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } })]);
  expect(one).toMatchObject({ outcome: 'undecided', undecidedBecause: 'partly-intercepted' });
});

test('calls to excluded ports leave past the sidecar', () => {
  const objects = [world(service('b/server', ['a:80', 'b:81'])), deployment('a/client', { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } })];
  expect(calls(objects, 'a/client', 'server.b:80')).toEqual(['server.b:80 → b/server:80 PLAINTEXT PERMISSIVE plaintext']);
  expect(calls(objects, 'a/client', 'server.b:81')).toEqual(['server.b:81 → b/server:81 ISTIO_MUTUAL PERMISSIVE mtls']);
});

describe('discovery selectors', () => {
  const discovery = (...selectors: object[]) => meshConfig({ discoverySelectors: selectors });
  const name = (value: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': value } });

  test('services in a namespace that no selector matches are unknown', () => {
    expect(outcome(discovery(name('a'), name('b')))).toEqual(THROUGH);
    expect(outcome(discovery(name('a')))).toEqual(PAST);
  });

  test.each([
    [{ key: 'istio-injection', operator: 'In', values: ['enabled'] }, THROUGH], [{ key: 'istio-injection', operator: 'In', values: ['x'] }, PAST], [{ key: 'x', operator: 'In', values: ['enabled'] }, PAST],
    [{ key: 'istio-injection', operator: 'NotIn', values: ['enabled'] }, PAST], [{ key: 'x', operator: 'NotIn', values: ['y'] }, THROUGH], [{ key: 'istio-injection', operator: 'NotIn', values: ['x'] }, THROUGH],
    [{ key: 'istio-injection', operator: 'Exists' }, THROUGH], [{ key: 'x', operator: 'Exists' }, PAST],
    [{ key: 'x', operator: 'DoesNotExist' }, THROUGH], [{ key: 'istio-injection', operator: 'DoesNotExist' }, PAST],
  ])('whether a service is known with matchExpression %j', (expression, expected) => {
    expect(outcome(discovery({ matchExpressions: [expression] }))).toEqual(expected);
  });

  test('policies and rules in a namespace that no selector matches don\'t apply, not even the root namespace\'s', () => {
    const root = [...injected('istio-system'), destinationRule('istio-system/d', { host: '*', ...tls('SIMPLE') }), peerAuthentication('istio-system/p', mode('STRICT'))];
    expect(outcome(root, discovery(name('a'), name('b')))).toEqual(THROUGH);
    expect(outcome(root, discovery(name('a'), name('b'), name('istio-system')))).toEqual(['SIMPLE STRICT broken']);
  });

  test('a namespace with unknown labels leaves calls undecided', () => {
    const because = (...selectors: object[]) => connections([world(discovery(...selectors)), deployment('unknown/server'), service('unknown/server')])
      .filter(({ client, requested }) => client.name === 'client' && requested.host.includes('unknown')).map(({ undecidedBecause }) => undecidedBecause);
    const mesh = { matchLabels: { mesh: 'yes' } };
    expect(because(name('a'), mesh)).toEqual(['unknown-discovery']);
    expect(because(name('a'), { matchLabels: { 'mesh': 'yes', 'kubernetes.io/metadata.name': 'unknown' } })).toEqual(['unknown-discovery']);
    // Every namespace has its name for a label.
    expect(because(name('a'), { matchLabels: { 'mesh': 'yes', 'kubernetes.io/metadata.name': 'other' } })).toEqual(['server-proxy-unknown']);
    expect(because(name('a'), mesh, { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['x'] }] })).toEqual(['server-proxy-unknown']);
    expect(because(name('a'), mesh, {})).toEqual(['server-proxy-unknown']);
  });
});

test.each([['', 'refused-routes'], ['TCP', undefined]])('an egress listener of protocol %p beside a wildcard around its own namespace: undecided because of %p', (protocol, because) => {
  const wildcard = serviceEntry('a/w', { hosts: ['*.a.svc.cluster.local'], ports: [{ number: 80, name: 'p' }] });
  const own = sidecar('a/s', { egress: [{ port: { number: 80, protocol }, hosts: ['*/*'] }] });
  const found = connections([injected('a'), deployment('a/web'), wildcard, own]);
  expect(found.map(({ undecidedBecause }) => undecidedBecause)).toEqual(because === undefined ? [undefined] : expect.arrayContaining([because]));
});
