import { OutboundListeners } from '../../../../src/mesh/dataplane/sidecar/outbound-listeners';
import { Addresses } from '../../../../src/mesh/services/addresses';
import { deployment, injected, mesh, meshConfig, mode, peerAuthentication, service, serviceEntry, sidecar, workloadEntry } from '../../../support/meshes/mesh';

type Spec = Record<string, unknown>;
const port = (number: number, protocol: string) => ({ number, name: `p-${number}`, protocol });
/** A ServiceEntry of namespace b for `name.example.com`. */
const entry = (name: string, protocol: string, spec: Spec = {}) =>
  serviceEntry(`b/${name}`, { hosts: [`${name}.example.com`], resolution: 'STATIC', ports: [port(80, protocol)], ...spec });
const IP = { addresses: ['192.0.2.1'] };

/** The listeners of proxies of namespace a. */
function listenersIn(...objects: unknown[]) {
  const { registry, planes } = mesh([injected('a', 'b'), objects]);
  const listeners = new OutboundListeners(registry);
  const scope = planes.default.scopeOf({ namespace: 'a', labels: {} });
  const addressOf = (host: string) => new Addresses(registry).of(registry.byHost.get(host)![0], 80)[0];
  const names = (services: readonly { readonly name: string }[]) => services.map(({ name }) => name).join();
  return {
    ambiguousPorts: [...listeners.ambiguousPorts],
    owners: (host: string, number = 80) => names(listeners.ownersOf(scope, addressOf(host), number)),
    at: (host: string, number = 80) => names(listeners.at(addressOf(host), number)),
    sharers: (number = 80) => names(listeners.sharers(scope, number)),
    hasHttp: (number = 80) => listeners.hasHttp(scope, number),
    within: (wildcard: string, number = 80) => names(listeners.within(scope, wildcard, number)),
    around: (host: string, number = 80) => listeners.wildcardAround(scope, host, number)?.name,
  };
}

describe('an address has listeners of', () => {
  test.each([
    ['all services with the address', [entry('x', 'TCP', IP), entry('y', 'TLS', IP)], 'x,y'],
    ['a service without a protocol', [entry('x', '', IP)], 'x'],
    ['no HTTP or UDP service', [entry('x', 'HTTP', IP), entry('y', 'UDP', IP)], ''],
    ['no service with another address', [entry('x', 'TCP', IP), entry('y', 'TCP', { addresses: ['192.0.2.2'] })], 'x'],
    ['no service on another port', [entry('x', 'TCP', IP), entry('y', 'TCP', { ...IP, ports: [port(81, 'TCP')] })], 'x'],
    ['no service that isn\'t exported to the client', [entry('x', 'TCP', IP), entry('y', 'TCP', { ...IP, exportTo: ['.'] })], 'x'],
    ['private services first', [entry('x', 'TCP', IP), entry('y', 'TCP', { ...IP, exportTo: ['a'] })], 'y,x'],
    ['no service that is merged into another one of its host', [entry('x', 'TCP', IP), serviceEntry('a/z', { hosts: ['x.example.com'], resolution: 'STATIC', ports: [port(80, 'TCP')] })], ''],
  ])('%s', (_, objects, expected) => {
    expect(listenersIn(objects).owners('x.example.com')).toBe(expected);
  });

  test('a Service with that cluster IP, unless it is HTTP', () => {
    const { owners } = listenersIn(service('b/x', ['tcp:80', 'http:81']));
    expect([owners('x.b.svc.cluster.local', 80), owners('x.b.svc.cluster.local', 81)]).toEqual(['x', '']);
  });
});

