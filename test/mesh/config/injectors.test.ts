import { deployment, mesh, namespace } from '../../support/meshes/mesh';

const CHARTS = {
  values: { global: { proxy: { autoInject: 'enabled', includeIPRanges: '*', excludeIPRanges: '', includeInboundPorts: '*', excludeInboundPorts: '', statusPort: 15020 } }, sidecarInjectorWebhook: { enableNamespacesByDefault: false } },
  config: { policy: 'enabled', defaultTemplates: ['sidecar'], alwaysInjectSelector: [], neverInjectSelector: [] },
};
const injector = ({ values = CHARTS.values, config = CHARTS.config }: { values?: object; config?: object }, name = 'istio-sidecar-injector') =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'istio-system', name }, data: { values: JSON.stringify(values), config: JSON.stringify(config) } });
/** The proxy of a workload in a mesh with this injector ConfigMap. */
const proxy = (config: unknown, labels: Record<string, string> = { 'istio-injection': 'enabled' }, pod: Parameters<typeof deployment>[1] = {}) =>
  mesh([namespace('a', labels), deployment('a/w', pod), config]).workloads[0].proxy;

test('a ConfigMap that equals the charts\' changes nothing', () => {
  expect([proxy(injector({})).kind, proxy(injector({ values: {}, config: {} })).kind, proxy({ ...injector({}), data: undefined }).kind]).toEqual(['sidecar', 'sidecar', 'sidecar']);
});

test.each([
  ['includeIPRanges', { values: { global: { proxy: { includeIPRanges: '10.0.0.0/8' } } } }],
  ['excludeOutboundPorts', { values: { global: { proxy: { excludeOutboundPorts: '443' } } } }],
  ['another statusPort', { values: { global: { proxy: { statusPort: 15022 } } } }],
  ['enableNamespacesByDefault', { values: { sidecarInjectorWebhook: { enableNamespacesByDefault: true } } }],
  ['policy disabled', { config: { policy: 'disabled' } }],
  ['a neverInjectSelector', { config: { neverInjectSelector: [{ matchExpressions: [] }] } }],
  ['an alwaysInjectSelector', { config: { alwaysInjectSelector: [{ matchLabels: {} }] } }],
  ['another template beside sidecar', { config: { defaultTemplates: ['sidecar', 'mine'] } }],
  ['another template in place of sidecar', { config: { defaultTemplates: ['mine'] } }],
])('an injectable pod has an unknown proxy with %s in the injector\'s configuration: %j', (_, said) => {
  const expected = { kind: 'unknown', because: 'ConfigMap istio-system/istio-sidecar-injector differs from Istio\'s charts', lacks: { fact: 'injector', name: 'ConfigMap istio-system/istio-sidecar-injector' } };
  expect(proxy(injector(said))).toMatchObject(expected);
  expect(proxy(injector(said), {})).toMatchObject(expected);
});

test('a pod that opts out has no proxy under any ConfigMap', () => {
  const own = injector({ config: { policy: 'disabled' } });
  expect([proxy(own, { 'istio-injection': 'disabled' }), proxy(own, {}, { labels: { 'sidecar.istio.io/inject': 'false' } }), proxy(own, {}, { spec: { hostNetwork: true } })].map(({ kind }) => kind)).toEqual(['none', 'none', 'none']);
});

test('a ConfigMap outside istiod\'s namespace is ignored', () => {
  const own = [namespace('a', { 'istio-injection': 'enabled' }), deployment('a/w'), injector({ config: { policy: 'disabled' } })];
  expect(['istio-system', 'mesh', undefined].map((istiodNamespace) => mesh(own, { istiodNamespace }).workloads[0].proxy.kind)).toEqual(['unknown', 'sidecar', 'unknown']);
});

test('each revision has its own ConfigMap', () => {
  const own = injector({ config: { policy: 'disabled' } }, 'istio-sidecar-injector-canary');
  expect([proxy(own).kind, proxy(own, { 'istio.io/rev': 'canary' }).kind]).toEqual(['sidecar', 'unknown']);
});

const TEMPLATE = ['name: istio-proxy', '- proxy', '- sidecar', 'security.istio.io/tlsMode', 'sidecar.istio.io/interceptionMode', ...['includeOutboundIPRanges', 'excludeOutboundPorts', 'includeInboundPorts', 'excludeInboundPorts']
  .map((name) => `traffic.sidecar.istio.io/${name}`), '- name: TRUST_DOMAIN', '- name: ISTIO_BOOTSTRAP_OVERRIDE'].join('\n');

test.each([
  ['of Istio\'s charts', 'sidecar', TEMPLATE],
  ['without the container istio-proxy', 'unknown', TEMPLATE.replace('istio-proxy', 'proxy')],
  ['without an annotation that it applies', 'unknown', TEMPLATE.replace('excludeInboundPorts', '')],
  ['with a variable that changes the proxy', 'unknown', `${TEMPLATE}\n- name: ISTIO_META_ENABLE_HBONE`],
  ['with another variable', 'sidecar', `${TEMPLATE}\n- name: "MINE"`],
])('a sidecar template %s gives the proxy kind %s', (_, expected, sidecar) => {
  expect(proxy(injector({ config: { templates: { sidecar } } })).kind).toBe(expected);
});
