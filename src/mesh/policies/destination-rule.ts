import { FieldPath } from '../../findings/finding';
import { indexedMappings, integer, isMapping, Mapping, mapping, text, texts, labelsOf } from '../../manifests/mapping';
import { FirstBy, oncePerObject } from '../collections';
import { FieldRef, within } from '../inventory/field-ref';
import { byAge, MeshObject } from '../inventory/object';
import { fullHost } from '../names/hosts';
import { Labels } from '../names/labels';

/** The part of a DestinationRule that contains a setting. */
export interface RulePart {
  /** The subset with the setting; undefined in the rule's own policy. */
  readonly subset?: string;
  /** The port with the setting; undefined for all ports. */
  readonly port?: number;
}

/** A field of a DestinationRule. Rules for one host are merged, so the field also names its rule. */
export interface RuleField {
  /** Where it is written. */
  readonly at: FieldRef;
  readonly part: RulePart;
}

/** The TLS settings of a DestinationRule. */
export interface TlsSettings extends RuleField {
  readonly mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly credentialName?: string;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly sni?: string;
  readonly subjectAltNames: readonly string[];
  /** The names of the fields that are set. Without `mode` among them, the mode is DISABLE. */
  readonly fields: readonly string[];
  /** The names of set fields with custom certificates. */
  readonly certificates: readonly string[];
}

/** The TLS settings of a DestinationRule's policy, for all ports and for single ports. */
export interface RuleTrafficPolicy extends PortPolicy {
  readonly ports: readonly PortEntry[];
}

interface PortPolicy extends PolicyInEffect, RuleField {}

/** The settings in effect for a port, each from its own place. */
interface PolicyInEffect {
  readonly tls?: TlsSettings;
  /** `loadBalancer.simple: PASSTHROUGH`: the connection goes to the requested address. */
  readonly passthrough?: RuleField;
  /** The setting that sends a PROXY protocol header first; a port's entry can't set it. */
  readonly proxyProtocol?: RuleField;
}

/** A policy's settings for one port. */
interface PortEntry extends PortPolicy {
  readonly port: number;
}

const ENTRIES = new FirstBy<PortEntry, number>(({ port }) => port);
const TLS_ENTRIES = new FirstBy<PortEntry, number>(({ port, tls }) => (tls === undefined ? undefined : port));

/**
 * @param at the place of the policy
 * @param subset the subset's name, if the policy is a subset's
 */
export function readTrafficPolicy(policy: unknown, at: FieldRef, subset?: string): RuleTrafficPolicy | undefined {
  if (!isMapping(policy)) return undefined;
  const part = { subset };
  return {
    at,
    part,
    tls: tlsIn(policy, at, part),
    passthrough: passthroughIn(policy, at, part),
    proxyProtocol: isMapping(policy.proxyProtocol) ? { at: within(at, 'proxyProtocol'), part } : undefined,
    ports: policy.portLevelSettings === undefined ? NO_ENTRIES : readEntries(policy, at, subset),
  };
}

const NO_ENTRIES: readonly PortEntry[] = [];

function readEntries({ portLevelSettings }: Mapping, policyAt: FieldRef, subset: string | undefined): readonly PortEntry[] {
  return indexedMappings(portLevelSettings).flatMap(([index, settings]) => {
    const port = integer(mapping(settings.port).number);
    if (port === undefined) return [];
    const [at, part] = [within(policyAt, 'portLevelSettings', index), { subset, port }];
    return [{ at, part, tls: tlsIn(settings, at, part), passthrough: passthroughIn(settings, at, part), port }];
  });
}

function tlsIn({ tls }: Mapping, at: FieldRef, part: RulePart): TlsSettings | undefined {
  return isMapping(tls) ? readTls(tls, within(at, 'tls'), part) : undefined;
}

function passthroughIn({ loadBalancer }: Mapping, at: FieldRef, part: RulePart): RuleField | undefined {
  return mapping(loadBalancer).simple === 'PASSTHROUGH' ? { at: within(at, 'loadBalancer', 'simple'), part } : undefined;
}

const CERTIFICATES = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl', 'credentialName'];

/** `tls: {}` has no mode: that means DISABLE, the API's zero value. */
function readTls(tls: Mapping, at: FieldRef, part: RulePart): TlsSettings {
  const { mode } = tls;
  return {
    at,
    part,
    mode: mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL' ? mode : 'DISABLE',
    credentialName: text(tls.credentialName),
    clientCertificate: text(tls.clientCertificate),
    privateKey: text(tls.privateKey),
    sni: text(tls.sni),
    subjectAltNames: texts(tls.subjectAltNames),
    fields: Object.keys(tls).filter((name) => tls[name] !== undefined),
    certificates: CERTIFICATES.filter((name) => tls[name] !== undefined && tls[name] !== ''),
  };
}

/** The settings for one port. An entry for the port **replaces** the others; it inherits nothing. */
export function policyForPort(policy: RuleTrafficPolicy | undefined, port: number): PortPolicy | undefined {
  return portEntry(policy, port) ?? policy;
}

