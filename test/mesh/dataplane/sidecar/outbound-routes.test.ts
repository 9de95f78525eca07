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

describe('of services at one address', () => {
  test.each<[string, CallKind, string, unknown[], string]>([
    ['the first takes TCP', 'tcp', 'y', [entry('x', 'TCP', IP), entry('y', 'TCP', IP)], 'x'],
    ['the first takes TLS too, if no route names one', 'tls', 'y', [entry('x', 'TCP', IP), entry('y', 'TLS', IP)], 'x'],
    ['the first that sniffs takes HTTP', 'http', 'x', [entry('x', 'TCP', IP), entry('y', '', IP)], 'y'],
    ['the first takes HTTP where none sniffs', 'http', 'y', [entry('x', 'TCP', IP), entry('y', 'TLS', IP)], 'x'],
    ['HTTP that is sniffed goes where a route leads', 'http', 'x', [entry('x', '', IP), virtualService('b/v', { hosts: ['x.example.com'], http: [to('z')] })], 'z'],
    ['but not for a host with capitals, for which no route is found', 'http', 'X.example.com', [
      entry('x', '', { ...IP, hosts: ['X.example.com'] }), virtualService('b/v', { hosts: ['x.example.com'], http: [to('z')] }),
    ], 'x'],
    ['a TLS service without routes takes calls without a name', 'tcp', 'x', [entry('x', 'TLS', IP)], 'x'],
    ['a TLS service whose routes name servers doesn\'t', 'tcp', 'x', [entry('x', 'TLS', IP), bySni(['x.example.com'], 'x.example.com', 'z')], 'address'],
    ['nor HTTP', 'http', 'x', [entry('x', 'TLS', IP), bySni(['x.example.com'], 'x.example.com', 'z')], 'address'],
    ['but the next takes them', 'tcp', 'x', [entry('x', 'TLS', IP), entry('y', 'TCP', IP), bySni(['x.example.com'], 'x.example.com', 'z')], 'y'],
    ['TLS goes where a route names the server called', 'tls', 'y', [entry('x', 'TLS', IP), entry('y', 'TLS', IP), bySni(['y.example.com'], 'y.example.com', 'z')], 'z'],
    ['TLS goes where a route names it most closely', 'tls', 'y', [
      entry('x', 'TLS', IP), entry('y', 'TLS', IP), bySni(['x.example.com'], '*.com', 'v'), bySni(['y.example.com'], '*.example.com', 'z', 'w'),
    ], 'z'],
    ['TLS that no route names goes to the first that names none', 'tls', 'x', [entry('x', 'TLS', IP), entry('y', 'TLS', IP), bySni(['x.example.com'], 'other.example.com', 'z')], 'y'],
    ['a TLS service for a range takes calls by its name', 'tls', 'x', [entry('x', 'TLS', { addresses: ['10.97.0.0/16'] })], 'x'],
    ['but none without a name', 'tcp', 'x', [entry('x', 'TLS', { addresses: ['10.97.0.0/16'] })], 'address'],
    ['and no HTTP', 'http', 'x', [entry('x', 'TLS', { addresses: ['10.97.0.0/16'] })], 'address'],
    ['TLS that nobody takes goes to the address', 'tls', 'x', [entry('x', 'TLS', IP), bySni(['x.example.com'], 'other.example.com', 'z')], 'address'],
  ])('%s', (_, kind, host, objects, expected) => {
    expect(way(kind, host, objects)).toBe(expected);
  });
});

describe('where a ServiceEntry is for a range of addresses', () => {
  const ranged = (protocol = 'TCP', spec: Spec = {}) => entry('r', protocol, { addresses: ['192.0.2.0/24'], ...spec });
  test.each<[string, CallKind, string, unknown[], string]>([
    ['its own calls are its own', 'tcp', 'r', [ranged()], 'r'],
    ['unless another one has the port', 'tcp', 'r', [ranged(), entry('x', 'TCP', IP)], 'destination-subnets'],
    ['also if only the other one is seen', 'tcp', 'r', [ranged('TCP', { exportTo: ['.'] }), entry('x', 'TCP', IP)], 'destination-subnets'],
    ['a call that meets a listener of its own goes there', 'tcp', 'x', [ranged(), entry('x', 'TCP', IP)], 'x'],
    ['another one is undecided', 'tcp', 'x', [ranged(), entry('x', 'TCP', { ...IP, exportTo: ['.'] })], 'destination-subnets'],
    ['be it HTTP', 'http', 'x', [ranged(), entry('x', 'HTTP')], 'destination-subnets'],
    ['if the range is seen', 'http', 'x', [ranged('TCP', { exportTo: ['.'] }), entry('x', 'HTTP')], 'x'],
    ['and isn\'t HTTP itself, which is matched by name', 'http', 'x', [ranged('HTTP'), entry('x', 'HTTP')], 'x'],
    ['but whose addresses may be another one\'s', 'http', 'r', [ranged('HTTP'), entry('x', '', IP)], 'destination-subnets'],
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
  ])('for protocol \'%s\' asks, of a %s call, its %s rules: %s', (protocol, kind, of, expected) => {
    expect(way(kind, 'x', entry('x', protocol, IP), rules(of))).toBe(expected);
  });
});

