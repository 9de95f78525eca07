import { FieldPath } from '../../findings/finding';
import { indexedMappings, integer, isMapping, Mapping, mapping, text, texts, labelsOf } from '../../manifests/mapping';
import { FirstBy, oncePerObject } from '../collections';
import { FieldRef, within } from '../inventory/field-ref';
import { byAge, MeshObject } from '../inventory/object';
import { fullHost } from '../names/hosts';
import { Labels } from '../names/labels';

/** The part of a DestinationRule that settings are in. */
export interface RulePart {
  /** The subset that they are for; undefined: the rule's own. */
  readonly subset?: string;
  /** The port that they are for; undefined: all. */
  readonly port?: number;
}

/** A field of a DestinationRule. Rules for one host merge, so only the field says which of them has it. */
export interface RuleField {
  /** Where it is written. */
  readonly at: FieldRef;
  readonly part: RulePart;
}

/** The TLS that a DestinationRule sets. */
export interface TlsSettings extends RuleField {
  readonly mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly credentialName?: string;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly sni?: string;
  readonly subjectAltNames: readonly string[];
  /** The names of the fields that are set: without `mode` among them, the mode is DISABLE. */
  readonly fields: readonly string[];
  /** Those of them that name custom certificates. */
  readonly certificates: readonly string[];
}

/** The TLS of a DestinationRule's policy, for all ports and for some. */
export interface RuleTrafficPolicy extends PortPolicy {
  readonly ports: readonly PortEntry[];
}

interface PortPolicy extends PolicyInEffect, RuleField {}

/** The settings that apply to a port, wherever each is from. */
interface PolicyInEffect {
  readonly tls?: TlsSettings;
  /** `loadBalancer.simple: PASSTHROUGH`: the connection goes to the requested address. */
  readonly passthrough?: RuleField;
  /** What puts a PROXY protocol header first on a connection. An entry for a port can't set it. */
  readonly proxyProtocol?: RuleField;
}

/** A policy's settings for one port. */
interface PortEntry extends PortPolicy {
  readonly port: number;
}

const ENTRIES = new FirstBy<PortEntry, number>(({ port }) => port);
const TLS_ENTRIES = new FirstBy<PortEntry, number>(({ port, tls }) => (tls === undefined ? undefined : port));

/**
 * @param at where the policy is written
 * @param subset the name of the subset that it is for
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

/** `tls: {}` has no mode, which means DISABLE, the API's zero value. */
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

/** The settings for one port: an entry for the port **replaces** the others, nothing is inherited. */
export function policyForPort(policy: RuleTrafficPolicy | undefined, port: number): PortPolicy | undefined {
  return portEntry(policy, port) ?? policy;
}

/** A subset's settings for one port: it inherits what it omits; from an entry for the port, only the PROXY protocol. */
export function policyForSubset(policy: RuleTrafficPolicy | undefined, subset: RuleTrafficPolicy | undefined, port: number): PolicyInEffect | undefined {
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
 * The settings whose mode makes istiod mark endpoints as using the mesh's TLS. Unlike `policyForPort`, it **does** fall back to the
 * policy for all ports if the port's entry has no TLS.
 */
export function endpointTlsSettings(policy: RuleTrafficPolicy | undefined, port: number): TlsSettings | undefined {
  const entry = policy && TLS_ENTRIES.in(policy.ports, port);
  return (entry ?? policy)?.tls;
}

/** The settings of a policy's entry for one port. */
export function portEntry(policy: RuleTrafficPolicy | undefined, port: number): PortPolicy | undefined {
  return policy && ENTRIES.in(policy.ports, port);
}

/** The parts that say where settings are written, rather than what they are. */
const OF_WRITING: ReadonlySet<string> = new Set(['at', 'part', 'fields', 'certificates']);

/** Equal texts for equal settings, wherever and however they are written. */
export function settingsText(settings: RuleTrafficPolicy | TlsSettings | undefined): string {
  return JSON.stringify(settings, (key, value) => (OF_WRITING.has(key) ? undefined : value)) ?? '';
}

/** A DestinationRule. */
export interface DestinationRule {
  readonly object: MeshObject;
  /** The full name. */
  readonly host: string;
  /** As written; undefined if absent. */
  readonly hostText?: string;
  /** The effective `exportTo`: a rule for selected workloads only applies in its own namespace. */
  readonly exportTo: ReadonlySet<string>;
  readonly workloadSelector?: Labels;
  readonly policy?: RuleTrafficPolicy;
  readonly subsets: readonly RuleSubset[];
}

export interface RuleSubset {
  readonly name: string;
  readonly labels: Labels;
  readonly policy?: RuleTrafficPolicy;
  /** The rule that defines it, and where. */
  readonly object: MeshObject;
  readonly at: FieldRef;
}

/** Where a rule has the policy that isn't a subset's. */
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
  return { name, labels: labelsOf(labels), policy: readTrafficPolicy(trafficPolicy, within(at, 'trafficPolicy'), name), object: at.object, at };
}

/** Where a rule has the labels of its clients. */
export function workloadSelectorAt({ object }: DestinationRule): FieldRef {
  return { object, field: ['spec', 'workloadSelector', 'matchLabels'] };
}

/** One of a rule's policies, for all ports or for one. */
export interface PolicyOfRule {
  readonly rule: DestinationRule;
  /** The subset; undefined: the rule's own policy. */
  readonly subset?: RuleSubset;
  readonly policy: PortPolicy;
  readonly port?: number;
}

/** All policies of a rule, each before its entries for ports. */
export function* policiesOf(rule: DestinationRule): Generator<PolicyOfRule> {
  for (const subset of [undefined, ...rule.subsets]) {
    const { policy } = subset ?? rule;
    if (!policy) continue;
    yield { rule, subset, policy };
    for (const entry of policy.ports) yield { rule, subset, policy: entry, port: entry.port };
  }
}

/** istiod uses the rules for selected workloads first, then the oldest. */
export function compareRules(left: DestinationRule, right: DestinationRule): number {
  const selected = Number(right.workloadSelector !== undefined) - Number(left.workloadSelector !== undefined);
  return selected || byAge(left.object, right.object);
}
