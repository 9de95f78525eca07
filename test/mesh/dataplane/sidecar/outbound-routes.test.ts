import { OutboundListeners } from '../../../../src/mesh/dataplane/sidecar/outbound-listeners';
import { OutboundRoutes } from '../../../../src/mesh/dataplane/sidecar/outbound-routes';
import { CallKind } from '../../../../src/mesh/routes/route';
import { Addresses } from '../../../../src/mesh/services/addresses';
import { injected, mesh, meshConfig, service, serviceEntry, sidecar, toHost, virtualService } from '../../../support/meshes/mesh';

type Spec = Record<string, unknown>;
const entry = (name: string, protocol: string, spec: Spec = {}) =>
  serviceEntry(`b/${name}`, { hosts: [`${name}.example.com`], resolution: 'STATIC', ports: [{ number: 80, name: 'p', protocol }], ...spec });
const IP = { addresses: ['192.0.2.1'] };
const to = (host: string) => toHost(`${host}.example.com`);
const alias = (name: string, externalName: string) => service(`b/${name}`, ['http:80'], { type: 'ExternalName', externalName });
/** TLS calls for a server name go to a host. */
const bySni = (hosts: string[], sni: string, target: string, name = 'v') => virtualService(`b/${name}`, { hosts, tls: [{ match: [{ sniHosts: [sni] }], ...to(target) }] });
const full = (host: string) => (host.includes('.') ? host : `${host}.example.com`);

/** Where a proxy of namespace a sends a call to a host's first address. */
function way(kind: CallKind, name: string, ...objects: unknown[]): string {
  const { registry, planes } = mesh([injected('a', 'b'), objects]);
  const addresses = new Addresses(registry);
  const [host, port] = [full(name), 80];
  const client = { namespace: 'a', labels: {} };
  const taken = new OutboundRoutes(new OutboundListeners(registry))
    .follow(planes.default.scopeOf(client), { kind, host, port, client }, addresses.of(registry.byHost.get(host)![0], port)[0]);
  if (taken.to !== 'services') return taken.to === 'unknown' ? taken.because : taken.to;
  return taken.answer.destinations.map((destination) => destination.host.replace(/\.(example\.com|svc\.cluster\.local)$/, '')).join();
}

