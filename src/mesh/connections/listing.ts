import { Call } from './call';
import { DecidedPath, Decision, Decisions } from './decisions';
import { Outcome } from './outcome';
import { concerns, lastHop, Path, Target, transportOf } from './path';
import { compareNames, compareTexts } from '../objects/object-id';
import { Caller } from '../reasons/reasons';
import { ownerOf } from '../services/endpoint';
import { Workload } from '../workloads/workload';

/** Which connections are wanted; what isn't said doesn't matter. */
export interface ConnectionFilter {
  readonly client?: (client: Workload) => boolean;
  readonly requested?: (call: Call) => boolean;
  readonly server?: (server: Workload) => boolean;
  readonly outcome?: Outcome;
  /** Whether a client's way is wanted, where the decision alone doesn't tell. */
  readonly way?: (client: Workload, decided: DecidedPath) => boolean;
}

/**
 * Lists connections one by one, by client, requested host and port, and server.
 *
 * @param told what is told of each
 */
export function* listConnections<T>(
  decisions: Decisions, clients: readonly Workload[], filter: ConnectionFilter, told: (caller: Caller, path: Path) => T,
): Generator<T> {
  const wanted = decisions.calls.filter((call) => filter.requested?.(call) ?? true);
  for (const client of clients) {
    if (filter.client && !filter.client(client)) continue;
    for (const call of wanted) {
      const one = decisions.senderOf(client);
      yield* ofClient({ client, one, call }, decisions.of(call).find(({ senders }) => senders.has(one))!, filter, told);
    }
  }
}

function* ofClient<T>(caller: Caller, decision: Decision, filter: ConnectionFilter, told: (caller: Caller, path: Path) => T): Generator<T> {
  const { client } = caller;
  const own = decision.paths.filter((path) => concerns(path, client) && isWanted(path, filter) && (filter.way?.(client, { decision, path }) ?? true));
  for (const path of [...own].sort(comparePaths)) {
    yield told(caller, path);
  }
}

function isWanted(path: Path, { outcome: wanted, server }: ConnectionFilter): boolean {
  const workload = lastHop(path).endpoint?.workload;
  return (wanted === undefined || transportOf(path).outcome === wanted) && (!server || (workload !== undefined && server(workload)));
}

/** By server (those without one first), then by where the call was sent. */
function comparePaths(one: Path, other: Path): number {
  const [left, right] = [lastHop(one), lastHop(other)];
  const [owner, second] = [left.endpoint && ownerOf(left.endpoint), right.endpoint && ownerOf(right.endpoint)];
  if (owner && second) {
    return compareNames(owner, second) || left.endpoint!.port - right.endpoint!.port || compareTargets(left.target, right.target);
  }
  return Number(owner !== undefined) - Number(second !== undefined) || compareTargets(left.target, right.target);
}

function compareTargets(left: Target, right: Target): number {
  return compareTexts(left.host, right.host) || left.port - right.port || compareTexts(left.subset ?? '', right.subset ?? '');
}
