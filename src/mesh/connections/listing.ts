import { Connection, connectionOf } from './connection';
import { Decision, Decisions } from './decisions';
import { concerns, Leg, serverKey } from './leg';
import { Outcome } from './outcome';
import { compareTexts } from '../objects/mesh-object';
import { Workload } from '../workloads/workload';

/** Which connections are wanted; what isn't said doesn't matter. */
export interface ConnectionFilter {
  readonly client?: (client: Workload) => boolean;
  readonly requested?: (host: string, port: number) => boolean;
  readonly server?: (server: Workload) => boolean;
  readonly outcome?: Outcome;
}

/** Lists connections one by one, by client, requested host and port, and server. */
export function* listConnections(decisions: Decisions, clients: readonly Workload[], filter: ConnectionFilter): Generator<Connection> {
  const wanted = decisions.calls.filter(({ host, port }) => filter.requested?.(host, port) ?? true);
  for (const client of clients) {
    if (filter.client && !filter.client(client)) continue;
    for (const call of wanted) {
      const decision = decisions.of(call).find(({ classes }) => classes.has(decisions.classOf(client)));
      if (decision) yield* ofClient(client, decision, filter);
    }
  }
}

function* ofClient(client: Workload, { call, legs }: Decision, filter: ConnectionFilter): Generator<Connection> {
  const own = legs.filter((leg) => concerns(leg, client) && isWanted(leg, filter));
  for (const leg of [...own].sort((left, right) => compareTexts(serverKey(left.endpoint), serverKey(right.endpoint)))) {
    yield connectionOf(client, call, leg);
  }
}

function isWanted({ endpoint, outcome }: Leg, { outcome: wanted, server }: ConnectionFilter): boolean {
  return (wanted === undefined || outcome === wanted) && (!server || (endpoint?.workload !== undefined && server(endpoint.workload)));
}
