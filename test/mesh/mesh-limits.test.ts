import { LimitError } from '../../src/findings/refusal';
import { connections, deployment, destinationRule, injected, mesh, peerAuthentication, service, serviceEntry } from '../support/meshes/mesh';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const ports = (count: number) => times(count, (index) => ({ name: `http-${index}`, number: index + 1, protocol: 'HTTP' }));
const hosts = (count: number) => times(count, (index) => `h${index}.example.com`);
const endpoints = (count: number) => times(count, (index) => ({ address: `10.0.${Math.floor(index / 256)}.${index % 256}` }));
const entry = (spec: object) => serviceEntry('b/e', { ports: ports(1), resolution: 'STATIC', location: 'MESH_INTERNAL', ...spec });
const headless = (count: number) => times(count, (index) => service(`b/s${index}`, ['tcp:9000'], { clusterIP: 'None', selector: { app: 'x' } }));
const apart = (count: number) => times(count, (index) => destinationRule(`b/r${index}`, { host: 'x', exportTo: [`ns-${index}`] }));
const alternating = (count: number) => times(count, (index) => destinationRule(`b/r${index}`, { host: 'x', exportTo: [index % 2 ? '.' : '*'] }));
const revisions = (count: number) => times(count, (index) => peerAuthentication(`b/p${index}`, {}, { labels: { 'istio.io/rev': `r${index}` } }));
const rivals = (count: number) => times(count, (index) => [
  peerAuthentication(`b/p${index}`, { selector: { matchLabels: { app: 'x' } } }), deployment(`b/x${index}`, { labels: { app: 'x' } }),
]);

test.each([
  ['hosts and endpoints of a ServiceEntry', [entry({ hosts: hosts(256), endpoints: endpoints(4096) })], /^ServiceEntry 'b\/e': .* 'h\d+\.example\.com', .* 172910; .*list fewer hosts, ports or endpoints/],
  ['ports and endpoints of a ServiceEntry', [entry({ hosts: hosts(1), ports: ports(256), endpoints: endpoints(4096) })], /^ServiceEntry 'b\/e': /],
  ['addresses and endpoints of a ServiceEntry', [entry({ hosts: hosts(1), addresses: endpoints(256).map(({ address }) => address), endpoints: endpoints(4096) })], /^ServiceEntry 'b\/e': /],
  ['hosts and ports of a ServiceEntry', [entry({ hosts: hosts(256), ports: ports(256) })], /^ServiceEntry 'b\/e': .* 57\d+ ports of all services /],
  ['services that select one pod', [deployment('b/x'), headless(400)], /^Service 'b\/s\d+': .* because they share an address or pods/],
  ['services and workloads of one selector', [times(400, (index) => [deployment(`b/d${index}`, { labels: { app: 'x' } }), service(`b/s${index}`, [80], { selector: { app: 'x' } })])], /^Service 'b\/s\d+': .* servers of all service ports/],
  ['rules for a host that don\'t merge', apart(1001), /^DestinationRule 'b\/r\d+': spec\.host is 'x\.b\.svc\.cluster\.local', .* at most 1000 such rules/],
  ['rules for a host that each merge with several', alternating(500), /^DestinationRule 'b\/r\d+': spec\.host/],
  ['revisions', revisions(101), /^PeerAuthentication 'b\/p\d+': metadata\.labels\[istio\.io\/rev\] is 'r\d+', one more than 100 other revisions; /],
  ['policies and workloads of one selector', [rivals(400)], /^PeerAuthentication 'b\/p0': spec\.selector\.matchLabels is \{"app":"x"\}/],
])('too many %s throw a LimitError with a fix', (_, objects, message) => {
  const model = () => connections([injected('b'), service('b/x'), deployment('b/client'), objects]);
  expect(model).toThrow(LimitError);
  expect(model).toThrow(message);
  expect(model).toThrow(/Fix: .* \[API090\]$/);
});

test.each([
  ['hosts and endpoints of a ServiceEntry', [entry({ hosts: hosts(50), endpoints: endpoints(300) })]],
  ['hosts and ports of a ServiceEntry', [entry({ hosts: hosts(50), ports: ports(50) })]],
  ['services that select one pod', [deployment('b/x'), headless(60)]],
  ['rules for a host that don\'t merge', apart(300)],
  ['rules for a host that merge', times(5000, (index) => destinationRule(`b/r${index}`, { host: 'x', subsets: [{ name: `v${index}` }] }))],
  ['revisions', revisions(100)],
  ['policies and workloads of one selector', [rivals(60)]],
])('a mesh may have many %s', (_, objects) => {
  expect(() => mesh([injected('b'), service('b/x'), deployment('b/client'), objects]).summary()).not.toThrow();
});

test('the hosts of a ServiceEntry share its endpoints', () => {
  const { registry } = mesh([injected('b'), entry({ hosts: hosts(2), endpoints: endpoints(3) })]);
  const [one, other] = registry.services.map((known) => registry.endpointsOf(known, known.ports[0]));
  expect(one).toHaveLength(3);
  expect(other).toBe(one);
});

test('hosts that two ServiceEntries share have the endpoints of both', () => {
  const other = serviceEntry('b/f', { hosts: hosts(1), ports: ports(1), resolution: 'STATIC', endpoints: [{ address: '10.1.0.1' }] });
  const { registry } = mesh([injected('b'), entry({ hosts: hosts(2), endpoints: endpoints(3) }), other]);
  const addresses = (host: string) => {
    const [known] = registry.byHost.get(host)!;
    return registry.endpointsOf(known, known.ports[0]).map(({ machine }) => machine!.address);
  };
  expect(addresses('h0.example.com')).toEqual(['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.1.0.1']);
  expect(addresses('h1.example.com')).toEqual(['10.0.0.0', '10.0.0.1', '10.0.0.2']);
});
