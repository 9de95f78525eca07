import { DecidedPath, Decision, Decisions, Counting } from './decisions';
import { ObjectName, compareNames, compareTexts } from '../inventory/object';
import { Call } from '../model/call';
import { Target } from '../model/hop';
import { concerns, destinationOf, losesCopies, Path, serverOf, transportOf } from '../model/path';
import { Reason } from '../model/reason';
import { MeshCaller } from '../model/sender';
import { SentTls, Outcome, UndecidedReason } from '../model/transport';
import { ServerMode } from '../policies/peer-authentication';
import { CallOfClient, reasonsOf } from '../reasons/reasons';
import { rendered, ReasonText } from '../reasons/render';
import { endpointOwner } from '../services/endpoint';
import { Workload } from '../workloads/workload';

/** One client's call to one server, and its outcome, in format 1 of the command line's JSON. */
export interface Connection {
  readonly client: ObjectName;
  readonly requested: { readonly host: string; readonly port: number };
  /** Where the client's proxy sends the call; namespace and name are empty for a host without a service. */
  readonly service: {
    readonly namespace: string;
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly subset?: string;
  };
  /** Null for an external host, and if the manifests contain no server. */
  readonly server: (ObjectName & { readonly port: number }) | null;
  readonly clientTls: SentTls;
  readonly serverMode: ServerMode;
  /** The outcome of the transport, over all hops. */
  readonly outcome: Outcome;
  readonly undecidedBecause?: UndecidedReason;
  /** Objects have no API group in this format. */
  readonly because: readonly (ObjectName & ReasonText)[];
}

export function connectionOf(caller: CallOfClient, path: Path): Connection {
  const { client: { kind, namespace, name }, call: { host, port } } = caller;
  const [{ target, sent: { tls: clientTls } }] = path.hops;
  const { outcome, undecidedBecause } = transportOf(path);
  return {
    client: { kind, namespace, name },
    requested: { host, port },
    service: {
      namespace: target.service?.namespace ?? '',
      name: target.service?.name ?? '',
      host: target.host,
      port: target.port,
      ...(target.subset === undefined ? {} : { subset: target.subset }),
    },
    server: namedServer(path),
    clientTls,
    serverMode: serverOf(path).receiver?.mode ?? 'UNKNOWN',
    outcome,
    ...(undecidedBecause === undefined ? {} : { undecidedBecause }),
    because: reasonsOf(path, caller).map(named),
  };
}

function named(reason: Reason): Connection['because'][number] {
  const { kind, namespace, name } = reason.at.object;
  const { field, effect } = rendered(reason);
  return { kind, namespace, name, field, effect };
}

function namedServer(path: Path): Connection['server'] {
  const { endpoint } = serverOf(path);
  const server = endpoint && endpointOwner(endpoint);
  return server ? { kind: server.kind, namespace: server.namespace, name: server.name, port: endpoint.port } : null;
}

/** Which connections are selected; an omitted field matches any. */
export interface ConnectionFilter {
  readonly client?: (client: MeshCaller) => boolean;
  readonly requested?: (call: Call) => boolean;
  readonly server?: (server: Workload) => boolean;
  readonly outcome?: Outcome;
  /** Further restricts a client's path, given its decision. */
  readonly path?: (client: MeshCaller, decided: DecidedPath) => boolean;
}

/**
 * Lists connections one by one, by client, requested host and port, and server.
 *
 * @param told makes the listed value
 */
export function* listConnections<T>(
  decisions: Decisions, callers: readonly MeshCaller[], filter: ConnectionFilter, told: (caller: CallOfClient, path: Path) => T,
): Generator<T> {
  const wanted = decisions.calls.filter((call) => filter.requested?.(call) ?? true);
  for (const client of callers) {
    if (filter.client && !filter.client(client)) continue;
    for (const call of wanted) {
      const one = decisions.senderOf(client);
      const decision = decisions.ofSender(call, one);
      if (decision) yield* ofClient({ client, one, call }, decision, filter, told);
    }
  }
}

function* ofClient<T>(
  caller: CallOfClient, decision: Decision, filter: ConnectionFilter, told: (caller: CallOfClient, path: Path) => T,
): Generator<T> {
  const { client } = caller;
  const isOwn = (path: Path): boolean => (
    concerns(path, client) && isWanted(path, filter) && (filter.path?.(client, { decision, path }) ?? true));
  const own = decision.paths.filter(isOwn);
  for (const path of [...own].sort(comparePaths)) {
    yield told(caller, path);
  }
}

function isWanted(path: Path, { outcome: wanted, server }: ConnectionFilter): boolean {
  const workload = serverOf(path).endpoint?.workload;
  return (wanted === undefined || transportOf(path).outcome === wanted) && (!server || (workload !== undefined && server(workload)));
}

/** By server (those without one first), then by where the call was sent. */
export function comparePaths(one: Path, other: Path): number {
  const [left, right] = [serverOf(one).endpoint, serverOf(other).endpoint];
  const [owner, second] = [left && endpointOwner(left), right && endpointOwner(right)];
  if (owner && second) {
    return compareNames(owner, second) || left!.port - right!.port || compareTargets(destinationOf(one), destinationOf(other));
  }
  return Number(owner !== undefined) - Number(second !== undefined) || compareTargets(destinationOf(one), destinationOf(other));
}

function compareTargets(left: Target, right: Target): number {
  return compareTexts(left.host, right.host) || left.port - right.port || compareTexts(left.subset ?? '', right.subset ?? '');
}

/** The number of connections by outcome. */
export interface Summary {
  readonly connections: number;
  /** Connections on which only copies of requests are lost: they have no outcome. */
  readonly lostCopies: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly undecided: Readonly<Partial<Record<UndecidedReason, number>>>;
}

/**
 * Counts connections without listing them: a decision counts once for each of its clients.
 *
 * @param counting selects the connections that count
 */
export function summarize(decisions: Iterable<Decision>, counting: Pick<Counting, 'count'>): Summary {
  const outcomes: Record<Outcome, number> = { mtls: 0, tls: 0, plaintext: 0, broken: 0, undecided: 0 };
  const undecided: Partial<Record<UndecidedReason, number>> = {};
  let lostCopies = 0;
  for (const decision of decisions) {
    for (const path of decision.paths) {
      const count = counting.count(decision, path);
      if (count === 0) continue;
      if (losesCopies(path)) {
        lostCopies += count;
        continue;
      }
      const { outcome, undecidedBecause } = transportOf(path);
      outcomes[outcome] += count;
      if (undecidedBecause) undecided[undecidedBecause] = (undecided[undecidedBecause] ?? 0) + count;
    }
  }
  return { connections: Object.values(outcomes).reduce((sum, count) => sum + count, lostCopies), lostCopies, outcomes, undecided };
}

/** How many of the counted connections are undecided; all other paths are skipped. */
export function countUndecided(decisions: Decisions, counting: Counting = decisions): number {
  let undecided = 0;
  for (const decision of decisions.all()) {
    for (const path of decision.paths) if (transportOf(path).outcome === 'undecided') undecided += counting.count(decision, path);
  }
  return undecided;
}
