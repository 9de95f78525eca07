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

describe('at an address listen', () => {
  test.each([
    ['all services that have it', [entry('x', 'TCP', IP), entry('y', 'TLS', IP)], 'x,y'],
    ['one without a protocol too', [entry('x', '', IP)], 'x'],
    ['none for HTTP or UDP', [entry('x', 'HTTP', IP), entry('y', 'UDP', IP)], ''],
    ['none that has another', [entry('x', 'TCP', IP), entry('y', 'TCP', { addresses: ['192.0.2.2'] })], 'x'],
    ['none on another port', [entry('x', 'TCP', IP), entry('y', 'TCP', { ...IP, ports: [port(81, 'TCP')] })], 'x'],
    ['none that is hidden', [entry('x', 'TCP', IP), entry('y', 'TCP', { ...IP, exportTo: ['.'] })], 'x'],
    ['those that are private first', [entry('x', 'TCP', IP), entry('y', 'TCP', { ...IP, exportTo: ['a'] })], 'y,x'],
    ['none that another of its host stands for', [entry('x', 'TCP', IP), serviceEntry('a/z', { hosts: ['x.example.com'], resolution: 'STATIC', ports: [port(80, 'TCP')] })], ''],
  ])('%s', (_, objects, expected) => {
    expect(listenersIn(objects).owners('x.example.com')).toBe(expected);
  });

  test('a Service at its own address, unless it is HTTP', () => {
    const { owners } = listenersIn(service('b/x', ['tcp:80', 'http:81']));
    expect([owners('x.b.svc.cluster.local', 80), owners('x.b.svc.cluster.local', 81)]).toEqual(['x', '']);
  });
});

describe('on its pods\' addresses listens', () => {
  const headless = (name: string, ports = ['tcp:80']) => service(`b/${name}`, ports, { clusterIP: 'None', selector: { app: 'pod' } });
  const selecting = (name: string, spec: Spec = {}) => entry(name, 'TCP', { resolution: 'NONE', workloadSelector: { labels: { app: 'pod' } }, ...spec });

  test.each([
    ['a headless Service', [headless('x')], 'x'],
    ['each of several', [headless('x'), headless('y')], 'x,y'],
    ['only those with the port', [headless('x'), headless('y', ['tcp:81'])], 'x'],
    ['none for HTTP', [headless('x', ['http:80'])], ''],
    ['a ServiceEntry without resolution', [headless('x', ['tcp:81']), selecting('z')], 'z'],
    ['none with an address of its own', [headless('x'), selecting('z', IP)], 'x'],
    ['none with another resolution', [headless('x'), selecting('z', { resolution: 'STATIC' })], 'x'],
  ])('%s', (_, objects, expected) => {
    expect(listenersIn(deployment('b/pod'), objects).at('x.b.svc.cluster.local')).toBe(expected);
  });

  test('also on the addresses of the WorkloadEntries that it selects', () => {
    const machine = workloadEntry('b/vm', { address: '192.0.2.9', labels: { app: 'pod' } });
    expect(listenersIn(machine, selecting('z'), entry('x', 'TCP', { addresses: ['192.0.2.9'] })).at('x.example.com')).toBe('x,z');
  });

  test('also on the addresses that its EndpointSlices list', () => {
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

  test('no service where the services aren\'t known', () => {
    expect(listenersIn(entry('x', 'TCP')).at('x.example.com')).toBe('');
  });
});

describe('a port\'s listener for all addresses is shared by', () => {
  const NONE = { resolution: 'NONE' };
  test.each([
    ['ServiceEntries without an address', [entry('x', 'TCP'), entry('y', 'TLS'), entry('z', '')], 'x,y,z'],
    ['none with one', [entry('x', 'TCP', IP)], ''],
    ['none for HTTP or UDP', [entry('x', 'HTTP'), entry('y', 'UDP')], ''],
    ['none on another port', [entry('x', 'TCP', { ports: [port(81, 'TCP')] })], ''],
    ['one without resolution', [entry('x', 'TCP', NONE)], 'x'],
    ['but none without resolution that listens at the servers it selects', [entry('x', 'TCP', { ...NONE, workloadSelector: { labels: {} } }), deployment('b/x')], ''],
    ['nor one that selects none', [entry('x', 'TCP', { ...NONE, workloadSelector: { labels: { app: 'nobody' } } })], ''],
    ['nor one that lists them', [entry('x', 'TCP', { ...NONE, endpoints: [{ address: '192.0.2.7' }] })], ''],
    ['no Services', [service('b/x', ['tcp:80']), service('b/y', ['tcp:80'], { clusterIP: 'None' })], ''],
    ['none that is hidden', [entry('x', 'TCP'), entry('y', 'TCP', { exportTo: ['.'] })], 'x'],
    ['those that are private first', [entry('x', 'TCP'), entry('y', 'TCP', { exportTo: ['a'] })], 'y,x'],
  ])('%s', (_, objects, expected) => {
    expect(listenersIn(objects).sharers()).toBe(expected);
  });

  test('is ambiguous if several objects define one of its hosts', () => {
    const twice = (spec: Spec) => [entry('x', 'TCP', spec), serviceEntry('b/x-2', entry('x', 'TCP', spec).spec)];
    expect([listenersIn(twice({})), listenersIn(twice(IP)), listenersIn(entry('x', 'TCP'))].map(({ ambiguousPorts }) => ambiguousPorts)).toEqual([[80], [], []]);
  });
});

describe('for HTTP there is a listener on a port where there is', () => {
  test.each([
    ['an HTTP service', [service('b/x', ['http:80'])], true],
    ['only one on another port', [service('b/x', ['http:81'])], false],
    ['only TCP', [service('b/x', ['tcp:80'])], false],
    ['only a Service that sniffs, at its own address', [service('b/x', [80])], false],
    ['one that sniffs and shares the listener for all addresses', [entry('x', '')], true],
    ['one that shares it, but doesn\'t sniff', [entry('x', 'TCP')], false],
    ['only an ExternalName', [service('b/x', ['http:80'], { type: 'ExternalName', externalName: 'x.example.com' })], false],
    ['only a hidden one', [entry('x', 'HTTP', { exportTo: ['.'] })], false],
  ])('%s: %p', (_, objects, expected) => {
    expect(listenersIn(objects).hasHttp()).toBe(expected);
  });

  const unread = (protocol: string) => serviceEntry('c/u', { hosts: ['u.example.com'], ports: [port(80, protocol)] });
  test.each([
    ['one that sniffs', [unread('')], undefined],
    ['one that doesn\'t sniff', [unread('TCP')], undefined],
    ['one that sniffs next to TCP', [unread(''), entry('x', 'TCP')], undefined],
    ['HTTP next to TCP', [unread('HTTP'), entry('x', 'TCP')], undefined],
    ['one that sniffs next to another', [unread(''), entry('x', '')], true],
    ['one that sniffs next to HTTP', [unread(''), service('b/x', ['http:80'])], true],
    ['TCP next to TCP', [unread('TCP'), entry('x', 'TCP')], false],
    ['the root namespace, next to HTTP', [serviceEntry('istio-system/u', unread('TCP').spec), service('b/x', ['http:80'])], true],
    ['a policy of the root namespace, next to HTTP', [peerAuthentication('istio-system/p', mode('STRICT')), service('b/x', ['http:80'])], true],
  ])('for services that istiod may not discover: %s', (_, objects, expected) => {
    const config = meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] });
    expect(listenersIn(objects, config).hasHttp()).toBe(expected);
  });
});

