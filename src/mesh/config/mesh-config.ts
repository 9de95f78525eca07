import { byYamlNames, dnsCaptureOf, interceptionModeOf, networkOf, ownProxyOf, ProxyDefaults } from './proxy-config';
import { FieldPath } from '../../findings/finding';
import { labelsOf, Mapping, mappings, text, texts, isMapping, mapping, integer } from '../../manifests/mapping';
import { addTo } from '../collections';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { Labels, SelectorIndex, NAMESPACE_NAME } from '../names/labels';

/** Which namespaces' objects an istiod reads, by the `discoverySelectors` of its mesh config. */
export class Discovery {
  private readonly byLabels = new SelectorIndex<NamespaceSelector>();
  /** The selectors that test the namespace's name, by the name in `matchLabels` if there is one. */
  private readonly byName = new Map<string | undefined, NamespaceSelector[]>();
  /** The result of the other selectors for a namespace of which only the name is known. */
  private readonly byOtherLabels: boolean | undefined;

  /** Whether it reads all of them, since there are no selectors. */
  readonly readsAll: boolean;

  constructor(selectors: readonly NamespaceSelector[]) {
    this.readsAll = selectors.length === 0;
    const others: NamespaceSelector[] = [];
    for (const selector of selectors) {
      this.byLabels.add(selector.matchLabels, selector);
      if (asksForName(selector)) addTo(this.byName, selector.matchLabels[NAMESPACE_NAME], selector);
      else others.push(selector);
    }
    this.byOtherLabels = either(others.map((selector) => selectsNamespace(selector, '', undefined)));
  }

  /** Whether istiod reads a namespace's objects; undefined if that depends on unknown labels. */
  reads(namespace: string, labels: Labels | undefined): boolean | undefined {
    if (this.readsAll) return true;
    if (labels) return this.byLabels.matching(labels).some((selector) => selectsNamespace(selector, namespace, labels));
    const byName = [...this.byName.get(namespace) ?? [], ...this.byName.get(undefined) ?? []];
    return either([this.byOtherLabels, ...byName.map((selector) => selectsNamespace(selector, namespace, undefined))]);
  }
}

/** True if any answer is true, else undefined if any is. */
function either(answers: readonly (boolean | undefined)[]): boolean | undefined {
  return answers.includes(true) || (answers.includes(undefined) ? undefined : false);
}

/** A label selector in the mesh config, for namespaces. */
export interface NamespaceSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly LabelExpression[];
}

interface LabelExpression {
  readonly key: string;
  readonly operator: string;
  readonly values: ReadonlySet<string>;
}

export function readNamespaceSelector(written: Mapping): NamespaceSelector {
  const selector = byYamlNames(written);
  return {
    matchLabels: labelsOf(selector.matchLabels),
    matchExpressions: mappings(selector.matchExpressions).map((expression) => ({
      key: text(expression.key) ?? '',
      operator: text(expression.operator) ?? '',
      values: new Set(texts(expression.values)),
    })),
  };
}

/** Whether it tests a namespace's name. */
function asksForName({ matchLabels, matchExpressions }: NamespaceSelector): boolean {
  return matchLabels[NAMESPACE_NAME] !== undefined || matchExpressions.some(({ key }) => key === NAMESPACE_NAME);
}

/** Whether it selects a namespace; undefined if that depends on unknown labels. */
export function selectsNamespace(
  { matchLabels, matchExpressions }: NamespaceSelector, namespace: string, labels: Labels | undefined,
): boolean | undefined {
  const equalities = Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In', values: new Set([value]) }));
  const answers = [...equalities, ...matchExpressions].map((expression) =>
    (labels || expression.key === NAMESPACE_NAME ? holds(expression, labels ?? { [NAMESPACE_NAME]: namespace }) : undefined));
  return !answers.includes(false) && (answers.includes(undefined) ? undefined : true);
}

function holds({ key, operator, values }: LabelExpression, labels: Labels): boolean {
  switch (operator) {
    case 'In': return Object.hasOwn(labels, key) && values.has(labels[key]);
    case 'NotIn': return !(Object.hasOwn(labels, key) && values.has(labels[key]));
    case 'Exists': return Object.hasOwn(labels, key);
    default: return !(Object.hasOwn(labels, key)); // DoesNotExist
  }
}

/** The widest visibility of a ServiceEntry: public, its own namespace, nobody. */
export type EntryVisibility = 'PUBLIC' | 'NAMESPACE' | 'NONE';

/** By the API's enum numbers. */
const VISIBILITIES: readonly EntryVisibility[] = ['PUBLIC', 'NONE', 'NAMESPACE', 'PUBLIC'];

