import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { MeshConfigs } from '../../../src/mesh/config/mesh-configs';
import { Objects } from '../../../src/mesh/objects/objects';
import { meshConfig } from '../../support/mesh';

const configs = (...objects: unknown[]) => MeshConfigs.of(Objects.of(objects), readYaml);
const text = (mesh: string, name = 'istio') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'istio-system' }, data: { mesh } });

test('without a ConfigMap istiod\'s defaults hold', () => {
  expect(configs().of('default')).toEqual({
    enableAutoMtls: true,
    interceptionMode: 'REDIRECT',
    dnsCapture: false,
    rootNamespace: 'istio-system',
    trustDomain: 'cluster.local',
    trustDomainAliases: [],
    trustDomainsOfCas: [],
    enablePrometheusMerge: true,
    discoverySelectors: [],
    object: undefined,
    defaultServiceExportTo: ['*'],
    defaultVirtualServiceExportTo: ['*'],
    defaultDestinationRuleExportTo: ['*'],
    outboundTrafficPolicy: 'ALLOW_ANY',
  });
});

test('reads what decides mutual TLS', () => {
  const config = configs(text('{enableAutoMtls: false, enablePrometheusMerge: false, rootNamespace: root, trustDomain: example.org, trustDomainAliases: [old], caCertificates: [{trustDomains: [partner]}, {pem: x}, null],'
    + ' defaultServiceExportTo: ["."],'
    + ' defaultVirtualServiceExportTo: [a], defaultDestinationRuleExportTo: ["."], outboundTrafficPolicy: {mode: REGISTRY_ONLY}}')).of('default');
  expect(config).toMatchObject({
    enableAutoMtls: false,
    rootNamespace: 'root',
    trustDomain: 'example.org',
    trustDomainAliases: ['old'],
    trustDomainsOfCas: ['partner'],
    outboundTrafficPolicy: 'REGISTRY_ONLY',
    defaultServiceExportTo: ['.'],
    defaultVirtualServiceExportTo: ['a'],
    defaultDestinationRuleExportTo: ['.'],
    object: { name: 'istio' },
  });
});

test('takes the names of the proto, too, and of both that in YAML', () => {
  const config = configs(text('{trust_domain: example.org, root_namespace: a, rootNamespace: b, discovery_selectors: [{match_labels: {some_key: x}}], ca_certificates: [{trust_domains: [partner]}],'
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

test('each revision has its own, or else the default one\'s', () => {
  const all = configs(meshConfig({ rootNamespace: 'one' }), meshConfig({ rootNamespace: 'two' }, 'istio-canary'));
  expect(['default', 'canary', 'other'].map((revision) => all.of(revision).rootNamespace)).toEqual(['one', 'two', 'one']);
  expect(configs(meshConfig({ rootNamespace: 'two' }, 'istio-canary')).of('default').rootNamespace).toBe('istio-system');
});

test('of several for one revision the first by namespace counts', () => {
  const elsewhere = { ...meshConfig({ rootNamespace: 'x' }), metadata: { name: 'istio', namespace: 'a' } };
  expect(configs(meshConfig({ rootNamespace: 'y' }), elsewhere).of('default').rootNamespace).toBe('x');
});

test.each([
  [undefined, 'ALLOW_ANY'], [null, 'ALLOW_ANY'], ['REGISTRY_ONLY', 'ALLOW_ANY'], [{}, 'REGISTRY_ONLY'], [{ mode: 'ALLOW_ANY' }, 'ALLOW_ANY'], [{ mode: 1 }, 'ALLOW_ANY'],
  [{ mode: 0 }, 'REGISTRY_ONLY'], [{ mode: 'REGISTRY_ONLY' }, 'REGISTRY_ONLY'], [{ mode: 'ALLOW_ANY_DYNAMIC_DNS' }, 'ALLOW_ANY_DYNAMIC_DNS'],
])('outboundTrafficPolicy %j means %s', (outboundTrafficPolicy, expected) => {
  expect(configs(meshConfig({ outboundTrafficPolicy })).of('default').outboundTrafficPolicy).toBe(expected);
});

test('a ConfigMap that only ends like a revision\'s is none', () => {
  expect(configs(meshConfig({ rootNamespace: 'x' }, 'other-canary')).of('canary').rootNamespace).toBe('istio-system');
});

test.each([['other', '{rootNamespace: x}'], ['istio', ''], ['istio', '{rootNamespace: ['], ['istio', 'text']])('a ConfigMap %s with %j changes nothing', (name, written) => {
  expect(configs(text(written, name)).of('default').rootNamespace).toBe('istio-system');
});

test('a ConfigMap without data is none', () => {
  expect(configs({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio' } }).of('default').object).toBeUndefined();
});
