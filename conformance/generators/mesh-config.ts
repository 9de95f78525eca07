// Mesh configs: the default one, or one with some of what decides mutual TLS set.
import fc from 'fast-check';
import { customProxy } from './custom-proxies';
import { asText, withFaults } from './mesh-config-faults';
import { maybe, present, ROOTS } from './words';

const visibility = maybe(fc.constantFrom(['*'], ['.']), 4);

// Mostly what the charts write; the others make proxies that istiod doesn't tell.
const proxyConfig = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom({ discoveryAddress: 'istiod.istio-system.svc:15012' }, { proxyMetadata: { ISTIO_META_IDLE_TIMEOUT: '1h' } }) },
  { weight: 1, arbitrary: customProxy },
);

const entryVisibility = fc.constantFrom('PUBLIC', 'NAMESPACE', 'NONE');
const namespaceSelector = fc.constantFrom({ matchLabels: { 'istio-injection': 'enabled' } }, { matchLabels: { 'kubernetes.io/metadata.name': 'a' } }, { matchExpressions: [{ key: 'istio.io/rev', operator: 'DoesNotExist' }] }, {});
const matchingRule = fc.oneof(
  { weight: 9, arbitrary: namespaceSelector.map((one) => ({ namespaceSelector: one })) },
  { weight: 1, arbitrary: fc.constant({}) },
);
const visibilityPolicy = fc.record({ visibility: entryVisibility, matchingRules: maybe(fc.array(matchingRule, { maxLength: 2 }), 3) }).map(present);

/** Who may see ServiceEntries at most: mostly told to sidecars, too. */
const serviceEntryVisibility = fc.record({
  applyToSidecars: fc.constantFrom(true, true, true, undefined), defaultVisibility: maybe(entryVisibility),
  policies: maybe(fc.array(visibilityPolicy, { minLength: 1, maxLength: 2 }), 2),
}).map(present);

const config = fc.record({
  enableAutoMtls: maybe(fc.constantFrom(true, false), 2),
  rootNamespace: maybe(fc.constantFrom(...ROOTS), 4),
  defaultServiceExportTo: visibility,
  defaultVirtualServiceExportTo: visibility,
  defaultDestinationRuleExportTo: visibility,
  trustDomainAliases: maybe(fc.constantFrom(['old.example.com'], ['cluster.local', 'td-1']), 10),
  discoverySelectors: maybe(fc.constantFrom([{ matchLabels: { 'istio-injection': 'enabled' } }], [{ matchExpressions: [{ key: 'istio.io/dataplane-mode', operator: 'DoesNotExist' }] }]), 12),
  serviceEntryVisibility: maybe(serviceEntryVisibility, 8),
  outboundTrafficPolicy: maybe(fc.constantFrom({ mode: 'REGISTRY_ONLY' }, { mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }, {}, {}, { mode: 'ALLOW_ANY_DYNAMIC_DNS', tls: { mode: 'SIMPLE' } }, { mode: 'ALLOW_ANY_DYNAMIC_DNS' }), 3),
  defaultConfig: maybe(proxyConfig, 12),
  proxyHttpPort: maybe(fc.constantFrom(15002, 0), 80),
  proxyListenPort: maybe(fc.constantFrom(8080, 15001), 80),
  meshMTLS: maybe(fc.constantFrom({ cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384'], minProtocolVersion: 'TLSV1_3' }, { cipherSuites: ['no-suite'] }), 40),
  protocolDetectionTimeout: maybe(fc.constant('1s'), 20),
  serviceSettings: maybe(fc.constant([{ settings: { clusterLocal: true }, hosts: ['*.a.svc.cluster.local'] }]), 20),
}).map(present);

const fields = fc.option(withFaults(config), { nil: undefined, freq: 2 });

/** None, or a ConfigMap `istio`. Its text is mostly JSON, which is YAML too. */
export const meshConfig = fc.tuple(fields, asText).map(([mesh, written]) => (mesh === undefined ? [] : [{
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: written(JSON.stringify(mesh)) },
}]));
