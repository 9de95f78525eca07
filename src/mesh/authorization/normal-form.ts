import { About, Atom, AuthorizationPolicy, Conjunction, PolicyRule } from './policy';
import { oncePerObject } from '../collections';
import { Protocol } from '../services/service';

/** The protocol that a proxy enforces rules by: of a TCP connection it sees no request. */
export type RuleProtocol = 'HTTP' | 'TCP';

export const RULE_PROTOCOLS: readonly RuleProtocol[] = Object.freeze(['HTTP', 'TCP']);
const HTTP: readonly RuleProtocol[] = Object.freeze(['HTTP']);
const TCP: readonly RuleProtocol[] = Object.freeze(['TCP']);

/** The protocol of a server's port, and others that istiod may use. */
interface PortProtocols {
  readonly protocol: Protocol;
  readonly others?: readonly Protocol[];
}

/** Which rules apply to a server's port: both where its proxy detects what a connection is. */
export function ruleProtocolsOf({ protocol, others = [] }: PortProtocols): readonly RuleProtocol[] {
  const [first, ...rest] = [protocol, ...others].map(ruleProtocols);
  return rest.every((one) => one === first) ? first : RULE_PROTOCOLS;
}

function ruleProtocols(protocol: Protocol): readonly RuleProtocol[] {
  if (protocol === 'HTTP') return HTTP;
  return protocol === 'AUTO' || protocol === 'UDP' ? RULE_PROTOCOLS : TCP;
}

/**
 * A rule as a proxy gets it. Sources and operations aren't multiplied: a rule of a thousand sources and a thousand operations
 * has a million conjunctions.
 */
export interface Clause extends PolicyRule {
  /** The policy's namespace, which service accounts without one are in. */
  readonly namespace: string;
}

/** The rules of a policy for a protocol. */
export function clausesOf(policy: AuthorizationPolicy, protocol: RuleProtocol): readonly Clause[] {
  return protocol === 'HTTP' ? httpClauses(policy) : tcpClauses(policy);
}

const httpClauses = oncePerObject(({ object: { namespace }, rules }: AuthorizationPolicy): readonly Clause[] =>
  rules.map(({ at, sources, operations, conditions }) => ({ at, sources, operations, conditions, namespace })));

/** istiod leaves out an ALLOW's rules that ask for anything of a request, wherever they do, and drops such lists from other policies. */
const tcpClauses = oncePerObject((policy: AuthorizationPolicy): readonly Clause[] => {
  const clauses = httpClauses(policy);
  return policy.action === 'ALLOW' ? clauses.filter(isOfTcp) : clauses.map(withoutRequests);
});

function isOfTcp({ sources, operations, conditions }: Clause): boolean {
  return ![conditions, ...sources, ...operations].some((atoms) => atoms.some(isOfRequest));
}

function withoutRequests({ at, sources, operations, conditions, namespace }: Clause): Clause {
  return { at, sources: sources.map(ofTcp), operations: operations.map(ofTcp), conditions: ofTcp(conditions), namespace };
}

function ofTcp(atoms: Conjunction): Conjunction {
  return atoms.some(isOfRequest) ? atoms.filter((atom) => !isOfRequest(atom)) : atoms;
}

/** Whether only HTTP has a value for it: a part of the request, or of its token. */
export function isOfRequest({ attribute }: About): boolean {
  return attribute.startsWith('request.');
}

/** A path template that istiod's webhook admits and Envoy rejects, with the listener that holds it. */
export function refusedTemplate(clause: Clause): Atom | undefined {
  return clause.operations.flat().find(({ attribute, values }) => attribute === 'request.path' && values.some(isRefused));
}

function isRefused(path: string): boolean {
  return isTemplate(path) && (!path.startsWith('/') || path.includes('//'));
}

export function isTemplate(path: string): boolean {
  return path.includes('{*}') || path.includes('{**}');
}
