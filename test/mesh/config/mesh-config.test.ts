import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { bothFacts, ControlPlaneFacts, meshConfigMap } from '../../../src/mesh/config/control-plane-facts';
import { MeshConfigs } from '../../../src/mesh/config/revisions';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { meshConfig } from '../../support/meshes/mesh';

const configs = (...objects: unknown[]) => MeshConfigs.of(Inventory.of(objects), readYaml);
const text = (mesh: string, name = 'istio') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'istio-system' }, data: { mesh } });

test('without a ConfigMap istiod\'s defaults apply', () => {
  expect(configs().of('default')).toEqual({
    enableAutoMtls: true,
    interceptionMode: 'REDIRECT',
    dnsCapture: false,
    rootNamespace: 'istio-system',
    trustDomain: 'cluster.local',
    trustDomainAliases: new Set(),
    trustDomainsOfCas: [],
    enablePrometheusMerge: true,
    addsTlsOutbound: false,
    network: undefined,
    ownProxy: {},
    readsElsewhere: false,
    outboundPort: 15001,
    inboundPort: 15006,
    sidecarPorts: new Set([15001, 15006, 15021, 15090]),
    httpProxy: false,
    minProtocolVersion: 'TLSv1_2',
    upgradesToHttp2: false,
    unknownCipherSuite: undefined,
    serviceEntryVisibility: undefined,
    discoverySelectors: [],
    object: undefined,
    written: {},
    defaultServiceExportTo: ['*'],
    defaultVirtualServiceExportTo: ['*'],
    defaultDestinationRuleExportTo: ['*'],
    outboundTrafficPolicy: 'ALLOW_ANY',
  });
});

test.each([
  ['minProtocolVersion by name', '{meshMTLS: {minProtocolVersion: TLSV1_3}}', { minProtocolVersion: 'TLSv1_3' }],
  ['minProtocolVersion by number', '{meshMTLS: {minProtocolVersion: 2}}', { minProtocolVersion: 'TLSv1_3' }],
  ['another version', '{meshMTLS: {minProtocolVersion: TLSV1_2}}', { minProtocolVersion: 'TLSv1_2' }],
  ['h2UpgradePolicy', '{h2UpgradePolicy: UPGRADE}', { upgradesToHttp2: true }],
])('reads TLS handshake settings: %s', (_, mesh, expected) => {
  expect(configs(text(mesh)).of('default')).toMatchObject(expected);
});

test('reads the fields that affect mutual TLS', () => {
  const config = configs(text('{enableAutoMtls: false, enablePrometheusMerge: false, rootNamespace: root, trustDomain: example.org, trustDomainAliases: [old], caCertificates: [{trustDomains: [partner]}, {pem: x}, null],'
    + ' defaultServiceExportTo: ["."],'
    + ' defaultVirtualServiceExportTo: [a], defaultDestinationRuleExportTo: ["."], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}')).of('default');
  expect(config).toMatchObject({
    enableAutoMtls: false,
    rootNamespace: 'root',
    trustDomain: 'example.org',
    trustDomainAliases: new Set(['old']),
    trustDomainsOfCas: ['partner'],
    outboundTrafficPolicy: 'REGISTRY_ONLY',
    defaultServiceExportTo: ['.'],
    defaultVirtualServiceExportTo: ['a'],
    defaultDestinationRuleExportTo: ['.'],
    object: { name: 'istio' },
  });
});

test('accepts snake_case field names; camelCase takes precedence', () => {
  const config = configs(text('{trust_domain: example.org, root_namespace: a, rootNamespace: b, discovery_selectors: [{matchLabels: {some_key: x}}], ca_certificates: [{trust_domains: [partner]}],'
    + ' outbound_traffic_policy: {mode: 3}, default_config: {interceptionMode: NONE}}')).of('default');
  expect(config).toMatchObject({
    trustDomain: 'example.org',
    rootNamespace: 'b',
    trustDomainsOfCas: ['partner'],
    outboundTrafficPolicy: 'ALLOW_ANY_DYNAMIC_DNS',
    discoverySelectors: [{ matchLabels: { some_key: 'x' }, matchExpressions: [] }],
    // istiod merges the proxies' config by its name in YAML alone.
    interceptionMode: 'REDIRECT',
  });
  expect(configs(text('{defaultConfig: {interception_mode: NONE}}')).of('default').interceptionMode).toBe('NONE');
});

test('reads whether metrics are merged', () => {
  expect(configs(text('{enablePrometheusMerge: false}')).of('default').enablePrometheusMerge).toBe(false);
});

test('each revision has its own, or uses the default revision\'s', () => {
  const all = configs(meshConfig({ rootNamespace: 'one' }), meshConfig({ rootNamespace: 'two' }, 'istio-canary'));
  expect(['default', 'canary', 'other'].map((revision) => all.of(revision).rootNamespace)).toEqual(['one', 'two', 'one']);
  expect(configs(meshConfig({ rootNamespace: 'two' }, 'istio-canary')).of('default').rootNamespace).toBe('istio-system');
});