describe('the addresses of pods have listeners of', () => {
  const headless = (name: string, ports = ['tcp:80']) => service(`b/${name}`, ports, { clusterIP: 'None', selector: { app: 'pod' } });
  const selecting = (name: string, spec: Spec = {}) => entry(name, 'TCP', { resolution: 'NONE', workloadSelector: { labels: { app: 'pod' } }, ...spec });

  test.each([
    ['a headless Service', [headless('x')], 'x'],
    ['each of several headless Services', [headless('x'), headless('y')], 'x,y'],
    ['only the headless Services with the port', [headless('x'), headless('y', ['tcp:81'])], 'x'],
    ['no HTTP service', [headless('x', ['http:80'])], ''],
    ['a ServiceEntry with resolution NONE', [headless('x', ['tcp:81']), selecting('z')], 'z'],
    ['no ServiceEntry with addresses', [headless('x'), selecting('z', IP)], 'x'],
    ['no ServiceEntry with another resolution', [headless('x'), selecting('z', { resolution: 'STATIC' })], 'x'],
  ])('%s', (_, objects, expected) => {
    expect(listenersIn(deployment('b/pod'), objects).at('x.b.svc.cluster.local')).toBe(expected);
  });

  test('a ServiceEntry on the addresses of the WorkloadEntries that it selects too', () => {
    const machine = workloadEntry('b/vm', { address: '192.0.2.9', labels: { app: 'pod' } });
    expect(listenersIn(machine, selecting('z'), entry('x', 'TCP', { addresses: ['192.0.2.9'] })).at('x.example.com')).toBe('x,z');
  });

  test('a Service on the addresses of its EndpointSlices too', () => {
    const bare = service('b/x', ['tcp:80'], { clusterIP: 'None', selector: undefined });
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 's', namespace: 'b', labels: { 'kubernetes.io/service-name': 'x' } },
      endpoints: [{ addresses: ['192.0.2.9'] }],
      ports: [{ name: 'tcp', port: 80 }],
    };
    const machine = workloadEntry('b/vm', { address: '192.0.2.9' });
    expect([[bare, slice], [bare, slice, machine], [bare, { ...slice, ports: [] }]].map((objects) => listenersIn(objects).at('x.b.svc.cluster.local'))).toEqual(['x', 'x', '']);
  });

  test('no service if the pods\' services are unknown', () => {
    expect(listenersIn(entry('x', 'TCP')).at('x.example.com')).toBe('');
  });
});

describe('a port\'s listener for all addresses is shared by', () => {
  const NONE = { resolution: 'NONE' };
  test.each([
    ['ServiceEntries without an address', [entry('x', 'TCP'), entry('y', 'TLS'), entry('z', '')], 'x,y,z'],
    ['no ServiceEntry with an address', [entry('x', 'TCP', IP)], ''],
    ['no HTTP or UDP ServiceEntry', [entry('x', 'HTTP'), entry('y', 'UDP')], ''],
    ['no ServiceEntry on another port', [entry('x', 'TCP', { ports: [port(81, 'TCP')] })], ''],
    ['a ServiceEntry with resolution NONE', [entry('x', 'TCP', NONE)], 'x'],
    ['no ServiceEntry with resolution NONE that listens at the servers that it selects', [entry('x', 'TCP', { ...NONE, workloadSelector: { labels: {} } }), deployment('b/x')], ''],
    ['no ServiceEntry with resolution NONE that selects no servers', [entry('x', 'TCP', { ...NONE, workloadSelector: { labels: { app: 'nobody' } } })], ''],
    ['no ServiceEntry with resolution NONE and endpoints', [entry('x', 'TCP', { ...NONE, endpoints: [{ address: '192.0.2.7' }] })], ''],
    ['no Services', [service('b/x', ['tcp:80']), service('b/y', ['tcp:80'], { clusterIP: 'None' })], ''],
    ['no ServiceEntry that isn\'t exported to the client', [entry('x', 'TCP'), entry('y', 'TCP', { exportTo: ['.'] })], 'x'],
    ['private ServiceEntries first', [entry('x', 'TCP'), entry('y', 'TCP', { exportTo: ['a'] })], 'y,x'],
  ])('%s', (_, objects, expected) => {
    expect(listenersIn(objects).sharers()).toBe(expected);
  });

  test('ServiceEntries, ambiguously if several objects define one of their hosts', () => {
    const twice = (spec: Spec) => [entry('x', 'TCP', spec), serviceEntry('b/x-2', entry('x', 'TCP', spec).spec)];
    expect([listenersIn(twice({})), listenersIn(twice(IP)), listenersIn(entry('x', 'TCP'))].map(({ ambiguousPorts }) => ambiguousPorts)).toEqual([[80], [], []]);
  });
});

