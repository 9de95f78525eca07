import { NamespaceSelector, readNamespaceSelector } from './namespace-selector';
import { byYamlNames } from './proto-yaml';
import { dnsCaptureOf, interceptionModeOf, networkOf } from './proxy-config';
import { ServiceEntryVisibility } from './service-entry-visibility';
import { MeshObject } from '../objects/mesh-object';
import { integer, Shape, shape, shapes, text, texts } from '../objects/shape';

/** Where calls go that match no known service. */
export type OutboundMode = 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';

/** What decides mutual TLS in a mesh config, with istiod's defaults filled in. */
export interface MeshConfig {
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
  /** How traffic gets to sidecars whose pods don't say: REDIRECT, TPROXY or NONE. */
  readonly interceptionMode: string;
  /** Whether sidecars answer their pods' DNS requests, and so know ServiceEntries without an address by one that istiod gives. */
  readonly dnsCapture: boolean;
  /** The network that sidecars are told to be on. */
  readonly network?: string;
  /** Whether sidecars take over the scraping of their pods' metrics. */
  readonly enablePrometheusMerge: boolean;
  /** Any of these must select a namespace for istiod to see it; none: it sees all. */
  readonly discoverySelectors: readonly NamespaceSelector[];
  /** Caps who sees ServiceEntries; undefined: their `exportTo` says it alone. */
  readonly serviceEntryVisibility?: ServiceEntryVisibility;
  /** The ConfigMap; undefined when there is none and the defaults hold. */
  readonly object?: MeshObject;
}

const PUBLIC: readonly string[] = ['*'];

/** @param written the mapping that the ConfigMap's `mesh` text is */
export function readMeshConfig(written: Shape, object?: MeshObject): MeshConfig {
  const config = byYamlNames(written);
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
    interceptionMode: interceptionModeOf(shape(written.defaultConfig)) ?? 'REDIRECT',
    dnsCapture: dnsCaptureOf(shape(written.defaultConfig)) ?? false,
    network: networkOf(shape(config.defaultConfig)),
    enablePrometheusMerge: config.enablePrometheusMerge !== false,
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
