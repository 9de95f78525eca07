import { Evidence } from './evidence';
import { placeText } from './mesh-finding';
import { NamedCallers, namingCondition } from './named-callers';
import { concernsPort, isForSomeRequests } from '../mesh/authorization/alternative';
import { AuthorizationPolicy } from '../mesh/authorization/authorization-policy';
import { Condition } from '../mesh/authorization/condition';
import { DecidedHop } from '../mesh/connections/decisions';
import { concerns } from '../mesh/connections/path';
import { Workload } from '../mesh/workloads/workload';

/** Callers that an ALLOW policy names, and that come without the certificate that would say who they are. */
export interface RefusedCallers {
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
    const { hop: { endpoint, server } } = decided;
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
          add(groups, policy, namingCondition(alternative.conditions)!, caller, workload);
        }
      }
    }
  }
  return groups.values();
}

function* callersOn({ mesh: { decisions } }: Evidence, { decision, path }: DecidedHop, named: readonly Workload[]): Generator<Workload> {
  for (const workload of named) if (decision.senders.has(decisions.senderOf(workload)) && concerns(path, workload)) yield workload;
}

function add(groups: Map<string, RefusedCallers>, policy: AuthorizationPolicy, condition: Condition, caller: Workload, server: Workload): void {
  const key = placeText({ object: policy.object, field: condition.field });
  let group = groups.get(key);
  if (!group) groups.set(key, group = { policy, condition, callers: new Set(), servers: new Set(), connections: 0 });
  group.callers.add(caller);
  group.servers.add(server);
  group.connections++;
}