describe('of services that share a port\'s listener for all addresses', () => {
  test.each<[string, CallKind, string, unknown[], string]>([
    ['the first that isn\'t TLS takes TCP', 'tcp', 'z', [entry('x', 'TLS'), entry('y', 'TCP'), entry('z', 'TCP')], 'y'],
    ['the first that isn\'t TLS takes HTTP where nobody listens for HTTP', 'http', 'z', [entry('x', 'TLS'), entry('y', 'TCP'), entry('z', 'TCP')], 'y'],
    ['TLS goes to the host called', 'tls', 'y', [entry('x', 'TLS'), entry('y', 'TLS'), entry('z', 'TCP')], 'y'],
    ['TLS goes to the host called before a wildcard', 'tls', 'y', [entry('w', 'TLS', { hosts: ['*.example.com'] }), entry('y', 'TLS')], 'y'],
    ['TLS goes to a wildcard around it before others', 'tls', 'y', [entry('w', 'TLS', { hosts: ['*.example.com'] }), entry('y', 'TCP')], '*'],
    ['TLS that names none of them goes to the first that takes anything', 'tls', 'x', [entry('x', 'TCP'), entry('y', 'TLS')], 'x'],
    ['TLS goes where a route names it', 'tls', 'y', [entry('x', 'TLS'), entry('y', 'TCP'), bySni(['x.example.com'], 'y.example.com', 'z')], 'z'],
    ['a TLS service whose routes name others doesn\'t take its own host', 'tls', 'x', [entry('x', 'TLS'), entry('y', 'TCP'), bySni(['x.example.com'], 'other.example.com', 'z')], 'y'],
    ['TLS for an ExternalName goes to what it stands for', 'tls', 'one.b.svc.cluster.local', [alias('one', 'y.example.com'), entry('x', 'TCP'), entry('y', 'TLS')], 'y'],
    ['TCP that nobody takes goes to the address', 'tcp', 'x', [entry('x', 'TLS')], 'address'],
  ])('%s', (_, kind, host, objects, expected) => {
    expect(way(kind, host, objects)).toBe(expected);
  });
});

describe('HTTP is matched by name', () => {
  const http = (hosts: string[], target: string, spec: Spec = {}, name = 'v') => virtualService(`b/${name}`, { hosts, http: [to(target)], ...spec });
  const ONE = 'one.b.svc.cluster.local';
  const hidden = entry('x', 'HTTP', { exportTo: ['.'] });
  test.each<[string, string, unknown[], string]>([
    ['and goes to the service of that name', 'x', [entry('x', 'HTTP')], 'x'],
    ['or to one that sniffs, though it shares the listener for all addresses', 'x', [entry('w', 'TCP'), entry('x', '')], 'x'],
    ['or where its route leads', 'x', [entry('x', 'HTTP'), http(['x.example.com'], 'z')], 'z'],
    ['to the address, where it is hidden', 'x', [hidden, entry('y', 'HTTP')], 'address'],
    ['or where a route for the hidden name leads', 'x', [hidden, entry('y', 'HTTP'), http(['x.example.com'], 'z')], 'z'],
    ['which nobody asks where nobody listens for HTTP', 'x', [hidden, http(['x.example.com'], 'z')], 'address'],
    ['and where it is hidden, to a wildcard around it', 'x', [hidden, entry('w', 'HTTP', { hosts: ['*.example.com'] })], '*'],
    ['and where it is hidden, to who takes TCP from anybody, if nobody listens for HTTP', 'x', [hidden, entry('y', 'TCP')], 'y'],
    ['as for the service behind an ExternalName', ONE, [alias('one', 'x.example.com'), service('b/x', ['http:80']), entry('x', 'HTTP')], 'x'],
    ['or where a route for the ExternalName leads', ONE, [alias('one', 'x.example.com'), entry('x', 'HTTP'), http([ONE], 'z')], 'z'],
    ['of that and one for the service behind it, the earlier', ONE, [alias('one', 'x.example.com'), entry('x', 'HTTP'), http([ONE], 'z', {}, 'v'), http(['x.example.com'], 'y', {}, 'w')], 'z'],
    ['of that and one for the service behind it, the earlier', ONE, [alias('one', 'x.example.com'), entry('x', 'HTTP'), http([ONE], 'z', {}, 'w'), http(['x.example.com'], 'y', {}, 'v')], 'y'],
    ['or it is undecided, where it isn\'t known whether istiod reads the only service that listens for HTTP', 'x.example.com', [
      hidden, http(['x.example.com'], 'y'), serviceEntry('c/h', { hosts: ['h.example.com'], ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] }),
      meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] }),
    ], 'unknown-discovery'],
    ['as where that service shares the listener for all addresses', ONE, [
      alias('one', 'x.example.com'), http([ONE], 'y'), serviceEntry('c/h', { hosts: ['h.example.com'], ports: [{ number: 80, name: 'p' }] }),
      meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] }),
    ], 'unknown-discovery'],
    ['to the address, where a Sidecar imports what is behind an ExternalName by another name only', ONE, [
      alias('one', 'x.example.com'), entry('x', 'HTTP'), sidecar('a/s', { egress: [{ hosts: ['*/x.example.com'] }] }),
    ], 'address'],
    ['to what is behind it, where a Sidecar imports both names', ONE, [
      alias('one', 'x.example.com'), entry('x', 'HTTP'), sidecar('a/s', { egress: [{ hosts: ['*/x.example.com', `*/${ONE}`] }] }),
    ], 'x'],
  ])('%s', (_, host, objects, expected) => {
    expect(way('http', host, objects)).toBe(expected);
  });
});

