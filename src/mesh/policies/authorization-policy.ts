import { FieldPath } from '../../findings/finding';
import { Mapping, mapping, mappings, text, texts, booleanText, isMapping, labelsOf } from '../../manifests/mapping';
import { MeshObject } from '../inventory/object';
import { Labels } from '../names/labels';

/** What one list of a rule requires of a request: `principals`, `notNamespaces`, the `values` of a `when`. */
export interface Condition {
  /** In the terms of `when`, also for `from`: `source.principal` for `principals`. */
  readonly attribute: string;
  /** None of the values may match, instead of one of them. */
  readonly negated: boolean;
  readonly values: readonly string[];
  readonly field: FieldPath;
}

/** The lists of a source, each with its attribute and the list that negates it. */
const SOURCE_LISTS = ([
  ['source.principal', 'principals', 'notPrincipals'],
  ['source.namespace', 'namespaces', 'notNamespaces'],
  ['source.serviceAccount', 'serviceAccounts', 'notServiceAccounts'],
  ['source.trustDomain', 'trustDomains', 'notTrustDomains'],
  ['source.ip', 'ipBlocks', 'notIpBlocks'],
  ['remote.ip', 'remoteIpBlocks', 'notRemoteIpBlocks'],
  ['request.auth.principal', 'requestPrincipals', 'notRequestPrincipals'],
] as const).flatMap(([attribute, list, notList]) => [{ attribute, negated: false, list }, { attribute, negated: true, list: notList }]);

/** The attributes that are read from the client's certificate. */
const OF_CERTIFICATE: ReadonlySet<string> = new Set(['source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain']);

const SNI = 'connection.sni';

export function isOfCertificate({ attribute }: Condition): boolean {
  return OF_CERTIFICATE.has(attribute);
}

export function isOfSni({ attribute }: Condition): boolean {
  return attribute === SNI;
}

/** Whether a plaintext connection has no value for it: it never matches such a list, and always matches a negated one. */
export function needsTls(condition: Condition): boolean {
  return isOfCertificate(condition) || isOfSni(condition);
}

function readSource(source: Mapping, field: FieldPath): readonly Condition[] {
  return SOURCE_LISTS.filter(({ list }) => list in source)
    .flatMap(({ attribute, negated, list }) => conditionOf(attribute, negated, source[list], [...field, list]));
}

function readWhen(when: unknown, field: FieldPath): readonly Condition[] {
  return mappings(when).flatMap(({ key, values, notValues }, index) => {
    const attribute = text(key) ?? '';
    return [
      ...conditionOf(attribute, false, values, [...field, index, 'values']),
      ...conditionOf(attribute, true, notValues, [...field, index, 'notValues']),
    ];
  });
}

/** An empty list requires nothing. */
function conditionOf(attribute: string, negated: boolean, list: unknown, field: FieldPath): readonly Condition[] {
  const values = texts(list);
  return values.length === 0 ? [] : [{ attribute, negated, values, field }];
}

/** Each source of `from`; a single one without conditions if there is no `from`. */
function readFrom(from: unknown, field: FieldPath): readonly (readonly Condition[])[] {
  const sources = mappings(from).map(({ source }, index) => readSource(mapping(source), [...field, index, 'source']));
  return sources.length === 0 ? [[]] : sources;
}

/** What an entry of `to` requires of a request's target. */
interface Operation {
  /** The **workload's** ports; undefined: all. */
  readonly ports?: ReadonlySet<string>;
  readonly notPorts: ReadonlySet<string>;
  /** Whether it also requires hosts, methods or paths, so that only some requests to a port match. */
  readonly someRequests: boolean;
}

const NO_PORTS: ReadonlySet<string> = new Set();
const ANYTHING: Operation = Object.freeze({ notPorts: NO_PORTS, someRequests: false });

const OF_REQUESTS = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];

/** Each operation of `to`; a single one without conditions if there is no `to`. */
function readTo(to: unknown): readonly Operation[] {
  const operations = mappings(to).map(({ operation }) => readOperation(mapping(operation)));
  return operations.length === 0 ? [ANYTHING] : operations;
}

function readOperation(operation: Mapping): Operation {
  const ports = texts(operation.ports);
  return {
    ports: ports.length === 0 ? undefined : new Set(ports),
    notPorts: new Set(texts(operation.notPorts)),
    someRequests: OF_REQUESTS.some((list) => texts(operation[list]).length > 0),
  };
}

function isForPort({ ports, notPorts }: Operation, port: number): boolean {
  return (!ports || ports.has(String(port))) && !notPorts.has(String(port));
}

/** Whether a condition of `when` is about the destination port; it also means the workload's ports. */
function isOfPort({ attribute }: Condition): boolean {
  return attribute === 'destination.port';
}

function allowsPort({ negated, values }: Condition, port: number): boolean {
  return values.includes(String(port)) !== negated;
}

/**
 * One way for a request to match a policy: one source of a rule with the rule's `when`. A rule with several sources has several.
 */
export interface Alternative {
  /** All must match. */
  readonly conditions: readonly Condition[];
  /** One of them must match. */
  readonly operations: readonly Operation[];
}

/** Which plaintext requests match: those have no certificate and no SNI. */
export type PlaintextMatch = 'all' | 'some' | 'none';

function readRule(rule: Mapping, field: FieldPath): readonly Alternative[] {
  const when = readWhen(rule.when, [...field, 'when']);
  const operations = readTo(rule.to);
  return readFrom(rule.from, [...field, 'from']).map((source) => ({ conditions: [...source, ...when], operations }));
}

/** Which of the plaintext requests to a port of the workload match. */
export function plaintextMatch({ conditions, operations }: Alternative, port: number): PlaintextMatch {
  const ports = conditions.filter(isOfPort);
  const fitting = operations.filter((operation) => isForPort(operation, port));
  if (fitting.length === 0 || !ports.every((condition) => allowsPort(condition, port))) return 'none';
  if (conditions.some((condition) => needsTls(condition) && !condition.negated)) return 'none';
  const others = conditions.some((condition) => !needsTls(condition) && !isOfPort(condition));
  return others || fitting.every(({ someRequests }) => someRequests) ? 'some' : 'all';
}

/** Whether it applies to a port of the workload at all. */
export function concernsPort({ conditions, operations }: Alternative, port: number): boolean {
  return operations.some((operation) => isForPort(operation, port)) && conditions.filter(isOfPort).every((condition) => allowsPort(condition, port));
}

/** Whether it requires hosts, methods or paths, whatever the port. */
export function isForSomeRequests({ operations }: Alternative): boolean {
  return operations.every(({ someRequests }) => someRequests);
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
  /** The ways in which a request can match; none: no request does, and an ALLOW allows nothing. */
  readonly alternatives: readonly Alternative[];
}

export function readAuthorizationPolicy(object: MeshObject): AuthorizationPolicy {
  const { spec, annotations } = object;
  return {
    object,
    action: readAction(spec.action),
    selector: isMapping(spec.selector) ? labelsOf(mapping(spec.selector).matchLabels) : undefined,
    targeted: isMapping(spec.targetRef) || mappings(spec.targetRefs).length > 0,
    dryRun: booleanText(annotations['istio.io/dry-run']) === true,
    alternatives: mappings(spec.rules).flatMap((rule, index) => readRule(rule, ['spec', 'rules', index])),
  };
}

function readAction(action: unknown): AuthorizationAction {
  return action === 'DENY' || action === 'AUDIT' || action === 'CUSTOM' ? action : 'ALLOW';
}