/** A subset's settings for one port. It inherits what it omits from the rule; if the port has an entry, only the PROXY protocol. */
export function policyForSubset(
  policy: RuleTrafficPolicy | undefined, subset: RuleTrafficPolicy | undefined, port: number,
): PolicyInEffect | undefined {
  const wide = policyForPort(policy, port);
  if (!subset) return wide;
  const entry = portEntry(subset, port);
  if (!wide) return entry ?? subset;
  if (entry) return { ...entry, proxyProtocol: wide.proxyProtocol };
  return {
    tls: subset.tls ?? wide.tls,
    passthrough: subset.passthrough ?? wide.passthrough,
    proxyProtocol: subset.proxyProtocol ?? wide.proxyProtocol,
  };
}

/**
 * The settings whose mode makes istiod mark endpoints for the mesh's TLS. Unlike `policyForPort`,
 * this **does** fall back to the policy for all ports if the port's entry has no TLS.
 */
export function endpointTlsSettings(policy: RuleTrafficPolicy | undefined, port: number): TlsSettings | undefined {
  const entry = policy && TLS_ENTRIES.in(policy.ports, port);
  return (entry ?? policy)?.tls;
}

/** The settings of a policy's entry for one port. */
export function portEntry(policy: RuleTrafficPolicy | undefined, port: number): PortPolicy | undefined {
  return policy && ENTRIES.in(policy.ports, port);
}

/** Fields about where settings are written, not what they are. */
const OF_WRITING: ReadonlySet<string> = new Set(['at', 'part', 'fields', 'certificates']);

/** A text that is equal for equal settings, wherever they are written. */
export function settingsText(settings: RuleTrafficPolicy | TlsSettings | undefined): string {
  return JSON.stringify(settings, (key, value) => (OF_WRITING.has(key) ? undefined : value)) ?? '';
}

/** A DestinationRule. */
export interface DestinationRule {
  readonly object: MeshObject;
  /** The full host name. */
  readonly host: string;
  /** The host as written; undefined if absent. */
  readonly hostText?: string;
  /** The effective `exportTo`: a rule with a workloadSelector applies only in its own namespace. */
  readonly exportTo: ReadonlySet<string>;
  readonly workloadSelector?: Labels;
  readonly policy?: RuleTrafficPolicy;
  readonly subsets: readonly RuleSubset[];
}

export interface RuleSubset {
  readonly name: string;
  readonly labels: Labels;
  readonly policy?: RuleTrafficPolicy;
  /** The rule that defines the subset. */
  readonly object: MeshObject;
  readonly at: FieldRef;
}

/** The field of a rule's own policy. */
export const POLICY: FieldPath = ['spec', 'trafficPolicy'];

const OWN_NAMESPACE: ReadonlySet<string> = new Set(['.']);

export const readDestinationRule = oncePerObject((object: MeshObject): DestinationRule => {
  const { spec } = object;
  const hostText = text(spec.host);
  const selected = isMapping(spec.workloadSelector);
  return {
    object,
    host: fullHost(hostText ?? '', object),
    hostText,
    exportTo: selected ? OWN_NAMESPACE : new Set(texts(spec.exportTo)),
    workloadSelector: selected ? labelsOf(mapping(spec.workloadSelector).matchLabels) : undefined,
    policy: readTrafficPolicy(spec.trafficPolicy, { object, field: POLICY }),
    subsets: indexedMappings(spec.subsets).map(([index, subset]) => readSubset(subset, { object, field: ['spec', 'subsets', index] })),
  };
});

function readSubset({ name: written, labels, trafficPolicy }: Mapping, at: FieldRef): RuleSubset {
  const name = text(written) ?? '';
  return {
    name, labels: labelsOf(labels), policy: readTrafficPolicy(trafficPolicy, within(at, 'trafficPolicy'), name), object: at.object, at,
  };
}

/** The field of a rule's workloadSelector. */
export function workloadSelectorAt({ object }: DestinationRule): FieldRef {
  return { object, field: ['spec', 'workloadSelector', 'matchLabels'] };
}

/** A policy of a rule, for all ports or for one. */
export interface PolicyOfRule {
  readonly rule: DestinationRule;
  /** The subset; undefined for the rule's own policy. */
  readonly subset?: RuleSubset;
  readonly policy: PortPolicy;
  readonly port?: number;
}

/** All policies of a rule, each followed by its entries for ports. */
export function* policiesOf(rule: DestinationRule): Generator<PolicyOfRule> {
  for (const subset of [undefined, ...rule.subsets]) {
    const { policy } = subset ?? rule;
    if (!policy) continue;
    yield { rule, subset, policy };
    for (const entry of policy.ports) yield { rule, subset, policy: entry, port: entry.port };
  }
}

/** istiod prefers rules with a workloadSelector, then older rules. */
export function compareRules(left: DestinationRule, right: DestinationRule): number {
  const selected = Number(right.workloadSelector !== undefined) - Number(left.workloadSelector !== undefined);
  return selected || byAge(left.object, right.object);
}