describe('a port has a listener for HTTP with', () => {
  test.each([
    ['an HTTP service', [service('b/x', ['http:80'])], true],
    ['an HTTP service on another port', [service('b/x', ['http:81'])], false],
    ['a TCP service', [service('b/x', ['tcp:80'])], false],
    ['a Service that sniffs at its own address', [service('b/x', [80])], false],
    ['a ServiceEntry that sniffs and shares the listener for all addresses', [entry('x', '')], true],
    ['a TCP ServiceEntry that shares the listener for all addresses', [entry('x', 'TCP')], false],
    ['an ExternalName', [service('b/x', ['http:80'], { type: 'ExternalName', externalName: 'x.example.com' })], false],
    ['an HTTP service that isn\'t exported to the client', [entry('x', 'HTTP', { exportTo: ['.'] })], false],
  ])('%s: %p', (_, objects, expected) => {
    expect(listenersIn(objects).hasHttp()).toBe(expected);
  });

  const unread = (protocol: string) => serviceEntry('c/u', { hosts: ['u.example.com'], ports: [port(80, protocol)] });
  test.each([
    ['a ServiceEntry that sniffs', [unread('')], undefined],
    ['a TCP ServiceEntry', [unread('TCP')], undefined],
    ['a ServiceEntry that sniffs, beside TCP', [unread(''), entry('x', 'TCP')], undefined],
    ['an HTTP ServiceEntry, beside TCP', [unread('HTTP'), entry('x', 'TCP')], undefined],
    ['a ServiceEntry that sniffs, beside another that sniffs', [unread(''), entry('x', '')], true],
    ['a ServiceEntry that sniffs, beside an HTTP Service', [unread(''), service('b/x', ['http:80'])], true],
    ['a TCP ServiceEntry, beside TCP', [unread('TCP'), entry('x', 'TCP')], false],
    ['a ServiceEntry of the root namespace, beside an HTTP Service', [serviceEntry('istio-system/u', unread('TCP').spec), service('b/x', ['http:80'])], true],
    ['a PeerAuthentication of the root namespace, beside an HTTP Service', [peerAuthentication('istio-system/p', mode('STRICT')), service('b/x', ['http:80'])], true],
  ])('services that istiod may not discover: %s', (_, objects, expected) => {
    const config = meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] });
    expect(listenersIn(objects, config).hasHttp()).toBe(expected);
  });
});

describe('of hosts within a wildcard a proxy knows', () => {
  test.each([
    ['the services whose hosts the wildcard covers', '*.example.com', 'y,x'],
    ['a service with a wider wildcard', '*.z.y.example.com', 'y'],
    ['a service of the host itself', 'x.example.com', 'x'],
    ['no service of another domain', '*.example.org', ''],
  ])('%s', (_, wildcard, expected) => {
    expect(listenersIn(entry('x', 'HTTP'), entry('y', 'HTTP', { hosts: ['*.y.example.com'] })).within(wildcard)).toBe(expected);
  });

  test('no services on other ports, and none that aren\'t exported to the client', () => {
    const { within } = listenersIn(entry('x', 'HTTP'), entry('y', 'HTTP', { exportTo: ['.'] }));
    expect([within('*.example.com', 81), within('*.example.com', 80)]).toEqual(['', 'x']);
  });
});

describe('the wildcard around a host is', () => {
  const wide = (name: string, host: string, spec: Spec = {}) => entry(name, 'HTTP', { hosts: [host], ...spec });
  test.each([
    ['the longest one', [wide('x', '*.com'), wide('y', '*.example.com'), wide('z', '*.org')], 'y'],
    ['not that of a service with other hosts', [entry('x', 'HTTP'), wide('z', '*.org')], undefined],
    ['not that of a service on another port', [wide('x', '*.example.com', { ports: [port(81, 'HTTP')] }), wide('z', '*.org')], undefined],
    ['not that of a service that isn\'t exported to the client', [wide('x', '*.com'), wide('y', '*.example.com', { exportTo: ['.'] })], 'x'],
    ['not the host itself', [wide('x', '*.n.example.com')], 'x'],
  ])('%s', (_, objects, expected) => {
    expect(listenersIn(objects).around('x.n.example.com')).toBe(expected);
  });

  test('never the wildcard itself, but a wider one', () => {
    const { around } = listenersIn(wide('x', '*.com'), wide('y', '*.example.com'));
    expect([around('*.example.com'), around('*.com')]).toEqual(['x', undefined]);
  });
});

test('proxies with a Sidecar listen only for imported services', () => {
  const { sharers, hasHttp } = listenersIn(entry('x', 'TCP'), service('b/y', ['http:80']), sidecar('a/s', { egress: [{ hosts: ['./*'] }] }));
  expect([sharers(), hasHttp()]).toEqual(['', false]);
});
