import { connections, deployment, injected, mesh, meshConfig, service } from '../../support/meshes/mesh';

const noted = (annotations: Record<string, string>, spec: object = {}) => deployment('a/w', { annotations, spec });
const configured = (config: object) => noted({ 'proxy.istio.io/config': JSON.stringify(config) });
const own = (...env: object[]) => deployment('a/w', { spec: { containers: [{ name: 'istio-proxy', args: ['proxy', 'sidecar'], env }] } });
const proxyConfig = (namespace: string, environmentVariables: object) =>
  ({ apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', metadata: { namespace, name: 'p' }, spec: { environmentVariables } });
const proxyOf = (...objects: unknown[]) => mesh([injected('a'), objects]).workloads[0].proxy;

test.each([
  ['a config file', 'customConfigFile is /etc/envoy.json', configured({ customConfigFile: '/etc/envoy.json' })],
  ['a config file in snake case', 'customConfigFile is /etc/envoy.json', configured({ custom_config_file: '/etc/envoy.json' })],
  ['a bootstrap override', 'sidecar.istio.io/bootstrapOverride is mine', noted({ 'sidecar.istio.io/bootstrapOverride': 'mine' })],
  ['the discovery address of another istiod', 'discoveryAddress is istiod.other:15012', noted({ 'sidecar.istio.io/discoveryAddress': 'istiod.other:15012' })],
  ['the discovery address of another revision', 'discoveryAddress is istiod-canary.istio-system.svc:15012', configured({ discoveryAddress: 'istiod-canary.istio-system.svc:15012' })],
  ['a discovery address in another domain', 'discoveryAddress is istiod.istio-system.example.com:15012', configured({ discoveryAddress: 'istiod.istio-system.example.com:15012' })],
  ['an HBONE variable', 'variable ISTIO_META_ENABLE_HBONE is set', configured({ proxyMetadata: { ISTIO_META_ENABLE_HBONE: 'true' } })],
  ['a variable for labels', 'variable ISTIO_METAJSON_LABELS is set', configured({ proxyMetadata: { ISTIO_META_HTTP10: '1', ISTIO_METAJSON_LABELS: '{}' } })],
  ['a bootstrap variable', 'variable ISTIO_BOOTSTRAP is set', own({ name: 'ISTIO_BOOTSTRAP', value: '/x' })],
  ['variables from a reference', 'variable envFrom is set', deployment('a/w', { spec: { containers: [{ name: 'istio-proxy', args: ['proxy', 'sidecar'], envFrom: [{ configMapRef: { name: 'x' } }] }] } })],
])('a sidecar with %s is custom: %s', (_, because, workload) => {
  expect(proxyOf(workload)).toMatchObject({ kind: 'custom', because });
});

test.each([
  ['the default istiod', noted({ 'sidecar.istio.io/discoveryAddress': 'istiod.istio-system.svc:15012' })],
  ['the name of a remote istiod', configured({ discoveryAddress: 'istiod-remote.istio-system.svc.cluster.local:15012' })],
  ['the name of a revision tag', configured({ discoveryAddress: 'istiod-revision-tag-default.istio-system.svc:15012' })],
  ['variables that change nothing', configured({ proxyMetadata: { ISTIO_META_IDLE_TIMEOUT: '1h', EXIT_ON_ZERO_ACTIVE_CONNECTIONS: 'true' } })],
  ['settings of the injector\'s template', own({ name: 'TRUST_DOMAIN', value: 'cluster.local' }, { name: 'ISTIO_META_CLUSTER_ID', value: 'x' }, {})],
  ['variables of another container', deployment('a/w', { spec: { containers: [{ name: 'app', env: [{ name: 'TRUST_DOMAIN', value: 'x' }] }] } })],
])('%s don\'t make a sidecar custom', (_, workload) => {
  expect(proxyOf(workload).kind).toBe('sidecar');
});

test('the mesh config and ProxyConfigs make all their sidecars custom, and pods without a sidecar stay without', () => {
  const of = (...objects: unknown[]) => proxyOf(deployment('a/w'), ...objects).kind;
  expect([
    of(meshConfig({ defaultConfig: { customConfigFile: '/x' } })), of(meshConfig({ defaultConfig: { discoveryAddress: 'istiod.istio-system.svc:15012' } })),
    of(proxyConfig('a', { FILE_MOUNTED_CERTS: 'true' })), of(proxyConfig('istio-system', { FILE_MOUNTED_CERTS: 'true' })), of(proxyConfig('b', { FILE_MOUNTED_CERTS: 'true' })),
    of(proxyConfig('a', { HARMLESS: 'true' })),
  ]).toEqual(['custom', 'sidecar', 'custom', 'custom', 'sidecar', 'sidecar']);
  expect(proxyOf(deployment('a/w', { labels: { 'sidecar.istio.io/inject': 'false' }, annotations: { 'sidecar.istio.io/bootstrapOverride': 'mine' } })).kind).toBe('none');
});

test('leaves its calls and calls to it undecided, and has a sidecar\'s labels', () => {
  const objects = [injected('a'), configured({ customConfigFile: '/x' }), deployment('a/other'), service('a/w'), service('a/other')];
  expect(connections(objects).map(({ client, undecidedBecause }) => [client.name, undecidedBecause])).toEqual([['other', 'server-proxy-not-modelled'], ['w', 'client-proxy-not-modelled']]);
  expect(mesh(objects).workloads.find(({ name }) => name === 'w')!.labels['security.istio.io/tlsMode']).toBe('istio');
});
