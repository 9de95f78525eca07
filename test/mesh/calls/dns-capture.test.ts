import { connections, deployment, injected, meshConfig, service, serviceEntry } from '../../support/mesh';

const CAPTURED = meshConfig({ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } });
const port = (protocol: string, number = 443) => ({ number, name: protocol.toLowerCase(), protocol });
const entry = (name: string, protocol = 'TCP', more: object = {}) =>
  serviceEntry(`a/${name}`, { hosts: [`${name}.example.com`], resolution: 'DNS', ports: [port(protocol)], endpoints: [{ address: '192.0.2.9' }], ...more });
/** Why calls to a host are undecided, with a sidecar that answers DNS requests and one that doesn't. */
const undecided = (host: string, ...objects: unknown[]) => [[CAPTURED], []].map((config) =>
  connections([injected('a'), deployment('a/client'), config, objects]).find(({ requested }) => requested.host === host)?.undecidedBecause);

test.each<[string, string, unknown[], string | undefined]>([
  ['the only entry without an address on the port', 'one.example.com', [entry('one')], undefined],
  ['one of two without an address', 'one.example.com', [entry('one'), entry('two')], 'dns-capture'],
  ['one for HTTP beside one that takes all calls on the port', 'one.example.com', [entry('one', 'HTTP'), entry('two')], 'dns-capture'],
  ['one of two for HTTP, which are told by host', 'one.example.com', [entry('one', 'HTTP'), entry('two', 'HTTP')], undefined],
  ['one with an address beside one without', 'one.example.com', [entry('one', 'TCP', { addresses: ['192.0.2.1'] }), entry('two')], undefined],
  ['one that is hidden, with an address, beside one without', 'one.example.com', [entry('one', 'TCP', { addresses: ['192.0.2.1'], exportTo: ['b'] }), entry('two')], 'dns-capture'],
  ['a Service with an address beside an entry without', 'web.a.svc.cluster.local', [deployment('a/web'), service('a/web', ['tcp:443']), entry('two')], undefined],
  ['a headless Service beside an entry without an address', 'web.a.svc.cluster.local', [deployment('a/web'), service('a/web', ['tcp:443'], { clusterIP: 'None' }), entry('two')], 'dns-capture'],
  ['one that is sniffed beside a Service for HTTP', 'one.example.com', [entry('one', '', { ports: [{ number: 443, name: 'p' }] }), service('a/web', ['http:443'])], 'dns-capture'],
  ['one for TCP beside a Service for HTTP', 'one.example.com', [entry('one'), service('a/web', ['http:443'])], undefined],
  ['a Service for HTTP beside an entry for MySQL', 'web.a.svc.cluster.local', [service('a/web', ['http:443']), entry('two', 'MySQL')], 'dns-capture'],
  ['a Service for HTTP beside an entry for TCP', 'web.a.svc.cluster.local', [deployment('a/web'), service('a/web', ['http:443']), entry('two')], undefined],
])('calls to %s', (_, host, objects, expected) => {
  expect(undecided(host, ...objects)).toEqual([expected, undefined]);
});
