// What is wrong with the text of a mesh config: what istiod ignores, what makes it reject the whole text, and what only looks like either.
import fc, { type Arbitrary } from 'fast-check';
import type { Fields } from '../manifest';

/** Fields that istiod ignores, or that have a meaning under one of their names only. */
const IGNORED: readonly Fields[] = [
  { mixerAddress: 'mixer:9091' }, { enableEnvoyAccessLogServce: true }, { defaultInboundHttpRetryPolicys: {} },
  { enable_autoMtls: false }, { enableAutoMTLS: false }, { rootNamespaces: 'a' },
  { h2UpgradePolicy: 9 }, { outboundTrafficPolicy: { mode: 9 } }, { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY', modes: 1 } },
  { meshMTLS: { minProtocolVersion: 9 } }, { serviceEntryVisibility: { applyToSidecars: true, defaultVisibility: 9 } },
  { default_config: { interceptionMode: 'NONE' } }, { default_config: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } },
  { discoverySelectors: [{ match_labels: { 'istio-injection': 'enabled' } }] },
];

/** Fields that mean the same as they do under their other name, or as another form of their value. */
const MEANT: readonly Fields[] = [
  { enable_auto_mtls: false }, { outbound_traffic_policy: { mode: 'REGISTRY_ONLY' } }, { enableAutoMtls: null }, { proxyListenPort: '8080' },
  { default_service_export_to: ['.'] }, { discovery_selectors: [{ matchLabels: { 'istio-injection': 'enabled' } }] },
  { serviceSettings: [{ settings: { clusterLocal: true }, hosts: ['*', '*.a.svc.cluster.local'] }] },
  { defaultConfig: { tracing: { zipkin: { address: '$(HOST_IP):9411' } }, drainDuration: '45s' } },
  { localityLbSetting: { distribute: [{ from: 'a/b/*', to: { 'a/b/*': 80, 'a/c/*': 20 } }] } },
  { localityLbSetting: { distribute: [{ from: 'a/*', to: { a: 100 } }, { from: 'a/b', to: { a: 100 } }] } },
  { defaultTrafficPolicy: { connectionPool: { tcp: { maxConnections: 1, idleTimeout: '0s' } } } },
  { defaultConfig: { privateKeyProvider: { cryptomb: { pollDelay: '10ms' } }, connectionSettings: { httpIdleTimeout: '0s' } } },
];

/** Fields for which istiod rejects the whole text: by their types, or by its validation. */
const REJECTED: readonly Fields[] = [
  { enableAutoMtls: 'false' }, { enableAutoMtls: 0 }, { trustDomain: 5 }, { rootNamespace: ['a'] }, { defaultServiceExportTo: '.' }, { outboundTrafficPolicy: 'REGISTRY_ONLY' },
  { outboundTrafficPolicy: { mode: 'ALLOW_ALL' } }, { h2UpgradePolicy: 'upgrade' }, { meshMTLS: { minProtocolVersion: 'TLSv1.3' } }, { connectTimeout: 10 },
  { connectTimeout: '2h' }, { connectTimeout: '1d' }, { protocolDetectionTimeout: '1us' }, { proxyListenPort: 70000 }, { proxyListenPort: 0 }, { proxyHttpPort: 4294967296 },
  { trustDomain: 'spiffe://x' }, { trustDomain: '' }, { trustDomainAliases: ['a b'] }, { meshMTLS: { ecdhCurves: ['P-256'] } },
  { serviceSettings: [{ hosts: ['a.*'] }] }, { localityLbSetting: { distribute: [{ from: 'a', to: { b: 50 } }] } }, { localityLbSetting: { failover: [{ from: 'a', to: 'a' }] } },
  { localityLbSetting: { distribute: [{ from: 'a/b/*', to: { a: 100 } }, { from: 'a/b/*', to: { a: 100 } }] } },
  { zoneAwareLbSetting: { failoverPriority: ['topology.kubernetes.io/zone'] } },
  { defaultTrafficPolicy: { connectionPool: {} } }, { defaultTrafficPolicy: { outlierDetection: { maxEjectionPercent: 101 } } },
  { defaultTrafficPolicy: { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE', useClientProtocol: true } } } },
  { defaultConfig: { discoveryAddress: 'istiod' } }, { defaultConfig: { discoveryAddress: '' } }, { defaultConfig: { drainDuration: '500ms' } }, { defaultConfig: { statusPort: 0 } },
  { defaultConfig: { controlPlaneAuthPolicy: 'INHERIT' } }, { defaultConfig: { serviceCluster: '' } }, { defaultConfig: { proxyMetadata: { A: 1 } } }, { defaultConfig: { statsdUdpAddress: 'a:b:1' } },
  { defaultConfig: { tracing: { zipkin: {} } } }, { defaultConfig: { tracing: { lightstep: { address: 'a:1' } } } }, { defaultConfig: { tracing: { tlsSettings: { mode: 'MUTUAL' } } } },
  { defaultConfig: { privateKeyProvider: {} } }, { defaultConfig: { privateKeyProvider: { qat: { pollDelay: '0s' } } } }, { defaultConfig: { connectionSettings: { http2InitialStreamWindowSize: 1 } } },
];

/** The fields of a mesh config, where some have more. */
export function withFaults<T extends Fields>(config: Arbitrary<T>): Arbitrary<Fields> {
  return fc.oneof(
    { weight: 24, arbitrary: config },
    { weight: 3, arbitrary: fc.tuple(config, fc.constantFrom(...IGNORED)).map(([fields, more]) => ({ ...more, ...fields })) },
    { weight: 3, arbitrary: fc.tuple(config, fc.constantFrom(...MEANT)).map(([fields, more]) => ({ ...fields, ...more })) },
    { weight: 1, arbitrary: fc.tuple(config, fc.constantFrom(...REJECTED)).map(([fields, more]) => ({ ...fields, ...more })) },
  );
}

/** A text that isn't just that of its fields: a key that stands twice, more documents, or an end that is missing. */
export const asText: Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 60, arbitrary: fc.constant((text: string) => text) },
  {
    weight: 1, arbitrary: fc.constantFrom(
      (text: string) => text.replace(/^\{(?=")/, '{"enableAutoMtls":false,'), (text: string) => text.slice(0, -1), (text: string) => `${text}\n---\n{"enableAutoMtls":false}\n`,
      (text: string) => `# ${text}`, () => '[]',
    ),
  },
);