test('of several for one revision istio-system\'s applies, else the first by namespace', () => {
  const at = (namespace: string) => ({ ...meshConfig({ rootNamespace: `of-${namespace}` }), metadata: { name: 'istio', namespace } });
  expect(configs(at('istio-system'), at('a')).of('default').rootNamespace).toBe('of-istio-system');
  expect(configs(at('b'), at('a')).of('default').rootNamespace).toBe('of-a');
});

test.each([
  [undefined, 'ALLOW_ANY'], [null, 'ALLOW_ANY'], ['REGISTRY_ONLY', 'ALLOW_ANY'], [{}, 'REGISTRY_ONLY'], [{ mode: 'ALLOW_ANY' }, 'ALLOW_ANY'], [{ mode: 1 }, 'ALLOW_ANY'],
  [{ mode: 0 }, 'REGISTRY_ONLY'], [{ mode: 'REGISTRY_ONLY' }, 'REGISTRY_ONLY'], [{ mode: 'ALLOW_ANY_DYNAMIC_DNS' }, 'ALLOW_ANY_DYNAMIC_DNS'],
])('outboundTrafficPolicy %j is read as %s', (outboundTrafficPolicy, expected) => {
  expect(configs(meshConfig({ outboundTrafficPolicy })).of('default').outboundTrafficPolicy).toBe(expected);
});

test('a ConfigMap whose name only ends in a revision is ignored', () => {
  expect(configs(meshConfig({ rootNamespace: 'x' }, 'other-canary')).of('canary').rootNamespace).toBe('istio-system');
});

test.each([['other', '{rootNamespace: x}'], ['istio', ''], ['istio', '# nothing'], ['istio', '{rootNamespace: null}']])('a ConfigMap named %s with mesh %j has no effect', (name, written) => {
  const { rootNamespace, isUnreadable } = configs(text(written, name)).of('default');
  expect([rootNamespace, isUnreadable]).toEqual(['istio-system', undefined]);
});

describe('istiod parses the mesh config again, without unknown fields, if it has', () => {
  test.each([
    ['an unknown field', '{enableAutoMtls: false, mixerAddress: x}'],
    ['an unknown field of a message', '{enableAutoMtls: false, outboundTrafficPolicy: {mode: ALLOW_ANY, modes: 1}}'],
    ['an enum\'s unknown number', '{enableAutoMtls: false, h2UpgradePolicy: 7}'],
    ['a field under both its names', '{enableAutoMtls: false, enable_auto_mtls: true}'],
    ['a value under the YAML name of a merged field', '{enableAutoMtls: false, default_config: {interceptionMode: NONE}}'],
  ])('%s', (_, written) => {
    expect(configs(text(written)).of('default')).toMatchObject({ enableAutoMtls: false, interceptionMode: 'REDIRECT', outboundTrafficPolicy: 'ALLOW_ANY' });
    expect(configs(text(written)).unreadable()).toEqual([]);
  });

  test.each(['enable_autoMtls', 'EnableAutoMtls', 'enableAutoMTLS'])('a key that resembles a field\'s name: %s', (key) => {
    expect(configs(text(`{${key}: false}`)).of('default').enableAutoMtls).toBe(true);
  });

  test('keys of labels are kept, and a field of a selector has a single name', () => {
    const [selector] = configs(text('{discoverySelectors: [{match_labels: {a: b}}]}')).of('default').discoverySelectors;
    expect(selector).toEqual({ matchLabels: {}, matchExpressions: [] });
  });
});

