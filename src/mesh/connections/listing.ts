import { Call } from './call';
import { DecidedLeg, Decision, Decisions } from './decisions';
import { concerns, Leg, Target, transportOf } from './leg';
import { Outcome } from './outcome';
import { Caller } from './reasons';
import { compareNames, compareTexts } from '../objects/mesh-object';
import { ownerOf } from '../services/endpoint';
import { Workload } from '../workloads/workload';

/** Which connections are wanted; what isn't said doesn't matter. */
export interface ConnectionFilter {
  readonly client?: (client: Workload) => boolean;
  readonly requested?: (call: Call) => boolean;
  readonly server?: (server: Workload) => boolean;
  readonly outcome?: Outcome;
  /** Whether a client's way is wanted, where the decision alone doesn't tell. */
  readonly way?: (client: Workload, decided: DecidedLeg) => boolean;
}

/**
 * Lists connections one by one, by client, requested host and port, and server.
 *
 * @param told what is told of each
 */
export function* listConnections<T>(
  decisions: Decisions, clients: readonly Workload[], filter: ConnectionFilter, told: (caller: Caller, leg: Leg) => T,
): Generator<T> {
  const wanted = decisions.calls.filter((call) => filter.requested?.(call) ?? true);
  for (const client of clients) {
    if (filter.client && !filter.client(client)) continue;
    for (const call of wanted) {
      const one = decisions.classOf(client);
      yield* ofClient({ client, one, call }, decisions.of(call).find(({ classes }) => classes.has(one))!, filter, told);
    }
  }
}

function* ofClient<T>(caller: Caller, decision: Decision, filter: ConnectionFilter, told: (caller: Caller, leg: Leg) => T): Generator<T> {
  const { client } = caller;
  const own = decision.legs.filter((leg) => concerns(leg, client) && isWanted(leg, filter) && (filter.way?.(client, { decision, leg }) ?? true));
  for (const leg of [...own].sort(compareLegs)) {
    yield told(caller, leg);
  }
}

function isWanted(leg: Leg, { outcome: wanted, server }: ConnectionFilter): boolean {
  const workload = leg.endpoint?.workload;
  return (wanted === undefined || transportOf(leg).outcome === wanted) && (!server || (workload !== undefined && server(workload)));
}

/** By server (those without one first), then by where the call was sent. */
function compareLegs(left: Leg, right: Leg): number {
  const [one, other] = [left.endpoint && ownerOf(left.endpoint), right.endpoint && ownerOf(right.endpoint)];
  if (one && other) {
    return compareNames(one, other) || left.endpoint!.port - right.endpoint!.port || compareTargets(left.target, right.target);
  }
  return Number(one !== undefined) - Number(other !== undefined) || compareTargets(left.target, right.target);
}

function compareTargets(left: Target, right: Target): number {
  return compareTexts(left.host, right.host) || left.port - right.port || compareTexts(left.subset ?? '', right.subset ?? '');
}