describe('of several services at one address', () => {
  test.each<[string, CallKind, string, unknown[], string]>([
    ['the first takes TCP', 'tcp', 'y', [entry('x', 'TCP', IP), entry('y', 'TCP', IP)], 'x'],
    ['the first takes TLS too if no route names a server', 'tls', 'y', [entry('x', 'TCP', IP), entry('y', 'TLS', IP)], 'x'],
    ['the first that sniffs takes HTTP', 'http', 'x', [entry('x', 'TCP', IP), entry('y', '', IP)], 'y'],
    ['the first takes HTTP if none sniffs', 'http', 'y', [entry('x', 'TCP', IP), entry('y', 'TLS', IP)], 'x'],
    ['one that sniffs sends HTTP to the destination of its route', 'http', 'x', [entry('x', '', IP), virtualService('b/v', { hosts: ['x.example.com'], http: [to('z')] })], 'z'],
    ['one whose host has capital letters finds no route', 'http', 'X.example.com', [
      entry('x', '', { ...IP, hosts: ['X.example.com'] }), virtualService('b/v', { hosts: ['x.example.com'], http: [to('z')] }),
    ], 'x'],
    ['a TLS service without routes takes calls without a server name', 'tcp', 'x', [entry('x', 'TLS', IP)], 'x'],
    ['a TLS service whose routes name servers takes no TCP', 'tcp', 'x', [entry('x', 'TLS', IP), bySni(['x.example.com'], 'x.example.com', 'z')], 'address'],
    ['a TLS service whose routes name servers takes no HTTP', 'http', 'x', [entry('x', 'TLS', IP), bySni(['x.example.com'], 'x.example.com', 'z')], 'address'],
    ['the next takes TCP after a TLS service whose routes name servers', 'tcp', 'x', [entry('x', 'TLS', IP), entry('y', 'TCP', IP), bySni(['x.example.com'], 'x.example.com', 'z')], 'y'],
    ['TLS goes to the destination of the route that names the server', 'tls', 'y', [entry('x', 'TLS', IP), entry('y', 'TLS', IP), bySni(['y.example.com'], 'y.example.com', 'z')], 'z'],
    ['TLS goes to the destination of the route that names the server most closely', 'tls', 'y', [
      entry('x', 'TLS', IP), entry('y', 'TLS', IP), bySni(['x.example.com'], '*.com', 'v'), bySni(['y.example.com'], '*.example.com', 'z', 'w'),
    ], 'z'],
    ['TLS that no route names goes to the first service without such routes', 'tls', 'x', [entry('x', 'TLS', IP), entry('y', 'TLS', IP), bySni(['x.example.com'], 'other.example.com', 'z')], 'y'],
    ['a TLS service for a range takes calls by its host', 'tls', 'x', [entry('x', 'TLS', { addresses: ['10.97.0.0/16'] })], 'x'],
    ['a TLS service for a range takes no calls without a server name', 'tcp', 'x', [entry('x', 'TLS', { addresses: ['10.97.0.0/16'] })], 'address'],
    ['a TLS service for a range takes no HTTP', 'http', 'x', [entry('x', 'TLS', { addresses: ['10.97.0.0/16'] })], 'address'],
    ['TLS that no service takes goes to the address', 'tls', 'x', [entry('x', 'TLS', IP), bySni(['x.example.com'], 'other.example.com', 'z')], 'address'],
  ])('%s', (_, kind, host, objects, expected) => {
    expect(way(kind, host, objects)).toBe(expected);
  });
});

describe('with a ServiceEntry for a range of addresses', () => {
  const ranged = (protocol = 'TCP', spec: Spec = {}) => entry('r', protocol, { addresses: ['192.0.2.0/24'], ...spec });
  test.each<[string, CallKind, string, unknown[], string]>([
    ['calls to its host reach it', 'tcp', 'r', [ranged()], 'r'],
    ['calls to its host are undecided if another service has the port', 'tcp', 'r', [ranged(), entry('x', 'TCP', IP)], 'destination-subnets'],
    ['calls to its host are undecided if only the other service is exported to the client', 'tcp', 'r', [ranged('TCP', { exportTo: ['.'] }), entry('x', 'TCP', IP)], 'destination-subnets'],
    ['calls to another service with its own listener reach that service', 'tcp', 'x', [ranged(), entry('x', 'TCP', IP)], 'x'],
    ['calls to another service without a listener are undecided', 'tcp', 'x', [ranged(), entry('x', 'TCP', { ...IP, exportTo: ['.'] })], 'destination-subnets'],
    ['HTTP calls to another service are undecided', 'http', 'x', [ranged(), entry('x', 'HTTP')], 'destination-subnets'],
    ['HTTP calls reach another service if the range isn\'t exported to the client', 'http', 'x', [ranged('TCP', { exportTo: ['.'] }), entry('x', 'HTTP')], 'x'],
    ['HTTP calls reach another service if the range is HTTP, which is matched by host', 'http', 'x', [ranged('HTTP'), entry('x', 'HTTP')], 'x'],
    ['HTTP calls to its host are undecided if another service may have the addresses', 'http', 'r', [ranged('HTTP'), entry('x', '', IP)], 'destination-subnets'],
  ])('%s', (_, kind, host, objects, expected) => {
    expect(way(kind, host, objects)).toBe(expected);
  });
});

