import { NamespaceSelector, readNamespaceSelector } from './namespace-selector';
import { byYamlNames } from './proto-yaml';
import { dnsCaptureOf, interceptionModeOf, networkOf, ownProxyOf, ProxyDefaults } from './proxy-config';
import { ServiceEntryVisibility } from './service-entry-visibility';
import { MeshObject } from '../objects/mesh-object';
import { integer, Shape, shape, shapes, text, texts } from '../objects/shape';

/** Where calls go that match no known service. */
export type OutboundMode = 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';

/** What decides mutual TLS in a mesh config, with istiod's defaults filled in. */
export interface MeshConfig extends ProxyDefaults {
  readonly enableAutoMtls: boolean;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: ReadonlySet<string>;
  /** Those of other meshes, whose CA certificates `caCertificates` brings. */
  readonly trustDomainsOfCas: readonly string[];
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  readonly outboundTrafficPolicy: OutboundMode;
  /** Whether sidecars add TLS to HTTP for hosts that they look up themselves. */
  readonly addsTlsOutbound: boolean;
  /** Whether sidecars take over the scraping of their pods' metrics. */
  readonly enablePrometheusMerge: boolean;
  /** Whether istiod reads Istio's objects elsewhere than in its cluster. */
  readonly readsElsewhere: boolean;
  /** The port on which sidecars take what their pods send: Envoy lets nothing be sent there. */
  readonly outboundPort: number;
  /** That on which they take what is sent to their pods. */
  readonly inboundPort: number;
  /** Ports on which sidecars listen themselves, so that no listener for all addresses, as HTTP's is, can be there. */
  readonly sidecarPorts: ReadonlySet<number>;
  /** Whether applications may send HTTP through a port of their sidecars. */
  readonly httpProxy: boolean;
  /** A cipher suite for servers that Envoy doesn't know, so that it refuses their listeners. */
  readonly unknownCipherSuite?: string;
  /** Any of these must select a namespace for istiod to see it; none: it sees all. */
  readonly discoverySelectors: readonly NamespaceSelector[];
  /** Caps who sees ServiceEntries; undefined: their `exportTo` says it alone. */
  readonly serviceEntryVisibility?: ServiceEntryVisibility;
  /** The ConfigMap; undefined when there is none and the defaults hold. */
  readonly object?: MeshObject;
}

/** Those that Envoy's TLS library has by these names. */
const CIPHER_SUITES: ReadonlySet<string> = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA',
]);

const PUBLIC: readonly string[] = ['*'];

/** @param written the mapping that the ConfigMap's `mesh` text is */
export function readMeshConfig(written: Shape, object?: MeshObject): MeshConfig {
  const config = byYamlNames(written);
  const outboundPort = integer(config.proxyListenPort) ?? 15001;
  const inboundPort = integer(config.proxyInboundListenPort) ?? 15006;
  return {
    enableAutoMtls: config.enableAutoMtls !== false,
    rootNamespace: text(config.rootNamespace) ?? 'istio-system',
    trustDomain: text(config.trustDomain) ?? 'cluster.local',
    trustDomainAliases: new Set(texts(config.trustDomainAliases)),
    trustDomainsOfCas: shapes(config.caCertificates).map(byYamlNames).flatMap(({ trustDomains }) => texts(trustDomains)),
    defaultServiceExportTo: orPublic(config.defaultServiceExportTo),
    defaultVirtualServiceExportTo: orPublic(config.defaultVirtualServiceExportTo),
    defaultDestinationRuleExportTo: orPublic(config.defaultDestinationRuleExportTo),
    outboundTrafficPolicy: outboundMode(config.outboundTrafficPolicy) ?? 'ALLOW_ANY',
    addsTlsOutbound: !['DISABLE', 0, undefined, null].includes(shape(shape(config.outboundTrafficPolicy).tls).mode as string | number | undefined),
    interceptionMode: interceptionModeOf(shape(written.defaultConfig)) ?? 'REDIRECT',
    dnsCapture: dnsCaptureOf(shape(written.defaultConfig)) ?? false,
    network: networkOf(shape(config.defaultConfig)),
    ownProxy: ownProxyOf(shape(config.defaultConfig)),
    enablePrometheusMerge: config.enablePrometheusMerge !== false,
    readsElsewhere: shapes(config.configSources).some(({ address }) => !(text(address) ?? '').startsWith('k8s://')),
    outboundPort,
    inboundPort,
    sidecarPorts: new Set([outboundPort, inboundPort, 15021, 15090]),
    httpProxy: (integer(config.proxyHttpPort) ?? 0) !== 0,
    unknownCipherSuite: texts(byYamlNames(shape(config.meshMTLS)).cipherSuites).find((suite) => !CIPHER_SUITES.has(suite)),
    discoverySelectors: shapes(config.discoverySelectors).map(readNamespaceSelector),
    serviceEntryVisibility: ServiceEntryVisibility.of(config.serviceEntryVisibility),
    object,
  };
}

/** The mode of an `outboundTrafficPolicy`; one that names no mode means REGISTRY_ONLY, the API's zero value. */
export function outboundMode(policy: unknown): OutboundMode | undefined {
  if (typeof policy !== 'object' || policy === null) return undefined;
  const { mode } = shape(policy);
  if (mode === 'ALLOW_ANY' || integer(mode) === 1) return 'ALLOW_ANY';
  return mode === 'ALLOW_ANY_DYNAMIC_DNS' || integer(mode) === 3 ? 'ALLOW_ANY_DYNAMIC_DNS' : 'REGISTRY_ONLY';
}

function orPublic(list: unknown): readonly string[] {
  return texts(list).length > 0 ? texts(list) : PUBLIC;
}
