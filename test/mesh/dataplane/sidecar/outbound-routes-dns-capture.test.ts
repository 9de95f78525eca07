import { connections, deployment, injected, mesh, meshConfig, namespace, service, serviceEntry } from '../../../support/meshes/mesh';

const CAPTURED = meshConfig({ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } });
const port = (protocol: string, number = 443) => ({ number, name: protocol.toLowerCase(), protocol });
const entry = (name: string, protocol = 'TCP', more: object = {}) =>
  serviceEntry(`a/${name}`, { hosts: [`${name}.example.com`], resolution: 'DNS', ports: [port(protocol)], endpoints: [{ address: '192.0.2.9' }], ...more });
/** A younger entry, whose address another host has too. */
const SHARED = serviceEntry('b/shared', { hosts: ['three.example.com', 'one.example.com'], addresses: ['192.0.2.1'], ports: [port('TCP')] });
/** Another entry of a host. */
const other = (protocol: string, more: object = {}, fields: object = {}) =>
  serviceEntry('b/other', { hosts: ['one.example.com'], resolution: 'DNS', ports: [port(protocol)], ...more }, fields);
const AT = { addresses: ['192.0.2.1'] };
const OLD = { creationTimestamp: '2020-01-01T00:00:00Z' };
/** Why calls to a host are undecided, with a sidecar that answers DNS requests and one that doesn't. */
const undecided = (host: string, ...objects: unknown[]) => [[CAPTURED], []].map((config) =>
  connections([injected('a'), deployment('a/client'), config, objects]).find(({ requested }) => requested.host === host)?.undecidedBecause);

test.each<[string, string, unknown[], string | undefined]>([
  ['the only entry without an address on the port', 'one.example.com', [entry('one')], undefined],
  ['one of two entries without an address', 'one.example.com', [entry('one'), entry('two')], 'dns-capture'],
  ['an HTTP entry beside one that takes all calls on the port', 'one.example.com', [entry('one', 'HTTP'), entry('two')], 'dns-capture'],
  ['one of two HTTP entries, which are distinguished by host', 'one.example.com', [entry('one', 'HTTP'), entry('two', 'HTTP')], undefined],
  ['an entry with an address beside one without', 'one.example.com', [entry('one', 'TCP', { addresses: ['192.0.2.1'] }), entry('two')], undefined],
  ['an entry with an address that isn\'t exported to the client, beside one without', 'one.example.com', [entry('one', 'TCP', { addresses: ['192.0.2.1'], exportTo: ['b'] }), entry('two')], 'dns-capture'],
  ['a Service with an address beside an entry without one', 'web.a.svc.cluster.local', [deployment('a/web'), service('a/web', ['tcp:443']), entry('two')], undefined],
  ['a headless Service beside an entry without an address', 'web.a.svc.cluster.local', [deployment('a/web'), service('a/web', ['tcp:443'], { clusterIP: 'None' }), entry('two')], 'dns-capture'],
  ['an entry that sniffs beside an HTTP Service', 'one.example.com', [entry('one', '', { ports: [{ number: 443, name: 'p' }] }), service('a/web', ['http:443'])], 'dns-capture'],
  ['a TCP entry beside an HTTP Service', 'one.example.com', [entry('one'), service('a/web', ['http:443'])], undefined],
  ['an HTTP Service beside a MySQL entry', 'web.a.svc.cluster.local', [service('a/web', ['http:443']), entry('two', 'MySQL')], 'dns-capture'],
  ['an HTTP Service beside a TCP entry', 'web.a.svc.cluster.local', [deployment('a/web'), service('a/web', ['http:443']), entry('two')], undefined],
  ['an entry without the port beside one of its host that has it', 'one.example.com', [entry('one', 'TCP', { ports: [] }), SHARED], 'dns-capture'],
  ['an entry without the port beside one of its host that has it at an address', 'one.example.com', [
    entry('one', 'TCP', { ports: [] }), serviceEntry('b/one', { hosts: ['one.example.com'], addresses: ['192.0.2.1'], ports: [port('TCP')] }),
  ], 'dns-capture'],
  ['an entry with resolution NONE beside one of its host', 'one.example.com', [entry('one', 'TCP', { ports: [], resolution: 'NONE', endpoints: undefined }), SHARED], undefined],
  ['a TLS entry beside an HTTP entry of its host', 'one.example.com', [
    entry('one', 'TLS'), serviceEntry('b/one', { hosts: ['one.example.com'], ports: [port('HTTP')] }),
  ], 'dns-capture'],
  ['one for TLS beside a hidden one of its host', 'one.example.com', [entry('one', 'TLS'), other('HTTP', { exportTo: ['.'] })], 'dns-capture'],
  ['one that is hidden, for TLS, beside another hidden one of its host', 'one.example.com', [
    namespace('b'), entry('one', 'TLS', { exportTo: ['b'] }), other('HTTP', { exportTo: ['.'] }),
  ], undefined],
  ['one for TCP beside another of its host for HTTP, where HTTP goes by its name', 'one.example.com', [
    entry('one'), other('HTTP'), service('a/web', ['http:443']),
  ], 'dns-capture'],
  ['one for TCP beside an older one of its host for HTTP, with an address, where HTTP goes by its name', 'one.example.com', [
    entry('one'), other('HTTP', AT, OLD), service('a/web', ['http:443']),
  ], 'dns-capture'],
  ['one for TCP beside another of its host for HTTP, where none goes by its name', 'one.example.com', [entry('one'), other('HTTP')], undefined],
  ['one for TCP beside another of its host for TLS, with an address', 'one.example.com', [entry('one'), other('TLS', AT), service('a/web', ['http:443'])], undefined],
  ['one that is sniffed beside an older one of its host with an address, and a Service for HTTP', 'one.example.com', [
    entry('one', '', { ports: [{ number: 443, name: 'p' }] }), other('HTTP', AT, OLD), service('a/web', ['http:443']),
  ], 'dns-capture'],
  ['one for HTTP beside another of its host for TCP, with an address', 'one.example.com', [entry('one', 'HTTP'), other('TCP', AT)], 'dns-capture'],
  ['one beside another of its host for HTTP, with an address', 'one.example.com', [
    entry('one', 'HTTP'), serviceEntry('b/two', { hosts: ['one.example.com'], addresses: ['192.0.2.1'], ports: [port('HTTP')] }),
  ], undefined],
])('with DNS capture, are calls undecided to %s', (_, host, objects, expected) => {
  expect(undecided(host, ...objects)).toEqual([expected, undefined]);
});

test('with DNS auto-allocation a call uses the allocated address, not the listener at a listed one', () => {
  const found = connections([injected('a'), deployment('a/client'), CAPTURED, entry('one'), SHARED]).filter(({ requested }) => requested.host === 'one.example.com');
  expect(found.map(({ service: { host }, undecidedBecause }) => [host, undecidedBecause])).toEqual([
    ['one.example.com', undefined],
    ['three.example.com', 'dns-capture'],
  ]);
});

test('the listener for a call to an allocated address has no reason', () => {
  const departures = (...more: unknown[]) => {
    const { decisions, workloads: [client] } = mesh([injected('a'), deployment('a/client'), entry('one', 'TCP', { ports: [] }), SHARED, more]);
    return decisions.calls.filter(({ host }) => host === 'one.example.com').flatMap((call) => decisions.outboundMatches(client, call).map(({ listener: { at } }) => at));
  };
  expect(departures()).toEqual(['address']);
  expect(departures(CAPTURED)).toEqual([]);
});