describe('within a wildcard a proxy knows', () => {
  test.each([
    ['the services whose hosts it covers', '*.example.com', 'y,x'],
    ['a wildcard around it', '*.z.y.example.com', 'y'],
    ['the host itself', 'x.example.com', 'x'],
    ['none elsewhere', '*.example.org', ''],
  ])('%s', (_, wildcard, expected) => {
    expect(listenersIn(entry('x', 'HTTP'), entry('y', 'HTTP', { hosts: ['*.y.example.com'] })).within(wildcard)).toBe(expected);
  });

  test('excludes services on other ports, and hidden ones', () => {
    const { within } = listenersIn(entry('x', 'HTTP'), entry('y', 'HTTP', { exportTo: ['.'] }));
    expect([within('*.example.com', 81), within('*.example.com', 80)]).toEqual(['', 'x']);
  });
});

describe('the wildcard around a name is', () => {
  const wide = (name: string, host: string, spec: Spec = {}) => entry(name, 'HTTP', { hosts: [host], ...spec });
  test.each([
    ['the longest', [wide('x', '*.com'), wide('y', '*.example.com'), wide('z', '*.org')], 'y'],
    ['none of services with other hosts', [entry('x', 'HTTP'), wide('z', '*.org')], undefined],
    ['none on another port', [wide('x', '*.example.com', { ports: [port(81, 'HTTP')] }), wide('z', '*.org')], undefined],
    ['none that is hidden', [wide('x', '*.com'), wide('y', '*.example.com', { exportTo: ['.'] })], 'x'],
    ['not the name itself', [wide('x', '*.n.example.com')], 'x'],
  ])('%s', (_, objects, expected) => {
    expect(listenersIn(objects).around('x.n.example.com')).toBe(expected);
  });

  test('excludes the wildcard itself, but finds a wider one', () => {
    const { around } = listenersIn(wide('x', '*.com'), wide('y', '*.example.com'));
    expect([around('*.example.com'), around('*.com')]).toEqual(['x', undefined]);
  });
});

test('proxies with a Sidecar listen only for imported services', () => {
  const { sharers, hasHttp } = listenersIn(entry('x', 'TCP'), service('b/y', ['http:80']), sidecar('a/s', { egress: [{ hosts: ['./*'] }] }));
  expect([sharers(), hasHttp()]).toEqual(['', false]);
});