/** The mesh config's limits on the visibility of namespaces' ServiceEntries, whatever their `exportTo` says. */
export class ServiceEntryVisibility {
  /** Undefined: it only applies to ztunnels and waypoints, or isn't set. */
  static of(written: unknown): ServiceEntryVisibility | undefined {
    const { applyToSidecars, defaultVisibility, policies } = byYamlNames(mapping(written));
    if (applyToSidecars !== true) return undefined;
    return new ServiceEntryVisibility(mappings(policies).map(byYamlNames).map(readPolicy), visibilityOf(defaultVisibility));
  }

  private constructor(private readonly policies: readonly Policy[], private readonly otherwise: EntryVisibility) {}

  /** The first policy that matches a namespace decides; undefined if that depends on unknown labels. */
  ofNamespace(namespace: string, labels: Labels | undefined): EntryVisibility | undefined {
    for (const { selectors, visibility } of this.policies) {
      const answers = selectors.map((selector) => selector !== undefined && selectsNamespace(selector, namespace, labels));
      if (answers.includes(false)) continue;
      return answers.includes(undefined) ? undefined : visibility;
    }
    return this.otherwise;
  }
}

interface Policy {
  readonly visibility: EntryVisibility;
  /** All must match; undefined: an empty rule, which never matches. */
  readonly selectors: readonly (NamespaceSelector | undefined)[];
}

function readPolicy({ visibility, matchingRules }: Mapping): Policy {
  const written = mappings(matchingRules).map((rule) => byYamlNames(rule).namespaceSelector);
  const selectors = written.map((selector) => (isMapping(selector) ? readNamespaceSelector(selector) : undefined));
  return { visibility: visibilityOf(visibility), selectors };
}

function visibilityOf(written: unknown): EntryVisibility {
  return VISIBILITIES.find((name, number) => written === name || written === number) ?? 'PUBLIC';
}

/** Where calls go that match no known service. */
export type OutboundMode = 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';

/** The parts of a mesh config that decide mutual TLS, with istiod's defaults. */
export interface EffectiveMeshConfig extends ProxyDefaults {
  readonly enableAutoMtls: boolean;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: ReadonlySet<string>;
  /** Those of other meshes, whose CA certificates are in `caCertificates`. */
  readonly trustDomainsOfCas: readonly string[];
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  readonly outboundTrafficPolicy: OutboundMode;
  /** Whether sidecars add TLS to HTTP for hosts that they look up themselves. */
  readonly addsTlsOutbound: boolean;
  /** Whether sidecars merge their pods' metrics with their own. */
  readonly enablePrometheusMerge: boolean;
  /** Whether istiod reads Istio's objects from elsewhere than its cluster. */
  readonly readsElsewhere: boolean;
  /** The port on which sidecars receive what their pods send: Envoy allows no calls to it. */
  readonly outboundPort: number;
  /** The port on which they receive what is sent to their pods. */
  readonly inboundPort: number;
  /** Ports on which sidecars listen themselves, so that no listener for all addresses, such as HTTP's, can be there. */
  readonly sidecarPorts: ReadonlySet<number>;
  /** Whether applications may send HTTP through a port of their sidecars. */
  readonly httpProxy: boolean;
  /** The minimum TLS version that servers' proxies accept from clients in the mesh. */
  readonly minProtocolVersion: 'TLSv1_2' | 'TLSv1_3';
  /** Whether proxies use HTTP/2 for HTTP ports, unless a rule says otherwise. */
  readonly upgradesToHttp2: boolean;
  /** A server cipher suite that Envoy doesn't know, so that it rejects their listeners. */
  readonly unknownCipherSuite?: string;
  /** Any of these must select a namespace for istiod to see it; if empty, it sees all. */
  readonly discoverySelectors: readonly NamespaceSelector[];
  /** Limits the visibility of ServiceEntries; undefined: only their `exportTo` counts. */
  readonly serviceEntryVisibility?: ServiceEntryVisibility;
  /** The ConfigMap; undefined if there is none and the defaults apply. */
  readonly object?: MeshObject;
  /** The mapping in its text, as it is written. */
  readonly written: Mapping;
  /** Whether istiod can't read it: a running one keeps the last that it could read, and a new one takes the defaults. */
  readonly isUnreadable?: boolean;
}

/** The suites that Envoy's TLS library knows by these names. */
const CIPHER_SUITES: ReadonlySet<string> = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA',
]);

const PUBLIC: readonly string[] = ['*'];

/**
 * @param written the fields in force of the ConfigMap's `mesh` text, under their YAML names
 * @param asWritten all of them as they are written
 */
