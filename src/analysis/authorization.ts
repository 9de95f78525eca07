import { Evidence, OpenPort } from './evidence';
import { fieldRefText } from './mesh-finding';
import { others, policyText } from './texts';
import { DecidedHop } from '../mesh/calls/decisions';
import { objectText } from '../mesh/inventory/object';
import { concerns } from '../mesh/model/path';
import { matchesNamespace, matchesPattern, ownTrustDomains, readServiceAccount } from '../mesh/policies/authorization';
import { Alternative, concernsPort, isForSomeRequests, PlaintextMatch, AuthorizationAction, AuthorizationPolicy, Condition, isOfCertificate } from '../mesh/policies/authorization-policy';
import { Workload } from '../mesh/workloads/workload';

/** A condition of a policy that lets plaintext callers in, and the ports where it does. */
interface PlaintextHole {
  readonly policy: AuthorizationPolicy;
  readonly condition: Condition;
  readonly ports: readonly OpenPort[];
}

/** A hole if a port is open. */
interface Candidate {
  readonly policy: AuthorizationPolicy;
  readonly alternative: Alternative;
  readonly condition: Condition;
}

/** The condition of an alternative that plaintext bypasses, if there is one. */
type HoleIn = (alternative: Alternative) => Condition | undefined;

/** The holes of all policies of one action, by policy and field. A port where other policies reject all plaintext isn't one. */
export function plaintextHoles(evidence: Evidence, action: AuthorizationAction, holeIn: HoleIn): Iterable<PlaintextHole> {
  const holes = new Map<string, PlaintextHole & { readonly ports: OpenPort[] }>();
  const candidates = new Map<readonly AuthorizationPolicy[], readonly Candidate[]>();
  for (const workload of evidence.mesh.workloads) {
    const { authorization } = evidence.planeOf(workload);
    const policies = authorization.of(workload);
    let found = candidates.get(policies);
    if (!found) candidates.set(policies, found = candidatesIn(policies, action, holeIn));
    for (const { policy, alternative, condition } of found) {
      const open = evidence.openPorts.of(workload).filter(({ port }) =>
        concernsPort(alternative, port) && letsIn(authorization.plaintextAt(workload, port), action, alternative));
      if (open.length > 0) addHole(holes, policy, condition, open);
    }
  }
  return holes.values();
}

function candidatesIn(policies: readonly AuthorizationPolicy[], action: AuthorizationAction, holeIn: HoleIn): readonly Candidate[] {
  return policies.filter((policy) => policy.action === action).flatMap((policy) => policy.alternatives.flatMap((alternative) => {
    const condition = holeIn(alternative);
    return condition ? [{ policy, alternative, condition }] : [];
  }));
}

/** `port 9080 of Deployment shop/ratings is PERMISSIVE (PeerAuthentication shop/default), and so are 2 other ports`. */
export function openPortsText([{ workload, port, server }, ...more]: readonly OpenPort[]): string {
  const first = `port ${port} of ${objectText(workload)} is ${server.mode}${policyText(server.enforced!) || ' by default'}`;
  return more.length === 0 ? first : `${first}${others(more.length + 1, 'port')} ${more.length === 1 ? 'is' : 'are'} open too`;
}

/** For a policy and an ALLOW that covers only some requests, it isn't known whether both cover the same request. */
function letsIn(passes: PlaintextMatch, action: AuthorizationAction, alternative: Alternative): boolean {
  return passes === 'all' || (passes === 'some' && (action === 'ALLOW' || !isForSomeRequests(alternative)));
}

function addHole(
  holes: Map<string, PlaintextHole & { readonly ports: OpenPort[] }>, policy: AuthorizationPolicy, condition: Condition, open: readonly OpenPort[],
): void {
  const key = fieldRefText({ object: policy.object, field: condition.field });
  const hole = holes.get(key);
  if (hole) hole.ports.push(...open);
  else holes.set(key, { policy, condition, ports: [...open] });
}

/** Callers that an ALLOW policy names, but that come without the certificate that would identify them. */
interface RefusedCallers {
  readonly policy: AuthorizationPolicy;
  readonly condition: Condition;
  readonly callers: Set<Workload>;
  readonly servers: Set<Workload>;
  connections: number;
}

