// Gateway API routes for Services and ServiceEntries: which calls they may affect, including those of servers to themselves.
import { Connection } from '../../../src/mesh/calls/connections';
import { connections, deployment, destinationRule, gatewayApi, injected, mesh, meshConfig, service, serviceEntry, sidecar, tls, toHost, virtualService } from '../../support/meshes/mesh';

const parent = (name: string, more = {}) => ({ group: '', kind: 'Service', name, ...more });
const rules = (name = 'other', more = {}) => [{ backendRefs: [{ name, port: 80, ...more }] }];
const world = (...more: unknown[]) => [injected('a', 'b', 'c'), deployment('a/client'), deployment('b/near'), deployment('b/server'), deployment('c/caller'), deployment('b/other'),
  service('b/server', ['http:80', 'tcp:90', 'tls:443']), service('b/other', ['http:80']), more];

/** The clients whose calls a route leaves undecided, and the port of b/server. */
function touched(objects: unknown[], host = 'server.b.svc.cluster.local'): string[] {
  const isTouched = ({ undecidedBecause, requested }: Connection) => undecidedBecause === 'gateway-api-route' && requested.host === host;
  return connections(objects).filter(isTouched).map(({ client, requested }) => `${client.namespace}/${client.name}:${requested.port}`).sort();
}

test('an HTTP route of the service\'s namespace may receive the HTTP calls of all clients, with that reason', () => {
  const objects = world(gatewayApi('HTTPRoute', 'b/r', { parentRefs: [parent('server')], rules: rules() }));
  expect(touched(objects)).toEqual(['a/client:80', 'b/near:80', 'b/other:80', 'b/server:80', 'c/caller:80']);
  const told = connections(objects).find(({ undecidedBecause }) => undecidedBecause !== undefined)!;
  expect(told).toMatchObject({ clientTls: 'UNKNOWN', outcome: 'undecided', because: [{ kind: 'HTTPRoute', namespace: 'b', name: 'r', field: 'spec.parentRefs', effect: 'may send the call elsewhere' }] });
  expect(mesh(objects).missingFacts()).toEqual([{ need: 'model', subject: 'HTTPRoute b/r', connections: 5 }]);
});

test.each(['HTTPRoute', 'GRPCRoute'])('a %s in another namespace takes only the calls of clients there', (kind) => {
  expect(touched(world(gatewayApi(kind, 'a/r', { parentRefs: [parent('server', { namespace: 'b' })], rules: rules() })))).toEqual(['a/client:80']);
  expect(touched(world(gatewayApi(kind, 'd/r', { parentRefs: [parent('server', { namespace: 'b' })], rules: rules() })))).toEqual([]);
});

test('an HTTPRoute and a GRPCRoute of one name leave the calls to the Services of both undecided, on every port', () => {
  const pair = (name: string, port?: number) => [gatewayApi('HTTPRoute', 'b/r', { parentRefs: [parent('server', port ? { port } : {})], rules: rules() }), gatewayApi('GRPCRoute', `b/${name}`, { parentRefs: [parent('other', { port: 90 })], rules: rules() })];
  expect(touched(world(...pair('s')), 'other.b.svc.cluster.local')).toEqual([]);
  expect(touched(world(...pair('r')), 'other.b.svc.cluster.local').length).toBeGreaterThan(0);
  expect([touched(world(...pair('s', 81))), touched(world(...pair('r', 81))).length > 0]).toEqual([[], true]);
});

test('a GRPCRoute without rules has no effect', () => {
  expect(touched(world(gatewayApi('GRPCRoute', 'b/r', { parentRefs: [parent('server')] })))).toEqual([]);
});

test.each([['TCPRoute', 90], ['TLSRoute', 443]])('a %s takes the calls of all clients, in any namespace', (kind, port) => {
  expect(touched(world(gatewayApi(kind, 'c/r', { parentRefs: [parent('server', { namespace: 'b' })], rules: rules() })))).toEqual([`a/client:${port}`, `b/near:${port}`, `b/other:${port}`, `b/server:${port}`, `c/caller:${port}`]);
});

// The Services in d are unknown.
test.each([['b', 'server'], ['d', 'unknown']])('under a wildcard that listens on all addresses, a TCPRoute for %s/%s takes calls without their own listener', (namespace, name) => {
  const entry = (path: string, host: string, protocol: string, more = {}) =>
    serviceEntry(path, { hosts: [host], ports: [{ number: 90, name: 'p', protocol }], location: 'MESH_EXTERNAL', resolution: 'DNS', ...more });
  const objects = (address: object) => world(
    entry('b/wild', `*.${namespace}.svc.cluster.local`, 'TCP', { resolution: 'NONE', ...address }), entry('c/foreign', 'x.example.com', 'TCP'),
    service('c/hidden', ['tcp:90'], { annotations: { 'networking.istio.io/exportTo': '.' } }), service('c/seen', ['tcp:90']),
    gatewayApi('TCPRoute', 'b/r', { parentRefs: [parent(name, { namespace })], rules: rules() }),
  );
  const touchedBy = (host: string, address = {}) => touched(objects(address), host);
  const all = ['a/client:90', 'b/near:90', 'b/other:90', 'b/server:90', 'c/caller:90'];
  expect(touchedBy('x.example.com')).toEqual(all);
  expect(touchedBy('hidden.c.svc.cluster.local')).toEqual(all.slice(0, -1));
  expect(touchedBy('seen.c.svc.cluster.local')).toEqual([]);
  expect(touchedBy('x.example.com', { addresses: ['192.0.2.1'] })).toEqual([]);
});

