import { toldOf, webhookObjections } from '../../support/admission/webhook';

const ALWAYS = 'info ADMIT478 spec';
const told = (spec: object) => toldOf('EnvoyFilter', spec).filter((line) => line !== ALWAYS).map((line) => line.replace('spec.configPatches[0]', 'patch'));
const patch = (one: object) => told({ configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'REMOVE' }, ...one }] });

test('warns about every EnvoyFilter', () => {
  expect(toldOf('EnvoyFilter', {})).toEqual([ALWAYS]);
});

test.each([
  ['without labels', { workloadSelector: {} }, ['warning ADMIT451 spec.workloadSelector.labels']],
  ['with a wildcard', { workloadSelector: { labels: { 'a*': 'b' } } }, ['ADMIT450 spec.workloadSelector.labels[a*]']],
])('checks a workloadSelector %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});

test.each([
  ['valid fields', {}, []],
  ['no applyTo', { applyTo: undefined }, ['ADMIT462 patch.applyTo']],
  ['an invalid applyTo', { applyTo: 'INVALID' }, ['ADMIT462 patch.applyTo']],
  ['no patch', { patch: undefined }, ['ADMIT462 patch.patch.operation']],
  ['no operation', { patch: {} }, ['ADMIT462 patch.patch.operation']],
  ['an invalid operation', { patch: { operation: 'INVALID' } }, ['ADMIT462 patch.patch.operation']],
  ['no value', { patch: { operation: 'MERGE' } }, ['ADMIT462 patch.patch.value']],
  ['a value', { patch: { operation: 'MERGE', value: {} } }, []],
  ['no applyTo, for a waypoint', { applyTo: undefined, match: { context: 'WAYPOINT', waypoint: {} } }, []],
  ['a proxyVersion', { match: { proxy: { proxyVersion: '^1\\.30.*' } } }, []],
  ['an invalid proxyVersion', { match: { proxy: { proxyVersion: '(' } } }, ['ADMIT462 patch.match.proxy.proxyVersion']],
  ['a proxyVersion of the greatest length', { match: { proxy: { proxyVersion: 'a'.repeat(1024) } } }, []],
  ['a proxyVersion that is too long', { match: { proxy: { proxyVersion: '('.repeat(1025) } } }, ['warning ADMIT478 patch.match.proxy.proxyVersion']],
])('checks a patch with %s', (_, one, expected) => {
  expect(patch(one)).toEqual(expected);
});

const classes = {
  listener: ['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER'],
  routeConfiguration: ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'],
  cluster: ['CLUSTER'],
};
test.each(Object.entries(classes))('accepts match.%s only for its applyTo values', (match, applyTos) => {
  for (const applyTo of Object.values(classes).flat()) {
    expect(patch({ applyTo, match: { [match]: {} } })).toEqual(applyTos.includes(applyTo) ? [] : [`ADMIT462 patch.match.${match}`]);
  }
  expect(patch({ applyTo: 'BOOTSTRAP', match: { [match]: {} } })).toEqual([]);
});

const filter = (one: object, applyTo = 'HTTP_FILTER') => patch({ applyTo, match: { listener: { filterChain: { filter: one } } } })
  .map((line) => line.replace('patch.match.listener.filterChain.', ''));
const name = 'envoy.filters.network.http_connection_manager';
test.each([
  ['a filter by name', { name }, []],
  ['a filter without a name', {}, ['ADMIT462 filter.name']],
  ['a subFilter', { name, subFilter: { name: 'envoy.filters.http.router' } }, []],
  ['a subFilter without a name', { name, subFilter: {} }, ['ADMIT462 filter.subFilter.name']],
  ['a subFilter of another filter', { name: 'x', subFilter: { name: 'y' } }, ['ADMIT462 filter.name']],
  ['deprecated filter names', { name: 'envoy.http_connection_manager', subFilter: { name: 'envoy.lua' } }, ['warning ADMIT478 filter.name', 'warning ADMIT478 filter.subFilter.name']],
])('checks a match by %s', (_, one, expected) => {
  expect(filter(one)).toEqual(expected);
});

test('accepts subFilters only for HTTP filters', () => {
  expect(filter({ name, subFilter: { name: 'a' } }, 'NETWORK_FILTER')).toEqual(['ADMIT462 filter.subFilter']);
});

test.each(['LISTENER', 'FILTER_CHAIN'])('warns about a match by filter for a %s', (applyTo) => {
  expect(filter({ name }, applyTo)).toEqual(['warning ADMIT478 filter']);
});

const renamed = [
  ['http', 'buffer', 'cors', 'csrf', 'ext_authz', 'fault', 'grpc_http1_bridge', 'grpc_json_transcoder', 'grpc_web', 'gzip', 'health_check', 'ip_tagging', 'lua', 'router', 'squash'],
  ['network', 'client_ssl_auth', 'http_connection_manager', 'mongo_proxy', 'ratelimit', 'redis_proxy', 'tcp_proxy'],
].flatMap(([of, ...names]) => names.map((each) => [`envoy.${each}`, `envoy.filters.${of}.${each}`]));
test.each([
  ...renamed,
  ['envoy.http_dynamo_filter', 'envoy.filters.http.dynamo'],
  ['envoy.rate_limit', 'envoy.filters.http.ratelimit'],
  ...['http_inspector', 'original_dst', 'original_src', 'proxy_protocol', 'tls_inspector'].map((each) => [`envoy.listener.${each}`, `envoy.filters.listener.${each}`]),
])('names the current name of the filter %s', (old, now) => {
  const configPatches = [{ applyTo: 'HTTP_FILTER', match: { listener: { filterChain: { filter: { name: old } } } }, patch: { operation: 'REMOVE' } }];
  expect(webhookObjections('EnvoyFilter', { spec: { configPatches } }).map(({ fix }) => fix)).toContain(`write '${now}'`);
});