export function readMeshConfig(written: Mapping, object?: MeshObject, asWritten = written): EffectiveMeshConfig {
  const config = byYamlNames(written);
  const outboundPort = integer(config.proxyListenPort) ?? 15001;
  const inboundPort = integer(config.proxyInboundListenPort) ?? 15006;
  return {
    enableAutoMtls: config.enableAutoMtls !== false,
    rootNamespace: text(config.rootNamespace) ?? 'istio-system',
    trustDomain: text(config.trustDomain) ?? 'cluster.local',
    trustDomainAliases: new Set(texts(config.trustDomainAliases)),
    trustDomainsOfCas: mappings(config.caCertificates).map(byYamlNames).flatMap(({ trustDomains }) => texts(trustDomains)),
    defaultServiceExportTo: orPublic(config.defaultServiceExportTo),
    defaultVirtualServiceExportTo: orPublic(config.defaultVirtualServiceExportTo),
    defaultDestinationRuleExportTo: orPublic(config.defaultDestinationRuleExportTo),
    outboundTrafficPolicy: outboundMode(config.outboundTrafficPolicy) ?? 'ALLOW_ANY',
    addsTlsOutbound: !['DISABLE', 0, undefined, null].includes(mapping(mapping(config.outboundTrafficPolicy).tls).mode as string | number | undefined),
    interceptionMode: interceptionModeOf(mapping(written.defaultConfig)) ?? 'REDIRECT',
    dnsCapture: dnsCaptureOf(mapping(written.defaultConfig)) ?? false,
    network: networkOf(mapping(config.defaultConfig)),
    ownProxy: ownProxyOf(mapping(config.defaultConfig)),
    enablePrometheusMerge: config.enablePrometheusMerge !== false,
    readsElsewhere: mappings(config.configSources).some(({ address }) => !(text(address) ?? '').startsWith('k8s://')),
    outboundPort,
    inboundPort,
    sidecarPorts: new Set([outboundPort, inboundPort, 15021, 15090]),
    httpProxy: (integer(config.proxyHttpPort) ?? 0) !== 0,
    minProtocolVersion: ['TLSV1_3', 2].includes(byYamlNames(mapping(config.meshMTLS)).minProtocolVersion as string | number) ? 'TLSv1_3' : 'TLSv1_2',
    upgradesToHttp2: ['UPGRADE', 1].includes(config.h2UpgradePolicy as string | number),
    unknownCipherSuite: texts(byYamlNames(mapping(config.meshMTLS)).cipherSuites).find((suite) => !CIPHER_SUITES.has(suite)),
    discoverySelectors: mappings(config.discoverySelectors).map(readNamespaceSelector),
    serviceEntryVisibility: ServiceEntryVisibility.of(config.serviceEntryVisibility),
    object,
    written: asWritten,
  };
}

/** Where a mesh config says something, under the field's YAML name or its proto name; undefined: no ConfigMap has it. */
export function meshConfigAt({ object, written }: EffectiveMeshConfig, ...names: readonly string[]): FieldRef | undefined {
  if (!object) return undefined;
  let known = PLACES.get(written);
  if (!known) PLACES.set(written, known = new Map());
  const key = names.join('.');
  let found = known.get(key);
  if (!found) known.set(key, found = { object, field: fieldIn(written, names) });
  return found;
}

/** Found once for each text: reasons of very many connections share them. */
const PLACES = new WeakMap<Mapping, Map<string, FieldRef>>();

function fieldIn(written: Mapping, names: readonly string[]): FieldPath {
  const field = ['data', 'mesh'];
  let fields = written;
  for (const name of names) {
    const spelled = Object.hasOwn(fields, name) ? name : Object.keys(fields).find((one) => Object.hasOwn(byYamlNames({ [one]: true }), name));
    const own = spelled ?? name;
    field.push(own);
    fields = mapping(fields[own]);
  }
  return field;
}

/** The mode of an `outboundTrafficPolicy`; without a mode it is REGISTRY_ONLY, the API's zero value. */
export function outboundMode(policy: unknown): OutboundMode | undefined {
  if (typeof policy !== 'object' || policy === null) return undefined;
  const { mode } = mapping(policy);
  if (mode === 'ALLOW_ANY' || integer(mode) === 1) return 'ALLOW_ANY';
  return mode === 'ALLOW_ANY_DYNAMIC_DNS' || integer(mode) === 3 ? 'ALLOW_ANY_DYNAMIC_DNS' : 'REGISTRY_ONLY';
}

function orPublic(list: unknown): readonly string[] {
  return texts(list).length > 0 ? texts(list) : PUBLIC;
}