describe('the listener of a service', () => {
  const rules = (kind: string) => virtualService('b/v', { hosts: ['x.example.com'], [kind]: [kind === 'tls' ? { match: [{ sniHosts: ['x.example.com'] }], ...to('z') } : to('z')] });
  test.each<[string, CallKind, string, string]>([
    ['TCP', 'tcp', 'tcp', 'z'], ['TCP', 'tls', 'tcp', 'z'], ['TCP', 'http', 'tcp', 'z'], ['TCP', 'http', 'http', 'x'], ['TCP', 'tls', 'tls', 'x'],
    ['TLS', 'tls', 'tls', 'z'], ['TLS', 'tls', 'tcp', 'x'], ['TLS', 'tcp', 'tcp', 'x'],
    ['', 'http', 'http', 'z'], ['', 'http', 'tcp', 'x'], ['', 'tcp', 'tcp', 'z'], ['', 'tcp', 'http', 'x'],
    ['', 'tls', 'tcp', 'z'], ['', 'tls', 'tls', 'x'],
  ])('of protocol \'%s\' matches %s calls with %s rules: %s', (protocol, kind, of, expected) => {
    expect(way(kind, 'x', entry('x', protocol, IP), rules(of))).toBe(expected);
  });
});

describe('of services that share a port\'s listener for all addresses', () => {
  test.each<[string, CallKind, string, unknown[], string]>([
    ['the first that isn\'t TLS takes TCP', 'tcp', 'z', [entry('x', 'TLS'), entry('y', 'TCP'), entry('z', 'TCP')], 'y'],
    ['the first that isn\'t TLS takes HTTP if no service listens for HTTP', 'http', 'z', [entry('x', 'TLS'), entry('y', 'TCP'), entry('z', 'TCP')], 'y'],
    ['the TLS service of the called host takes TLS', 'tls', 'y', [entry('x', 'TLS'), entry('y', 'TLS'), entry('z', 'TCP')], 'y'],
    ['the TLS service of the called host takes TLS before one of a wildcard', 'tls', 'y', [entry('w', 'TLS', { hosts: ['*.example.com'] }), entry('y', 'TLS')], 'y'],
    ['the TLS service of a wildcard around the called host takes TLS before others', 'tls', 'y', [entry('w', 'TLS', { hosts: ['*.example.com'] }), entry('y', 'TCP')], '*'],
    ['the first that accepts any server name takes other TLS', 'tls', 'x', [entry('x', 'TCP'), entry('y', 'TLS')], 'x'],
    ['TLS goes to the destination of a route that names the server', 'tls', 'y', [entry('x', 'TLS'), entry('y', 'TCP'), bySni(['x.example.com'], 'y.example.com', 'z')], 'z'],
    ['a TLS service whose routes name other servers doesn\'t take its own host', 'tls', 'x', [entry('x', 'TLS'), entry('y', 'TCP'), bySni(['x.example.com'], 'other.example.com', 'z')], 'y'],
    ['TLS for an ExternalName goes to the service of its target', 'tls', 'one.b.svc.cluster.local', [alias('one', 'y.example.com'), entry('x', 'TCP'), entry('y', 'TLS')], 'y'],
    ['TCP that no service takes goes to the address', 'tcp', 'x', [entry('x', 'TLS')], 'address'],
  ])('%s', (_, kind, host, objects, expected) => {
    expect(way(kind, host, objects)).toBe(expected);
  });
});

