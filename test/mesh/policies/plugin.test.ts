import { deployment, connections, envoyFilter, injected, mesh, service, toHost, virtualService } from '../../support/meshes/mesh';

// HTTP filters that somebody adds before a client's router: Envoy chooses the route anew after some of them.

const TO_90 = toHost('server', { port: { number: 90 } });
const BY_HEADER = { match: [{ headers: { end: { exact: 'jason' } } }], ...TO_90 };
const BY_PATH = { match: [{ uri: { prefix: '/api' } }], ...TO_90 };
const ALL = toHost('server', { port: { number: 80 } });
const world = (http: object[], ...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('a/other'),
  deployment('b/server', { ports: [{ containerPort: 80 }, { containerPort: 90 }] }), service('b/server', ['http:80', 'http-b:90', 'tcp:70']),
  virtualService('b/v', { hosts: ['server'], http }), more];

/** Which calls from namespace a to b/server are undecided because a filter may change the request. */
const undecided = (http: object[], ...more: unknown[]) => [...new Set(connections(world(http, ...more))
  .filter(({ client, undecidedBecause }) => undecidedBecause === 'request-filter' && client.namespace === 'a').map(({ client, requested }) => `${client.name}:${requested.port}`))].sort();
const HTTP = ['client:80', 'client:90', 'other:80', 'other:90'];

const plugin = (kind: string, spec: object, path = 'a/p', labels: object = {}) => {
  const [namespace, name] = path.split('/');
  return { apiVersion: 'extensions.istio.io/v1alpha1', kind, metadata: { namespace, name, labels }, spec };
};
const wasm = (spec: object = {}, path?: string) => plugin('WasmPlugin', { url: 'oci://example.com/plugin', ...spec }, path);
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http';
const inserted = (typed_config: object | undefined, { operation = 'INSERT_BEFORE', context = 'SIDECAR_OUTBOUND', match = {} } = {}) => envoyFilter('a/f', {
  configPatches: [{ applyTo: 'HTTP_FILTER', match: { context, ...match }, patch: { operation, value: typed_config && { name: 'own', typed_config } } }],
});
const LUA = { '@type': `${TYPE}.lua.v3.Lua` };

test('the route that the request chooses is undecided, with the filter as the reason', () => {
  const one = connections(world([BY_HEADER, ALL], inserted(LUA))).find(({ requested }) => requested.port === 80)!;
  expect(one).toMatchObject({ clientTls: 'UNKNOWN', outcome: 'undecided', undecidedBecause: 'request-filter' });
  expect(one.because).toContainEqual({ kind: 'EnvoyFilter', namespace: 'a', name: 'f', field: 'spec.configPatches[0]', effect: 'may change what VirtualService b/v routes by' });
  expect(mesh(world([BY_HEADER, ALL], inserted(LUA))).missingFacts()).toContainEqual({ need: 'model', subject: 'EnvoyFilter a/f', connections: 8 });
  expect(undecided([BY_HEADER, ALL])).toEqual([]);
});

test.each<[string, object[], string[]]>([
  ['by a header', [BY_HEADER, ALL], HTTP],
  ['by the path', [BY_PATH, ALL], HTTP],
  ['by a header, without another rule', [BY_HEADER], HTTP],
  ['by a method', [{ match: [{ method: { exact: 'GET' } }], ...TO_90 }, ALL], HTTP],
  ['by a method, all to one destination, stay decided', [{ match: [{ method: { exact: 'GET' } }], ...ALL }, ALL], []],
  ['by a method, with mirrored copies', [{ match: [{ method: { exact: 'GET' } }], ...ALL, mirror: { host: 'server' } }, ALL], HTTP],
  ['without a condition first stay decided', [ALL, BY_HEADER], []],
  ['by any path stay decided', [{ match: [{ uri: { prefix: '/' } }], ...ALL }, BY_HEADER], []],
  ['by the port stay decided', [{ match: [{ port: 80 }], ...ALL }, ALL], []],
  ['by the port and a header', [{ match: [{ port: 80, headers: { end: { exact: 'jason' } } }], ...TO_90 }, ALL], ['client:80', 'other:80']],
])('a WasmPlugin leaves routes undecided: %s', (_, http, expected) => {
  expect(undecided(http, wasm())).toEqual(expected);
});

test.each<[string, object, string[]]>([
  ['a Lua filter', inserted(LUA), HTTP],
  ['a Lua filter as a TypedStruct', inserted({ '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct', 'type_url': `${TYPE}.lua.v3.Lua` }), HTTP],
  ['a filter by reference', inserted(undefined), HTTP],
  ['an external processor for any context', inserted({ '@type': `${TYPE}.ext_proc.v3.ExternalProcessor` }, { context: 'ANY' }), HTTP],
  ['not a Lua filter at servers', inserted(LUA, { context: 'SIDECAR_INBOUND' }), []],
  ['not a Lua filter at gateways', inserted(LUA, { context: 'GATEWAY' }), []],
  ['a Lua filter on a port', inserted(LUA, { match: { listener: { portNumber: 80 } } }), ['client:80', 'other:80']],
  ['not a local rate limit', inserted({ '@type': `${TYPE}.local_ratelimit.v3.LocalRateLimit` }), []],
  ['not a local rate limit as a TypedStruct', inserted({ '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct', 'type_url': `${TYPE}.local_ratelimit.v3.LocalRateLimit` }), []],
  ['a WasmPlugin', wasm(), HTTP],
  ['a WasmPlugin of the root namespace', wasm({}, 'istio-system/p'), HTTP],
  ['not a WasmPlugin of another namespace', wasm({}, 'b/p'), []],
  ['a WasmPlugin for some pods', wasm({ selector: { matchLabels: { app: 'client' } } }), ['client:80', 'client:90']],
  ['a WasmPlugin with mode CLIENT', wasm({ match: [{ mode: 'CLIENT' }] }), HTTP],
  ['not a WasmPlugin with mode SERVER', wasm({ match: [{ mode: 'SERVER' }] }), []],
  ['a WasmPlugin for a port', wasm({ match: [{ mode: 'SERVER' }, { ports: [{ number: 90 }] }] }), ['client:90', 'other:90']],
  ['not a WasmPlugin of type NETWORK', wasm({ type: 'NETWORK' }), []],
  ['not a WasmPlugin of a waypoint', wasm({ targetRefs: [{ kind: 'Gateway', name: 'waypoint' }] }), []],
  ['not a WasmPlugin of a waypoint by targetRef', wasm({ targetRef: { kind: 'Gateway', name: 'waypoint' } }), []],
  ['a TrafficExtension with Lua', plugin('TrafficExtension', { lua: { inlineCode: 'function envoy_on_request(h) end' } }), HTTP],
  ['not a TrafficExtension of type NETWORK', plugin('TrafficExtension', { wasm: { url: 'oci://x', type: 'NETWORK' } }), []],
  ['not a WasmPlugin of another revision', plugin('WasmPlugin', { url: 'oci://x' }, 'a/p', { 'istio.io/rev': 'canary' }), []],
])('routes by header are undecided because of %s', (_, filter, expected) => {
  expect(undecided([BY_HEADER, ALL], filter)).toEqual(expected);
});