/** By policy and field. */
export function refusedCallers(evidence: Evidence): Iterable<RefusedCallers> {
  const groups = new Map<string, RefusedCallers>();
  let named: NamedCallers | undefined;
  for (const decided of [...evidence.hopsTo('plaintext'), ...evidence.hopsTo('tls')]) {
    const { hop: { received: { endpoint, server } } } = decided;
    const workload = endpoint?.workload;
    if (!workload || server?.mode === 'NO_PROXY') continue;
    const { authorization } = evidence.planeOf(workload);
    const allowing = authorization.of(workload).filter(({ action }) => action === 'ALLOW');
    if (allowing.length === 0) continue;
    const passes = authorization.plaintextAt(workload, endpoint.port);
    if (passes === 'all') continue;
    named ??= new NamedCallers(evidence);
    for (const policy of allowing) {
      for (const alternative of policy.alternatives) {
        if (!concernsPort(alternative, endpoint.port) || (passes === 'some' && isForSomeRequests(alternative))) continue;
        for (const caller of callersOn(evidence, decided, named.of(policy, alternative))) {
          addCaller(groups, policy, namingCondition(alternative.conditions)!, caller, workload);
        }
      }
    }
  }
  return groups.values();
}

function* callersOn({ mesh: { decisions } }: Evidence, { decision, path }: DecidedHop, named: readonly Workload[]): Generator<Workload> {
  for (const workload of named) if (decision.senders.has(decisions.senderOf(workload)) && concerns(path, workload)) yield workload;
}

function addCaller(groups: Map<string, RefusedCallers>, policy: AuthorizationPolicy, condition: Condition, caller: Workload, server: Workload): void {
  const key = fieldRefText({ object: policy.object, field: condition.field });
  let group = groups.get(key);
  if (!group) groups.set(key, group = { policy, condition, callers: new Set(), servers: new Set(), connections: 0 });
  group.callers.add(caller);
  group.servers.add(server);
  group.connections++;
}

/** Finds the workloads that a policy names: by principal, service account or namespace. */
class NamedCallers {
  private readonly known = new Map<Alternative, readonly Workload[]>();
  private readonly principals = new Map<Workload, readonly string[]>();

  constructor(private readonly evidence: Evidence) {}

  /** None if nobody is named: with `*`, a policy means whoever has a name. */
  of(policy: AuthorizationPolicy, alternative: Alternative): readonly Workload[] {
    let found = this.known.get(alternative);
    if (!found) this.known.set(alternative, found = this.find(policy.object.namespace, alternative));
    return found;
  }

  private find(namespace: string, { conditions }: Alternative): readonly Workload[] {
    const naming = namingCondition(conditions);
    if (!naming) return [];
    const candidates = new Set(naming.values.flatMap((value) => this.candidates(naming, value, namespace)));
    const certified = conditions.filter(isOfCertificate);
    return [...candidates].filter((workload) => certified.every((condition) => this.fits(condition, workload, namespace)));
  }

  /** Found without looking at each workload, unless a pattern for namespaces requires it. */
  private candidates({ attribute }: Condition, value: string, policyNamespace: string): readonly Workload[] {
    const { evidence } = this;
    if (attribute === 'source.serviceAccount') return evidence.workloadsIn(readServiceAccount(value, policyNamespace).namespace);
    const namespace = attribute === 'source.namespace' ? value : /\/ns\/([^/]+)\//.exec(value)?.[1] ?? '*';
    return namespace.includes('*') ? evidence.mesh.callers : evidence.workloadsIn(namespace);
  }

  private fits({ attribute, negated, values }: Condition, workload: Workload, policyNamespace: string): boolean {
    const { namespace, serviceAccount } = workload;
    return negated !== values.some((value) => {
      switch (attribute) {
        case 'source.namespace': return matchesNamespace(namespace, value);
        case 'source.trustDomain': return this.trustDomainsOf(workload).some((name) => matchesPattern(name, value));
        case 'source.serviceAccount': {
          const account = readServiceAccount(value, policyNamespace);
          return account.namespace === namespace && account.serviceAccount === serviceAccount;
        }
        default: return this.principalsOf(workload).some((name) => matchesPattern(name, value));
      }
    });
  }

  /** Whom policies may allow to call a workload. */
  private principalsOf(workload: Workload): readonly string[] {
    let names = this.principals.get(workload);
    if (!names) {
      const { namespace, serviceAccount } = workload;
      names = this.trustDomainsOf(workload).map((trustDomain) => `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`);
      this.principals.set(workload, names);
    }
    return names;
  }

  private trustDomainsOf(workload: Workload): readonly string[] {
    return ownTrustDomains(this.evidence.planeOf(workload).config);
  }
}

/** The list with which an alternative names its callers. */
function namingCondition(conditions: readonly Condition[]): Condition | undefined {
  return conditions.find((condition) => isOfCertificate(condition) && condition.attribute !== 'source.trustDomain'
    && !condition.negated && !condition.values.includes('*'));
}