describe('HTTP is matched by host, and goes to', () => {
  const http = (hosts: string[], target: string, spec: Spec = {}, name = 'v') => virtualService(`b/${name}`, { hosts, http: [to(target)], ...spec });
  const ONE = 'one.b.svc.cluster.local';
  const hidden = entry('x', 'HTTP', { exportTo: ['.'] });
  test.each<[string, string, unknown[], string]>([
    ['the service of the host', 'x', [entry('x', 'HTTP')], 'x'],
    ['a service of the host that sniffs, though it shares the listener for all addresses', 'x', [entry('w', 'TCP'), entry('x', '')], 'x'],
    ['the destination of the service\'s route', 'x', [entry('x', 'HTTP'), http(['x.example.com'], 'z')], 'z'],
    ['the address if the service isn\'t exported to the client', 'x', [hidden, entry('y', 'HTTP')], 'address'],
    ['the destination of a route for a host that isn\'t exported to the client', 'x', [hidden, entry('y', 'HTTP'), http(['x.example.com'], 'z')], 'z'],
    ['the address in spite of a route, if no service listens for HTTP', 'x', [hidden, http(['x.example.com'], 'z')], 'address'],
    ['the service of a wildcard around the host, if that isn\'t exported to the client', 'x', [hidden, entry('w', 'HTTP', { hosts: ['*.example.com'] })], '*'],
    ['the service that accepts any TCP, if no service listens for HTTP', 'x', [hidden, entry('y', 'TCP')], 'y'],
    ['the service behind an ExternalName', ONE, [alias('one', 'x.example.com'), service('b/x', ['http:80']), entry('x', 'HTTP')], 'x'],
    ['the destination of a route for the ExternalName', ONE, [alias('one', 'x.example.com'), entry('x', 'HTTP'), http([ONE], 'z')], 'z'],
    ['the destination of a route for the ExternalName, if it precedes one for the target', ONE, [alias('one', 'x.example.com'), entry('x', 'HTTP'), http([ONE], 'z', {}, 'v'), http(['x.example.com'], 'y', {}, 'w')], 'z'],
    ['the destination of a route for the target, if it precedes one for the ExternalName', ONE, [alias('one', 'x.example.com'), entry('x', 'HTTP'), http([ONE], 'z', {}, 'w'), http(['x.example.com'], 'y', {}, 'v')], 'y'],
    ['an unknown destination if istiod may not read the only service that listens for HTTP', 'x.example.com', [
      hidden, http(['x.example.com'], 'y'), serviceEntry('c/h', { hosts: ['h.example.com'], ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] }),
      meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] }),
    ], 'unknown-discovery'],
    ['an unknown destination if istiod may not read the only service, which shares the listener for all addresses', ONE, [
      alias('one', 'x.example.com'), http([ONE], 'y'), serviceEntry('c/h', { hosts: ['h.example.com'], ports: [{ number: 80, name: 'p' }] }),
      meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] }),
    ], 'unknown-discovery'],
    ['the address if a Sidecar imports an ExternalName\'s target, but not its name', ONE, [
      alias('one', 'x.example.com'), entry('x', 'HTTP'), sidecar('a/s', { egress: [{ hosts: ['*/x.example.com'] }] }),
    ], 'address'],
    ['the target of an ExternalName if a Sidecar imports both names', ONE, [
      alias('one', 'x.example.com'), entry('x', 'HTTP'), sidecar('a/s', { egress: [{ hosts: ['*/x.example.com', `*/${ONE}`] }] }),
    ], 'x'],
  ])('%s', (_, host, objects, expected) => {
    expect(way('http', host, objects)).toBe(expected);
  });
});

