// EnvoyFilters: patches that change transport and routes on either side, and some that don't.
import fc from 'fast-check';
import { appName, containerPort, maybe, namespace, objects, present, selector, servicePort } from './words';

const TYPE = 'type.googleapis.com/envoy';
const PLAINTEXT = { transport_socket: { name: 'envoy.transport_sockets.raw_buffer', typed_config: { '@type': `${TYPE}.extensions.transport_sockets.raw_buffer.v3.RawBuffer` } } };
const FORWARD = { name: 'envoy.filters.network.tcp_proxy', typed_config: { '@type': `${TYPE}.extensions.filters.network.tcp_proxy.v3.TcpProxy`, 'stat_prefix': 'forward', 'cluster': 'PassthroughCluster' } };
const LUA = { name: 'envoy.filters.http.lua', typed_config: { '@type': `${TYPE}.extensions.filters.http.lua.v3.Lua`, 'default_source_code': { inline_string: 'function envoy_on_request(handle) handle:headers():replace("end", "user") end' } } };
const RATE_LIMIT = { name: 'envoy.filters.http.local_ratelimit', typed_config: { '@type': `${TYPE}.extensions.filters.http.local_ratelimit.v3.LocalRateLimit`, 'stat_prefix': 'limit' } };

const context = fc.constantFrom(undefined, 'ANY', 'SIDECAR_OUTBOUND', 'SIDECAR_OUTBOUND', 'SIDECAR_INBOUND', 'SIDECAR_INBOUND', 'GATEWAY');

const clusterMatch = maybe(fc.oneof(
  fc.record({ service: maybe(fc.tuple(appName, namespace).map(([app, ns]) => `${app}.${ns}.svc.cluster.local`)), portNumber: maybe(servicePort) }).map(present),
  fc.tuple(servicePort, appName, namespace).map(([port, app, ns]) => ({ name: `outbound|${port}||${app}.${ns}.svc.cluster.local` })),
  fc.constant({ name: 'PassthroughCluster' }),
), 2);
const port = maybe(fc.oneof(servicePort, containerPort), 2);
const listenerMatch = port.map((portNumber) => (portNumber === undefined ? undefined : { portNumber }));
const HTTP_CHAIN = { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } };
const routeMatch = maybe(servicePort, 2).map((portNumber) => (portNumber === undefined ? undefined : { portNumber }));

const patches = fc.oneof(
  {
    weight: 4, arbitrary: fc.tuple(clusterMatch, fc.constantFrom({ operation: 'MERGE', value: PLAINTEXT }, { operation: 'REMOVE' }))
      .map(([cluster, patch]) => ({ applyTo: 'CLUSTER', match: { cluster }, patch })),
  },
  // The simulator gives up on chains whose socket is a mixture.
  { weight: 2, arbitrary: listenerMatch.map((listener) => ({ applyTo: 'FILTER_CHAIN', match: { listener }, patch: { operation: 'REMOVE' } })) },
  { weight: 1, arbitrary: listenerMatch.map((listener) => ({ applyTo: 'NETWORK_FILTER', match: { listener }, patch: { operation: 'INSERT_FIRST', value: FORWARD } })) },
  { weight: 1, arbitrary: listenerMatch.map((listener) => ({ applyTo: 'LISTENER', match: { listener }, patch: { operation: 'REMOVE' } })) },
  { weight: 2, arbitrary: routeMatch.map((routeConfiguration) => ({ applyTo: 'HTTP_ROUTE', match: { routeConfiguration }, patch: { operation: 'MERGE', value: { route: { cluster: 'PassthroughCluster' } } } })) },
  { weight: 1, arbitrary: routeMatch.map((routeConfiguration) => ({ applyTo: 'VIRTUAL_HOST', match: { routeConfiguration }, patch: { operation: 'REMOVE' } })) },
  {
    weight: 4, arbitrary: fc.tuple(fc.constantFrom('INSERT_BEFORE', 'INSERT_FIRST'), fc.constantFrom(LUA, LUA, RATE_LIMIT), port).map(([operation, value, portNumber]) =>
      ({ applyTo: 'HTTP_FILTER', match: { listener: present({ portNumber, ...HTTP_CHAIN }) }, patch: { operation, value } })),
  },
);
const patch = fc.tuple(context, patches).map(([own, { match, ...rest }]) => ({ ...rest, match: present({ context: own, ...match }) }));

const filter = fc.record({ name: fc.constantFrom('f1', 'f2'), ns: namespace, workloadSelector: maybe(selector.map((labels) => ({ labels })), 2), configPatches: fc.array(patch, { minLength: 1, maxLength: 2 }) })
  .map(({ name, ns, ...spec }) => ({ apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { name, namespace: ns }, spec: present(spec) }));

export const someEnvoyFilters = objects(filter, 2, 1);

/** In one mesh of six. */
export const envoyFilters = maybe(someEnvoyFilters, 6).map((filters) => filters ?? []);

const CODE = 'function envoy_on_request(handle) handle:headers():replace(":path", "/api") end';
const mode = fc.constantFrom(undefined, 'CLIENT', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER');
const match = fc.record({ mode, ports: maybe(servicePort.map((number) => [{ number }]), 3) }).map(present);
const plugin = fc.record({
  name: fc.constantFrom('p1', 'p2'), ns: namespace, own: maybe(selector.map((matchLabels) => ({ matchLabels })), 2),
  match: maybe(fc.array(match, { minLength: 1, maxLength: 2 }), 2), made: fc.constantFrom('lua', 'wasm', 'network'),
}).map(({ name, ns, own, made, ...spec }) => ({
  apiVersion: 'extensions.istio.io/v1alpha1',
  kind: made === 'lua' ? 'TrafficExtension' : 'WasmPlugin',
  metadata: { name, namespace: ns },
  spec: present({ ...spec, selector: own, ...made === 'lua' ? { lua: { inlineCode: CODE } } : { url: 'oci://example.com/plugin', type: made === 'network' ? 'NETWORK' : undefined } }),
}));

const host = fc.tuple(appName, namespace).map(([app, ns]) => `${app}.${ns}.svc.cluster.local`);
const byRequest = fc.record({ own: host, other: host, match: fc.constantFrom({ headers: { end: { exact: 'user' } } }, { uri: { prefix: '/api' } }), ns: namespace })
  .map(({ own, other, match: only, ns }) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'a-by-request', namespace: ns },
    spec: { hosts: [own], http: [{ match: [only], route: [{ destination: { host: other } }] }, { route: [{ destination: { host: own } }] }] },
  }));

/** In one mesh of eight: code of somebody's own in proxies, and routes that go by what it may change. */
export const plugins = maybe(fc.tuple(objects(plugin, 2, 1), objects(byRequest, 3, 1)), 8).map((all) => (all ?? []).flat());
