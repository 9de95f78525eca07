import { Evidence, OpenPort, OpenPorts } from './evidence';
import { placeText } from './mesh-finding';
import { others, policyText } from './texts';
import { Alternative, concernsPort, isForSomeRequests, PlaintextMatch } from '../mesh/authorization/alternative';
import { AuthorizationAction, AuthorizationPolicy } from '../mesh/authorization/authorization-policy';
import { Condition } from '../mesh/authorization/condition';
import { objectText } from '../mesh/objects/mesh-object';

/** A condition of a policy by which callers in plaintext get in, and the ports at which they do. */
export interface PlaintextHole {
  readonly policy: AuthorizationPolicy;
  readonly condition: Condition;
  readonly ports: readonly OpenPort[];
}

/** What may be a hole, if a port is open. */
interface Candidate {
  readonly policy: AuthorizationPolicy;
  readonly alternative: Alternative;
  readonly condition: Condition;
}

/** The condition of an alternative that plaintext gets round, if there is one. */
export type HoleIn = (alternative: Alternative) => Condition | undefined;

/**
 * The holes of all policies of one action, by policy and field. A port at which other policies refuse whoever
 * sends plaintext is none.
 */
export function plaintextHoles(evidence: Evidence, action: AuthorizationAction, holeIn: HoleIn): Iterable<PlaintextHole> {
  const holes = new Map<string, PlaintextHole & { readonly ports: OpenPort[] }>();
  const candidates = new Map<readonly AuthorizationPolicy[], readonly Candidate[]>();
  let openPorts: OpenPorts | undefined;
  for (const workload of evidence.mesh.workloads) {
    const { authorization } = evidence.planeOf(workload);
    const policies = authorization.of(workload);
    let found = candidates.get(policies);
    if (!found) candidates.set(policies, found = candidatesIn(policies, action, holeIn));
    for (const { policy, alternative, condition } of found) {
      openPorts ??= new OpenPorts(evidence);
      const open = openPorts.of(workload).filter(({ port }) =>
        concernsPort(alternative, port) && letsIn(authorization.plaintextAt(workload, port), action, alternative));
      if (open.length > 0) add(holes, policy, condition, open);
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

/** Of a policy and an ALLOW for some requests only, nobody knows whether any request is meant by both. */
function letsIn(passes: PlaintextMatch, action: AuthorizationAction, alternative: Alternative): boolean {
  return passes === 'all' || (passes === 'some' && (action === 'ALLOW' || !isForSomeRequests(alternative)));
}

function add(
  holes: Map<string, PlaintextHole & { readonly ports: OpenPort[] }>, policy: AuthorizationPolicy, condition: Condition, open: readonly OpenPort[],
): void {
  const key = placeText({ object: policy.object, field: condition.field });
  const hole = holes.get(key);
  if (hole) hole.ports.push(...open);
  else holes.set(key, { policy, condition, ports: [...open] });
}