describe('with a wildcard host that covers all Services of the client\'s namespace', () => {
  const wildcard = (protocol: string, spec: Spec = {}) => entry('w', protocol, { hosts: ['*.a.svc.cluster.local'], ...spec });
  test.each<[string, CallKind, string, unknown[], string]>([
    ['HTTP routes are rejected', 'http', 'x', [entry('x', 'HTTP'), wildcard('HTTP')], 'refused-routes'],
    ['HTTP routes are rejected, for unknown hosts too', 'http', 'x', [entry('x', 'HTTP', { exportTo: ['.'] }), wildcard('HTTP')], 'refused-routes'],
    ['HTTP routes are rejected if the wildcard\'s port is sniffed', 'http', 'x', [entry('x', 'HTTP'), wildcard('')], 'refused-routes'],
    ['HTTP routes are rejected if only one of the wildcard\'s ports is HTTP', 'http', 'x', [entry('x', 'HTTP'), wildcard('', { ports: [{ number: 81, name: 'tcp', protocol: 'TCP' }, { number: 80, name: 'http', protocol: 'HTTP' }] })], 'refused-routes'],
    ['HTTP routes are rejected for a listener of the service\'s own', 'http', 'x', [entry('x', '', IP), wildcard('HTTP')], 'refused-routes'],
    ['HTTP routes are rejected on other ports', 'http', 'x', [entry('x', 'HTTP'), wildcard('HTTP', { ports: [{ number: 81, name: 'p', protocol: 'HTTP' }] })], 'refused-routes'],
    ['HTTP is undecided if istiod may not read the wildcard\'s namespace', 'http', 'x', [
      serviceEntry('a/x', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] }), serviceEntry('c/w', { hosts: ['*.a.svc.cluster.local'], ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] }),
      meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] }),
    ], 'unknown-discovery'],
    ['HTTP goes to the address if no service listens for HTTP on the port', 'http', 'x', [entry('x', 'HTTP', { exportTo: ['.'] }), wildcard('HTTP', { ports: [{ number: 81, name: 'p', protocol: 'HTTP' }] })], 'address'],
    ['TCP needs no HTTP routes', 'tcp', 'x', [entry('x', 'TCP', IP), wildcard('HTTP')], 'x'],
    ['HTTP needs no HTTP routes if no service listens for HTTP', 'http', 'x', [entry('x', 'TCP'), wildcard('', IP)], 'x'],
    ['HTTP routes are accepted if the wildcard is TCP', 'http', 'x', [entry('x', 'HTTP'), wildcard('TCP')], 'x'],
    ['HTTP routes are accepted if the wildcard isn\'t exported to the client', 'http', 'x', [entry('x', 'HTTP'), wildcard('HTTP', { exportTo: ['.'] })], 'x'],
    ['HTTP routes are accepted if the wildcard is for another namespace', 'http', 'x', [entry('x', 'HTTP'), wildcard('HTTP', { hosts: ['*.b.svc.cluster.local'] })], 'x'],
  ])('%s', (_, kind, host, objects, expected) => {
    expect(way(kind, host, objects)).toBe(expected);
  });
});

test.each<[string, unknown, string]>([
  ['goes to the address', [], 'address'],
  ['goes nowhere if the mesh config forbids unknown destinations', meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }), 'nowhere'],
  ['goes to an egressProxy of the Sidecar', sidecar('a/s', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY', egressProxy: { host: 'p' } } }), 'egress-proxy'],
])('a call to a service unknown to the proxy %s', (_, more, expected) => {
  for (const kind of ['http', 'tcp', 'tls'] as const) expect(way(kind, 'x', entry('x', 'HTTP', { exportTo: ['.'] }), more)).toBe(expected);
});

test('a client\'s call to its own address skips listeners of its own services, but not those of ServiceEntries with that address', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'a', labels: { app: 'x' } }, spec: {}, status: { podIP: '192.0.2.1' } };
  const headless = service('a/x', ['tcp:80'], { clusterIP: 'None' });
  const host = 'x.a.svc.cluster.local';
  const ends = (...entries: unknown[]) => {
    const { registry, planes } = mesh([injected('a'), pod, headless, ...entries]);
    const ways = new OutboundRoutes(new OutboundListeners(registry));
    const [scope, call] = [planes.default.scopeOf({ namespace: 'a', labels: {} }), { kind: 'tcp', host, port: 80, client: { namespace: 'a', labels: {} } } as const];
    const [address] = new Addresses(registry).of(registry.byHost.get(host)![0], 80);
    expect([ways.hasListener(scope, address, call), ways.hasListener(scope, address, { port: 81 })]).toEqual([true, false]);
    return [false, true].map((own) => {
      const followed = ways.follow(scope, call, address, own);
      return followed.to === 'services' && followed.answer.destinations[0].host;
    });
  };
  expect(ends(entry('y', 'TCP'))).toEqual([host, 'y.example.com']);
  expect(ends(entry('y', 'TCP', { addresses: ['192.0.2.1'] }))[1]).toBe('y.example.com');
});
