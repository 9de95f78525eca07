import { Evidence, OpenPort } from './evidence';
import { fieldRefText } from './mesh-finding';
import { others, policyText } from './texts';
import { NamedCallers, NamedSource } from '../mesh/authorization/callers';
import { Clause, clausesOf, RULE_PROTOCOLS, RuleProtocol, ruleProtocolsOf } from '../mesh/authorization/normal-form';
import { Extent, plaintextAt, scopeAt } from '../mesh/authorization/open';
import { Atom, AuthorizationAction, AuthorizationPolicy, Conjunction } from '../mesh/authorization/policy';
import { DecidedHop } from '../mesh/calls/decisions';
import { objectText } from '../mesh/inventory/object';
import { concerns } from '../mesh/model/path';
import { Receiver } from '../mesh/model/receiver';
import { Workload } from '../mesh/workloads/workload';

/** A condition of a policy that admits plaintext callers, and the ports where it does. */
interface PlaintextHole {
  readonly policy: AuthorizationPolicy;
  readonly condition: Atom;
  readonly ports: readonly OpenPort[];
}

/** A condition that admits plaintext callers if a port accepts plaintext. */
interface Candidate {
  readonly policy: AuthorizationPolicy;
  readonly condition: Atom;
  /** The rule with the condition, by protocol. */
  readonly clauses: ReadonlyMap<RuleProtocol, Clause>;
}

/** Finds the condition in a rule's conjunction that plaintext bypasses, if there is one. */
type HoleIn = (asked: Conjunction) => Atom | undefined;

/** Such conditions in all policies of one action, by policy and field. Ports where other policies reject all plaintext are left out. */
export function plaintextHoles(evidence: Evidence, action: AuthorizationAction, holeIn: HoleIn): Iterable<PlaintextHole> {
  const holes = new Map<string, PlaintextHole & { readonly ports: OpenPort[] }>();
  const candidates = new Map<readonly AuthorizationPolicy[], readonly Candidate[]>();
  for (const workload of evidence.mesh.workloads) {
    const { authorization } = evidence.planeOf(workload);
    const policies = authorization.of(workload);
    let found = candidates.get(policies);
    if (!found) candidates.set(policies, found = candidatesIn(policies, action, holeIn));
    for (const { policy, condition, clauses } of found) {
      const open = evidence.openPorts.of(workload).filter(({ port, receiver }) => ruleProtocolsOf(receiver.protocol).some((protocol) => {
        const clause = clauses.get(protocol);
        return clause && letsIn(plaintextAt(authorization, workload, port, protocol), action, scopeAt(clause, port, protocol));
      }));
      if (open.length > 0) addHole(holes, policy, condition, open);
    }
  }
  return holes.values();
}

function candidatesIn(policies: readonly AuthorizationPolicy[], action: AuthorizationAction, holeIn: HoleIn): readonly Candidate[] {
  return policies.filter((policy) => policy.action === action).flatMap((policy) => {
    const found = new Map<Atom, Map<RuleProtocol, Clause>>();
    for (const protocol of RULE_PROTOCOLS) {
      for (const clause of clausesOf(policy, protocol)) {
        for (const source of clause.sources) {
          const condition = holeIn([...source, ...clause.conditions]);
          if (condition) found.set(condition, (found.get(condition) ?? new Map<RuleProtocol, Clause>()).set(protocol, clause));
        }
      }
    }
    return [...found].map(([condition, clauses]) => ({ policy, condition, clauses }));
  });
}

/** `port 9080 of Deployment shop/ratings is PERMISSIVE (PeerAuthentication shop/default), and so are 2 other ports`. */
export function openPortsText([{ workload, port, receiver }, ...more]: readonly OpenPort[]): string {
  const first = `port ${port} of ${objectText(workload)} is ${receiver.mode}${policyText(receiver.enforced!) || ' by default'}`;
  return more.length === 0 ? first : `${first}${others(more.length + 1, 'port')} ${more.length === 1 ? 'is' : 'are'} open too`;
}

/** If both the rule and an ALLOW policy cover only some requests, it is unknown whether any request is covered by both. */
function letsIn(passes: Extent, action: AuthorizationAction, scope: Extent): boolean {
  return scope !== 'none' && (passes === 'all' || (passes === 'some' && (action === 'ALLOW' || scope === 'all')));
}

