import { FieldPath } from '../../findings/finding';
import { Mapping, mapping, mappings, indexedMappings, text, texts, booleanText, isMapping, labelsOf } from '../../manifests/mapping';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { Labels } from '../names/labels';

/** What one list of a rule requires of a request: `principals`, `notNamespaces`, the `values` of a `when`. */
export interface Atom {
  /** In the terms of `when`, also for `from` and `to`: `source.principal` for `principals`. */
  readonly attribute: string;
  /** None of the values may match, instead of one of them. */
  readonly negated: boolean;
  readonly values: readonly string[];
  readonly at: FieldRef;
}

/** All of them must hold. */
export type Conjunction = readonly Atom[];

/** One of the sources, one of the operations, and all conditions must hold. */
export interface PolicyRule {
  readonly at: FieldRef;
  /** An empty one, which anybody matches, if there is no `from`. */
  readonly sources: readonly Conjunction[];
  /** An empty one, which any request matches, if there is no `to`. */
  readonly operations: readonly Conjunction[];
  /** The `when`. */
  readonly conditions: Conjunction;
}

/** A list, the list that negates it, and the attribute of both. */
type NamedLists = readonly { readonly attribute: string; readonly negated: boolean; readonly list: string }[];

function namedLists(...lists: readonly (readonly [attribute: string, list: string, notList: string])[]): NamedLists {
  return lists.flatMap(([attribute, list, notList]) => [{ attribute, negated: false, list }, { attribute, negated: true, list: notList }]);
}

const SOURCE_LISTS = namedLists(
  ['source.principal', 'principals', 'notPrincipals'],
  ['source.namespace', 'namespaces', 'notNamespaces'],
  ['source.serviceAccount', 'serviceAccounts', 'notServiceAccounts'],
  ['source.trustDomain', 'trustDomains', 'notTrustDomains'],
  ['source.ip', 'ipBlocks', 'notIpBlocks'],
  ['remote.ip', 'remoteIpBlocks', 'notRemoteIpBlocks'],
  ['request.auth.principal', 'requestPrincipals', 'notRequestPrincipals'],
);

const OPERATION_LISTS = namedLists(
  ['request.host', 'hosts', 'notHosts'],
  ['request.method', 'methods', 'notMethods'],
  ['request.path', 'paths', 'notPaths'],
  ['destination.port', 'ports', 'notPorts'],
);

/** The attributes that are read from the client's certificate. */
const OF_CERTIFICATE: ReadonlySet<string> = new Set([
  'source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain',
]);

export const SNI = 'connection.sni';

/** What an atom is about. */
export type About = Pick<Atom, 'attribute'>;

export function isOfCertificate({ attribute }: About): boolean {
  return OF_CERTIFICATE.has(attribute);
}

export function isOfSni({ attribute }: About): boolean {
  return attribute === SNI;
}

/** Whether a plaintext connection has no value for it: it never matches such a list, and always matches a negated one. */
export function needsTls(atom: About): boolean {
  return isOfCertificate(atom) || isOfSni(atom);
}

export type AuthorizationAction = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

/** An AuthorizationPolicy. */
export interface AuthorizationPolicy {
  readonly object: MeshObject;
  readonly action: AuthorizationAction;
  /** The labels that it selects; undefined: all workloads of its namespace, or of the mesh. */
  readonly selector?: Labels;
  /** It is for gateways, waypoints or Services: sidecars ignore it. */
  readonly targeted: boolean;
  /** Its effect is only logged. */
  readonly dryRun: boolean;
  /** A request that matches one of them matches the policy; none: no request does, and an ALLOW allows nothing. */
  readonly rules: readonly PolicyRule[];
}

export function readAuthorizationPolicy(object: MeshObject): AuthorizationPolicy {
  const { spec, annotations } = object;
  return {
    object,
    action: readAction(spec.action),
    selector: isMapping(spec.selector) ? labelsOf(mapping(spec.selector).matchLabels) : undefined,
    targeted: isMapping(spec.targetRef) || mappings(spec.targetRefs).length > 0,
    dryRun: booleanText(annotations['istio.io/dry-run']) === true,
    rules: indexedMappings(spec.rules).map(([index, rule]) => readRule(object, rule, ['spec', 'rules', index])),
  };
}

/** The lists of a policy's rules, in their order. */
export function atomsOf({ rules }: AuthorizationPolicy): readonly Atom[] {
  return rules.flatMap(({ sources, operations, conditions }) => [...sources.flat(), ...operations.flat(), ...conditions]);
}

function readAction(action: unknown): AuthorizationAction {
  return action === 'DENY' || action === 'AUDIT' || action === 'CUSTOM' ? action : 'ALLOW';
}

function readRule(object: MeshObject, { from, to, when }: Mapping, field: FieldPath): PolicyRule {
  return {
    at: { object, field },
    sources: readEntries(object, from, SOURCE_LISTS, [...field, 'from'], 'source'),
    operations: readEntries(object, to, OPERATION_LISTS, [...field, 'to'], 'operation'),
    conditions: indexedMappings(when).flatMap(([index, condition]) => readCondition(object, condition, [...field, 'when', index])),
  };
}

const ANYTHING: readonly Conjunction[] = Object.freeze([Object.freeze([])]);

function readEntries(object: MeshObject, entries: unknown, lists: NamedLists, field: FieldPath, name: string): readonly Conjunction[] {
  const read = indexedMappings(entries).map(([index, entry]) => readLists(object, mapping(entry[name]), lists, [...field, index, name]));
  return read.length === 0 ? ANYTHING : read;
}

function readLists(object: MeshObject, entry: Mapping, lists: NamedLists, field: FieldPath): Conjunction {
  return lists.filter(({ list }) => list in entry)
    .flatMap(({ attribute, negated, list }) => atomOf(object, attribute, negated, entry[list], [...field, list]));
}

function readCondition(object: MeshObject, { key, values, notValues }: Mapping, field: FieldPath): Conjunction {
  const attribute = text(key) ?? '';
  return [
    ...atomOf(object, attribute, false, values, [...field, 'values']),
    ...atomOf(object, attribute, true, notValues, [...field, 'notValues']),
  ];
}

/** An empty list requires nothing. */
function atomOf(object: MeshObject, attribute: string, negated: boolean, list: unknown, field: FieldPath): Conjunction {
  const values = texts(list);
  return values.length === 0 ? [] : [{ attribute, negated, values, at: { object, field } }];
}