test.each([
  ['invalid YAML', '{rootNamespace: ['],
  ['text that isn\'t a mapping', 'text'],
  ['a value of the wrong type', '{enableAutoMtls: "false"}'],
  ['an enum\'s unknown name', '{outboundTrafficPolicy: {mode: ALLOW_ALL}}'],
  ['a value out of range', '{proxyListenPort: 70000}'],
  ['a second document', 'rootNamespace: a\n---\nrootNamespace: b\n'],
])('an unreadable mesh config has no effect, and is reported: %s', (_, written) => {
  const all = configs(text(written));
  expect(all.of('default')).toMatchObject({ isUnreadable: true, rootNamespace: 'istio-system' });
  expect(all.unreadable()).toEqual([expect.stringMatching(/^ConfigMap istio-system\/istio holds a mesh config that istiod can't read/)]);
});

test('a ConfigMap without data is ignored', () => {
  expect(configs({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio' } }).of('default').object).toBeUndefined();
});

describe('a mesh config given by an option', () => {
  const declared = (fields: object, revision?: string, namespace = 'istio-system') => ({ manifest: meshConfigMap({ ...fields }, { namespace, revision }), saidBy: 'values.yaml' });
  const told = (facts: ControlPlaneFacts, ...objects: unknown[]) => MeshConfigs.of(Inventory.of(objects), readYaml, facts);

  test('applies to revisions without a ConfigMap among the manifests', () => {
    const both = told({ meshConfigs: [declared({ enableAutoMtls: false }), declared({ trustDomain: 'x' }, '1-31')] }, meshConfig({}, 'istio-1-31'));
    expect([both.of('default'), both.of('1-31'), both.of('other')].map(({ enableAutoMtls, trustDomain }) => [enableAutoMtls, trustDomain]))
      .toEqual([[false, 'cluster.local'], [true, 'cluster.local'], [false, 'cluster.local']]);
    expect(both.of('default').object).toMatchObject({ kind: 'ConfigMap', namespace: 'istio-system', name: 'istio' });
  });

  test('applies to all revisions if it is the only one', () => {
    const one = told({ meshConfigs: [declared({ enableAutoMtls: false }, '1-31')] });
    expect([one.of('default').enableAutoMtls, one.of('prod').enableAutoMtls]).toEqual([false, false]);
    const two = told({ meshConfigs: [declared({ enableAutoMtls: false }, '1-31'), declared({ enableAutoMtls: false }, '1-30')] });
    expect([two.of('default').enableAutoMtls, two.of('1-30').enableAutoMtls]).toEqual([true, false]);
  });

  test('makes its revision known, beside those of ConfigMaps', () => {
    const { knows } = MeshConfigs.prototype;
    const of = told({ meshConfigs: [declared({}, '1-31')] }, meshConfig({}, 'istio-1-30'));
    expect(['1-31', '1-30', '1-29', 'default'].map((revision) => knows.call(of, revision))).toEqual([true, true, false, false]);
  });

  test('yields to the options rootNamespace and trustDomain, which yield to a ConfigMap', () => {
    const facts = { rootNamespace: 'root', trustDomain: 'corp' };
    expect(told(facts).of('default')).toMatchObject({ ...facts, object: undefined });
    expect(told({ ...facts, meshConfigs: [declared({ rootNamespace: 'other' })] }).of('default')).toMatchObject(facts);
    expect(told(facts, meshConfig({})).of('default')).toMatchObject({ rootNamespace: 'istio-system', trustDomain: 'cluster.local' });
  });

  test('istiod\'s namespace is the default root namespace and the only one with mesh configs', () => {
    const elsewhere = { ...meshConfig({ enableAutoMtls: false }), metadata: { name: 'istio', namespace: 'a' } };
    expect(told({ istiodNamespace: 'a' }).of('default').rootNamespace).toBe('a');
    expect(told({ meshConfigs: [declared({}, undefined, 'a')] }).of('default').rootNamespace).toBe('a');
    expect(told({ istiodNamespace: 'a' }, elsewhere, meshConfig({})).of('default')).toMatchObject({ enableAutoMtls: false, rootNamespace: 'istio-system' });
    expect(told({ istiodNamespace: 'b' }, elsewhere).of('default')).toMatchObject({ enableAutoMtls: true, rootNamespace: 'b' });
  });

  test('contradictions with the manifests are reported field by field', () => {
    const config = { enableAutoMtls: false, discoverySelectors: [{ matchExpressions: [{ key: 'x', operator: 'In', values: ['y'] }] }] };
    expect(told({ meshConfigs: [declared(config)] }, meshConfig(config)).contradictions()).toEqual([]);
    expect(told({ meshConfigs: [declared(config)] }, meshConfig({})).contradictions()).toEqual([
      'ConfigMap istio-system/istio is what istiod reads, with enableAutoMtls true; values.yaml says false, which doesn\'t count',
      'ConfigMap istio-system/istio is what istiod reads, with discoverySelectors []; values.yaml says [{"matchLabels":{},"matchExpressions":[{"key":"x","operator":"In","values":["y"]}]}], which doesn\'t count',
    ]);
    expect(told({ rootNamespace: 'root' }, meshConfig({})).contradictions()).toEqual([
      'ConfigMap istio-system/istio is what istiod reads, with rootNamespace "istio-system"; what is told says "root", which doesn\'t count',
    ]);
    expect(told({ meshConfigs: [declared(config, '1-31')] }, meshConfig({})).contradictions()).toEqual([]);
  });

  test('the first of two sets of facts takes precedence', () => {
    const one = { istiodNamespace: 'a', trustDomain: 'x', istioVersion: '1.30', istiodEnv: { A: '1' }, meshConfigs: [declared({})] };
    expect(bothFacts(one, { istiodNamespace: 'b', rootNamespace: 'c', clusterDomain: 'd', istioVersion: '1.29', istiodEnv: { A: '2', B: '2' } }))
      .toEqual({ istiodNamespace: 'a', rootNamespace: 'c', trustDomain: 'x', clusterDomain: 'd', istioVersion: '1.30', istiodEnv: { A: '1', B: '2' }, meshConfigs: one.meshConfigs });
    expect(bothFacts({}, one)).toEqual({ ...one, rootNamespace: undefined, clusterDomain: undefined });
  });
});
