import { areSameArrivals, arrivalKey, arrivalsIn, differences, unheldAddress } from './arrivals';
import { JointClient, JointSender, JointSenders } from './joint-clients';
import { KeptDeclarations } from './kept-declarations';
import { Decision } from '../calls/decisions';
import { grouped } from '../collections';
import { compareTexts, idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { concerns, losesCopies, Path, selfOf, transportOf } from '../model/path';
import { Sender } from '../model/sender';
import { Workload } from '../workloads/workload';

/** A changed connection in one state: of several paths between its client and server, the worst. */
export interface ChangeSide {
  readonly call: Call;
  readonly sender: Sender;
  readonly path: Path;
}

/** Connections of a call to one server that have another outcome in another state of the mesh, or exist in only one of the states. */
export interface ChangedConnections {
  readonly host: string;
  readonly port: number;
  readonly clients: readonly JointClient[];
  /** Whether the call exists before, to any server. */
  readonly isCalledBefore: boolean;
  readonly isCalledAfter: boolean;
  /** Whether the clients still declare the call, although it doesn't exist after. */
  readonly isStillDeclared?: boolean;
  /** Undefined if the connection doesn't exist before. */
  readonly before?: ChangeSide;
  /** Undefined if the connection doesn't exist after. */
  readonly after?: ChangeSide;
  /** If a side is missing: all paths of the call in the state that lacks the connection, including paths to the client itself. */
  readonly instead: readonly Path[];
  /** Whether it replaces another connection of the call. */
  readonly replaces: boolean;
}

/** How the connections of two states of a mesh differ. */
export interface ConnectionChanges {
  readonly changes: readonly ChangedConnections[];
  /** The number of connections that exist in both states with the same outcome, and lead to the same addresses. */
  readonly unchanged: number;
}

/**
 * Compares every call of every client in two states of a mesh. Calls are matched by host and port,
 * clients and servers by identity. If both states decide alike, clients aren't examined.
 */
export function connectionChanges(before: Mesh, after: Mesh): ConnectionChanges {
  const joint = new JointSenders(before, after);
  const declarations = new KeptDeclarations(before, after);
  const changes: ChangedConnections[] = [];
  let unchanged = 0;
  for (const [first, second] of jointCalls(before, after)) {
    const comparison = new CallComparison(new DecidedCall(before, first), new DecidedCall(after, second), joint);
    comparison.run();
    changes.push(...comparison.changes.flatMap((change) => declarations.split(change)));
    unchanged += comparison.unchanged;
  }
  return { changes, unchanged };
}

/** The calls of both states, paired by host and port. */
function jointCalls(before: Mesh, after: Mesh): readonly (readonly [Call | undefined, Call | undefined])[] {
  const pairs = new Map<string, [Call | undefined, Call | undefined]>();
  for (const call of before.decisions.calls) pairs.set(call.key, [call, undefined]);
  for (const call of after.decisions.calls) pairs.set(call.key, [pairs.get(call.key)?.[0], call]);
  return [...pairs.values()].sort(([first, second], [other, another]) => {
    const [left, right] = [first ?? second!, other ?? another!];
    return compareTexts(left.host, right.host) || left.port - right.port;
  });
}

/** The decisions of one state about a call. */
class DecidedCall {
  /** The decision for the most clients; the others are looked up by their senders. */
  readonly usual?: Decision;
  readonly others: readonly Decision[];
  private readonly bySender = new Map<Sender, Decision>();
  private readonly verdicts = new Map<Decision, string>();

  constructor(private readonly mesh: Mesh, readonly call: Call | undefined) {
    const decisions = call ? mesh.decisions.of(call) : [];
    this.usual = decisions.reduce<Decision | undefined>((most, one) => (most && most.senders.clients >= one.senders.clients ? most : one),
      undefined);
    this.others = decisions.filter((one) => one !== this.usual);
    for (const decision of this.others) for (const one of decision.senders) this.bySender.set(one, decision);
  }

  get decisions(): readonly Decision[] {
    return this.usual ? [this.usual, ...this.others] : [];
  }

  /** Undefined if the sender doesn't make the call. */
  of(one: Sender | undefined): Decision | undefined {
    return one && (this.bySender.get(one) ?? (this.usual?.senders.has(one) ? this.usual : undefined));
  }

  /** The number of connections, each of a client to one arrival. */
  get connections(): number {
    return this.decisions.reduce((sum, decision) => sum + this.connectionsOf(decision), 0);
  }

  private connectionsOf(decision: Decision): number {
    const { senders, paths } = decision;
    const special = new Set(paths.flatMap(namedBy).filter((client) => senders.has(this.mesh.decisions.senderOf(client))));
    const ofSpecial = [...special].reduce((sum, client) => sum + placesOf(pathsOfClient(decision, client)), 0);
    return ofSpecial + (senders.clients - special.size) * placesOf(generalPaths(decision));
  }

  /** A key that is equal for decisions with equal outcomes for their clients. */
  verdictOf(decision: Decision): string {
    let text = this.verdicts.get(decision);
    if (text === undefined) this.verdicts.set(decision, text = [...new Set(decision.paths.map(verdictKey))].sort().join('\n'));
    return text;
  }
}

function verdictKey(path: Path): string {
  const { only, except } = path;
  return [arrivalKey(path), unheldAddress(path), losesCopies(path) ? 'no copies' : transportOf(path).outcome, only ? idKey(only) : '',
    except ? idKey(except) : ''].join('|');
}

/** Compares one call. */
class CallComparison {
  readonly changes: ChangedConnections[] = [];
  unchanged = 0;

  constructor(private readonly before: DecidedCall, private readonly after: DecidedCall, private readonly joint: JointSenders) {}

  run(): void {
    this.unchanged = this.after.connections;
    const pairs = new Map<Decision | undefined, Map<Decision | undefined, JointSender[]>>();
    for (const sender of this.candidates()) {
      const [first, second] = [this.before.of(sender.before), this.after.of(sender.after)];
      if (first && second && this.areSame(first, second)) continue;
      let bySecond = pairs.get(first);
      if (!bySecond) pairs.set(first, bySecond = new Map());
      const together = bySecond.get(second);
      if (together) together.push(sender);
      else bySecond.set(second, [sender]);
    }
    for (const [first, bySecond] of pairs) {
      for (const [second, senders] of bySecond) {
        // A call that one state lacks has no decision there, whether or not the client is there.
        for (const alike of grouped(senders, presenceOf).values()) this.compare(first, second, alike);
      }
    }
  }

  /** The clients whose connections may change. */
  private candidates(): Iterable<JointSender> {
    const { before, after, joint } = this;
    const decisions = before.usual && after.usual && this.areSame(before.usual, after.usual)
      ? [...before.others, ...after.others] : [...before.decisions, ...after.decisions];
    const verdicts = new Set([...before.decisions.map((one) => before.verdictOf(one)),
      ...after.decisions.map((one) => after.verdictOf(one))]);
    if (before.call && after.call && verdicts.size < 2) return joint.single;
    const candidates = new Set(joint.single);
    for (const { senders } of decisions) for (const one of senders) for (const sender of joint.of(one)) candidates.add(sender);
    return candidates;
  }

  private areSame(first: Decision, second: Decision): boolean {
    return this.before.verdictOf(first) === this.after.verdictOf(second);
  }

  private compare(first: Decision | undefined, second: Decision | undefined, senders: readonly JointSender[]): void {
    const special = this.specialClients(first, second, new Set(senders));
    for (const client of special) {
      this.compareFor([client], [first, pathsOfClient(first, client.before)], [second, pathsOfClient(second, client.after)], senders[0]);
    }
    const clients = senders.flatMap((sender) => (
      special.size === 0 ? sender.clients : sender.clients.filter((client) => !special.has(client))));
    if (clients.length > 0) this.compareFor(clients, [first, generalPaths(first)], [second, generalPaths(second)], senders[0]);
  }

  /** The clients that a path names: the server itself, and clients in `except` or `only`. */
  private specialClients(
    first: Decision | undefined, second: Decision | undefined, senders: ReadonlySet<JointSender>,
  ): ReadonlySet<JointClient> {
    const special = new Set<JointClient>();
    for (const path of [...first?.paths ?? [], ...second?.paths ?? []]) {
      for (const workload of namedBy(path)) {
        const { client, sender } = this.joint.ofClient(workload);
        if (senders.has(sender)) special.add(client);
      }
    }
    return special;
  }

  private compareFor(clients: readonly JointClient[], [first, paths]: PathsOf, [second, others]: PathsOf, sender: JointSender): void {
    const [former, latter] = [arrivalsIn(paths), arrivalsIn(others)];
    const losesSome = [...former.keys()].some((key) => !latter.has(key));
    for (const [before, after] of differences(former, latter)) {
      const sides = { before: sideOf(this.before, sender.before, before), after: sideOf(this.after, sender.after, after) };
      const instead = before && after ? NONE : (before ? second : first)?.paths ?? NONE;
      this.changes.push({ ...this.called, clients, ...sides, instead, replaces: !before && losesSome });
    }
    const kept = [...latter].filter(([key, arrival]) => former.has(key) && areSameArrivals(former.get(key)!, arrival)).length;
    this.unchanged += clients.length * (kept - latter.size);
  }

  private get called(): Pick<ChangedConnections, 'host' | 'port' | 'isCalledBefore' | 'isCalledAfter'> {
    const { host, port } = (this.after.call ?? this.before.call)!;
    return { host, port, isCalledBefore: this.before.call !== undefined, isCalledAfter: this.after.call !== undefined };
  }
}

/** In which states a client is. */
function presenceOf({ before, after }: JointSender): string {
  return `${before !== undefined} ${after !== undefined}`;
}

/** A decision, with its paths for some clients. */
type PathsOf = readonly [decision: Decision | undefined, paths: readonly Path[]];

const NONE: readonly Path[] = Object.freeze([]);

function sideOf({ call }: DecidedCall, sender: Sender | undefined, path: Path | undefined): ChangeSide | undefined {
  return call && sender && path && { call, sender, path };
}

/** The clients for which a path differs from that of all others. */
function namedBy(path: Path): readonly Workload[] {
  return [selfOf(path), path.except, path.only].filter((workload) => workload !== undefined);
}

function generalPaths(decision: Decision | undefined): readonly Path[] {
  return decision?.paths.filter(({ only }) => only === undefined) ?? [];
}

export function pathsOfClient(decision: Decision | undefined, client: Workload | undefined): readonly Path[] {
  return client ? decision?.paths.filter((path) => concerns(path, client)) ?? [] : [];
}

function placesOf(paths: readonly Path[]): number {
  return new Set(paths.filter((path) => !losesCopies(path)).map(arrivalKey)).size;
}