test('parentRefs.port limits a route', () => {
  const route = (port: number) => gatewayApi('HTTPRoute', 'b/r', { parentRefs: [parent('server', { port })], rules: rules() });
  expect([touched(world(route(80))).length, touched(world(route(81))).length]).toEqual([5, 0]);
});

test('routes on gateways, references without a group and routes of other revisions have no effect', () => {
  const refs = [[{ name: 'server' }], [{ kind: 'Service', name: 'server' }], [parent('nobody')], []];
  for (const parentRefs of refs) expect(touched(world(gatewayApi('HTTPRoute', 'b/r', { parentRefs, rules: rules() })))).toEqual([]);
  const labelled = gatewayApi('HTTPRoute', 'b/r', { parentRefs: [parent('server')], rules: rules() }, { labels: { 'istio.io/rev': 'canary' } });
  expect(touched(world(labelled))).toEqual([]);
});

test('a ServiceEntry is a parent by its hosts, and its own namespace is the service\'s', () => {
  const entry = serviceEntry('b/e', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' });
  const route = (path: string) => gatewayApi('HTTPRoute', path, { parentRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'e', namespace: 'b' }], rules: rules() });
  expect(touched(world(entry, route('b/r')), 'x.example.com')).toEqual(['a/client:80', 'b/near:80', 'b/other:80', 'b/server:80', 'c/caller:80']);
  expect(touched(world(entry, route('a/r')), 'x.example.com')).toEqual(['a/client:80']);
  expect(touched(world(route('b/r')), 'x.example.com')).toEqual([]);
});

test('a route precedes public VirtualServices, and follows those of the client\'s namespace', () => {
  const route = gatewayApi('HTTPRoute', 'b/r', { parentRefs: [parent('server')], rules: rules() });
  const own = (exportTo: string[] | undefined) => virtualService('a/a', { hosts: ['server.b.svc.cluster.local'], exportTo, http: [toHost('other.b.svc.cluster.local')] });
  expect(touched(world(route, own(undefined)))).toContain('a/client:80');
  expect(touched(world(route, own(['.'])))).not.toContain('a/client:80');
});

test('defaultVirtualServiceExportTo applies to a route too', () => {
  const route = gatewayApi('HTTPRoute', 'b/r', { parentRefs: [parent('server')], rules: rules() });
  expect(touched(world(route, meshConfig({ defaultVirtualServiceExportTo: ['.'] })))).toEqual(['b/near:80', 'b/other:80', 'b/server:80']);
});

// A destination that an egress listener with a port learns by its UDP port has no TCP port of that number: rules don't apply.
test('proxies get to know its destinations: a Service, a host, a mirror, unless istiod rejects the reference', () => {
  const imports = sidecar('a/s', { egress: [{ port: { number: 80, name: 'tcp', protocol: 'TCP' }, hosts: ['b/server.b.svc.cluster.local'] }, { hosts: ['*/*'] }] });
  const other = service('b/other', [{ name: 'dns', port: 80, protocol: 'UDP' }, 'tcp:80']);
  const entry = serviceEntry('b/e', { hosts: ['x.example.com'], ports: [{ number: 80, name: 'dns', protocol: 'UDP' }, { number: 80, name: 'tcp', protocol: 'TCP' }], resolution: 'DNS' });
  const mutual = [destinationRule('b/o', { host: 'other', ...tls('ISTIO_MUTUAL') }), destinationRule('b/x', { host: 'x.example.com', ...tls('ISTIO_MUTUAL') })];
  const objects = [injected('a', 'b'), deployment('a/client'), deployment('b/server'), deployment('b/other'), service('b/server', ['tcp:80']), other, entry, imports, mutual];
  const learned = (host: string, backendRefs: unknown[], filters: unknown[] = [], name = 'server') =>
    connections([...objects, gatewayApi('GRPCRoute', 'b/r', { parentRefs: [parent(name)], rules: [{ backendRefs, filters }] })])
      .filter(({ client, requested }) => client.namespace === 'a' && requested.host === host).map(({ clientTls }) => clientTls !== 'ISTIO_MUTUAL');
  const [one, two] = ['other.b.svc.cluster.local', 'x.example.com'];
  const hostname = { group: 'networking.istio.io', kind: 'Hostname', name: two, port: 80 };
  expect([
    learned(one, [{ name: 'other', port: 80 }]), learned(two, [hostname]),
    learned(one, [{ group: 'x', kind: 'Y', name: 'z', port: 80 }], [{ requestMirror: { backendRef: { name: 'other', namespace: 'b', port: 80 } } }]),
  ]).toEqual([[true], [true], [true]]);
  expect([
    learned(one, []), learned(one, [{ name: 'other' }]), learned(one, [{ name: 'other.b', port: 80 }]), learned(two, [{ ...hostname, namespace: 'b' }]),
    learned(one, [{ name: 'other', port: 80 }], [], 'missing'),
  ]).toEqual(Array(5).fill([false]));
});