function addHole(
  holes: Map<string, PlaintextHole & { readonly ports: OpenPort[] }>, policy: AuthorizationPolicy, condition: Atom,
  open: readonly OpenPort[],
): void {
  const key = fieldRefText(condition.at);
  const hole = holes.get(key);
  if (hole) hole.ports.push(...open);
  else holes.set(key, { policy, condition, ports: [...open] });
}

/** Callers that an ALLOW policy names, but that have no certificate to prove their identity. */
interface RefusedCallers {
  readonly policy: AuthorizationPolicy;
  readonly condition: Atom;
  readonly callers: Set<Workload>;
  readonly servers: Set<Workload>;
  connections: number;
}

/** The refused callers, by policy and field. */
export function refusedCallers(evidence: Evidence): Iterable<RefusedCallers> {
  const groups = new Map<string, RefusedCallers>();
  let named: NamedCallers | undefined;
  for (const decided of [...evidence.hopsTo('plaintext'), ...evidence.hopsTo('tls')]) {
    const { hop: { received: { endpoint, receiver } } } = decided;
    const workload = endpoint?.workload;
    if (!workload || !receiver || receiver.mode === 'NO_PROXY') continue;
    const { authorization } = evidence.planeOf(workload);
    const allowing = authorization.of(workload).filter(({ action }) => action === 'ALLOW');
    if (allowing.length === 0) continue;
    const { port } = endpoint;
    const refusing = protocolsOf(decided, receiver)
      .map((protocol) => ({ protocol, passes: plaintextAt(authorization, workload, port, protocol) }))
      .filter(({ passes }) => passes !== 'all');
    if (refusing.length === 0) continue;
    named ??= new NamedCallers({ all: evidence.mesh.callers, inNamespace: (namespace) => evidence.workloadsIn(namespace) });
    for (const policy of allowing) {
      const found = new Map<Atom, Set<Workload>>();
      for (const { protocol, passes } of refusing) {
        for (const clause of clausesOf(policy, protocol)) {
          if (!mayRefuse(passes, scopeAt(clause, port, protocol))) continue;
          addNamed(found, named.of(clause, authorization.trustDomains), evidence, decided);
        }
      }
      for (const [naming, callers] of found) for (const caller of callers) addCaller(groups, policy, naming, caller, workload);
    }
  }
  return groups.values();
}

/**
 * Whether callers in a rule are refused without an identity. If some requests pass anyway, this is unknown for a rule about some requests.
 */
function mayRefuse(passes: Extent, scope: Extent): boolean {
  return scope !== 'none' && (passes === 'none' || scope === 'all');
}

/** The protocols whose rules judge a call without an identity: an application's own TLS is opaque. */
function protocolsOf({ hop: { sent: { kind }, outcome } }: DecidedHop, { protocol }: Receiver): readonly RuleProtocol[] {
  if (outcome === 'tls') return OPAQUE;
  const possible = ruleProtocolsOf(protocol);
  return kind === 'http' && possible.includes('HTTP') ? REQUESTS : possible;
}

const OPAQUE: readonly RuleProtocol[] = ['TCP'];
const REQUESTS: readonly RuleProtocol[] = ['HTTP'];

/** Adds the named callers that take the path. */
function addNamed(
  found: Map<Atom, Set<Workload>>, named: readonly NamedSource[], { mesh: { decisions } }: Evidence, { decision, path }: DecidedHop,
): void {
  for (const { naming, callers } of named) {
    for (const caller of callers) {
      if (!decision.senders.has(decisions.senderOf(caller)) || !concerns(path, caller)) continue;
      found.set(naming, (found.get(naming) ?? new Set()).add(caller));
    }
  }
}

function addCaller(
  groups: Map<string, RefusedCallers>, policy: AuthorizationPolicy, condition: Atom, caller: Workload, server: Workload,
): void {
  const key = fieldRefText(condition.at);
  let group = groups.get(key);
  if (!group) groups.set(key, group = { policy, condition, callers: new Set(), servers: new Set(), connections: 0 });
  group.callers.add(caller);
  group.servers.add(server);
  group.connections++;
}