describe('with a wildcard host that covers all Services of the client\'s namespace', () => {
  const wildcard = (protocol: string, spec: Spec = {}) => entry('w', protocol, { hosts: ['*.a.svc.cluster.local'], ...spec });
  test.each<[string, CallKind, string, unknown[], string]>([
    ['HTTP finds no routes', 'http', 'x', [entry('x', 'HTTP'), wildcard('HTTP')], 'refused-routes'],
    ['not even to names that nobody else knows', 'http', 'x', [entry('x', 'HTTP', { exportTo: ['.'] }), wildcard('HTTP')], 'refused-routes'],
    ['nor if the wildcard\'s port is sniffed', 'http', 'x', [entry('x', 'HTTP'), wildcard('')], 'refused-routes'],
    ['nor if only one of the wildcard\'s ports is HTTP', 'http', 'x', [entry('x', 'HTTP'), wildcard('', { ports: [{ number: 81, name: 'tcp', protocol: 'TCP' }, { number: 80, name: 'http', protocol: 'HTTP' }] })], 'refused-routes'],
    ['nor where a listener of its own asks for them', 'http', 'x', [entry('x', '', IP), wildcard('HTTP')], 'refused-routes'],
    ['nor on other ports', 'http', 'x', [entry('x', 'HTTP'), wildcard('HTTP', { ports: [{ number: 81, name: 'p', protocol: 'HTTP' }] })], 'refused-routes'],
    ['which is undecided where the wildcard\'s namespace is unknown', 'http', 'x', [
      serviceEntry('a/x', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] }), serviceEntry('c/w', { hosts: ['*.a.svc.cluster.local'], ports: [{ number: 80, name: 'p', protocol: 'HTTP' }] }),
      meshConfig({ discoverySelectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] }),
    ], 'unknown-discovery'],
    ['but where nobody listens for HTTP it needs none', 'http', 'x', [entry('x', 'HTTP', { exportTo: ['.'] }), wildcard('HTTP', { ports: [{ number: 81, name: 'p', protocol: 'HTTP' }] })], 'address'],
    ['TCP needs none', 'tcp', 'x', [entry('x', 'TCP', IP), wildcard('HTTP')], 'x'],
    ['and so it is with HTTP, if nobody listens for it', 'http', 'x', [entry('x', 'TCP'), wildcard('', IP)], 'x'],
    ['or if the wildcard is TCP', 'http', 'x', [entry('x', 'HTTP'), wildcard('TCP')], 'x'],
    ['or hidden', 'http', 'x', [entry('x', 'HTTP'), wildcard('HTTP', { exportTo: ['.'] })], 'x'],
    ['or for the Services of another namespace', 'http', 'x', [entry('x', 'HTTP'), wildcard('HTTP', { hosts: ['*.b.svc.cluster.local'] })], 'x'],
  ])('%s', (_, kind, host, objects, expected) => {
    expect(way(kind, host, objects)).toBe(expected);
  });
});

test.each<[string, unknown, string]>([
  ['goes to the address', [], 'address'],
  ['goes nowhere, if the mesh config forbids it', meshConfig({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }), 'nowhere'],
  ['goes to a proxy of the Sidecar\'s choice', sidecar('a/s', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY', egressProxy: { host: 'p' } } }), 'egress-proxy'],
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
