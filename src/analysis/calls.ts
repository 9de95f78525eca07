import { Cause } from './causes';
import { Evidence } from './evidence';
import { FieldFault, ruleTlsAt } from './fields';
import { Found } from './mesh-finding';
import { tlsRemedy } from './remedies';
import { others, plaintextWords } from './texts';
import { DecidedHop, DecidedPath } from '../mesh/calls/decisions';
import { objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Hop } from '../mesh/model/hop';
import { concerns, Path, selfOf } from '../mesh/model/path';
import { Sender } from '../mesh/model/sender';
import { CallKind } from '../mesh/routes/route';
import { Workload } from '../mesh/workloads/workload';

/** One finding for each field that decides the outcome of calls, with text about these calls. */
export function* foundFaults(
  groups: ReadonlyMap<FieldFault, FoundCalls>, tell: (calls: FoundCalls, fault: FieldFault) => Partial<FieldFault> & Pick<Found, 'because'>,
): Generator<Found> {
  for (const [fault, calls] of groups) yield { ...fault, ...tell(calls, fault), connections: calls.connections };
}

/** The connections of one finding: their number and their clients. */
export class FoundCalls {
  /** Groups hops by a key, in order of first occurrence. */
  static grouped<K>(mesh: Mesh, all: Iterable<DecidedHop>, keyOf: (decided: DecidedHop) => K | undefined): ReadonlyMap<K, FoundCalls> {
    const groups = new Map<K, FoundCalls>();
    for (const decided of all) {
      const { decision, path } = decided;
      FoundCalls.join(mesh, groups, keyOf(decided), decided, mesh.decisions.count(decision, path), decision.senders);
    }
    return groups;
  }

  /** The same for hops that leave a client, where the key may differ among clients of one decision. */
  static groupedBySender<K>(
    mesh: Mesh, all: Iterable<DecidedHop>, keyOf: (decided: DecidedHop, client: Sender) => K | undefined,
  ): ReadonlyMap<K, FoundCalls> {
    const groups = new Map<K, FoundCalls>();
    for (const decided of all) {
      const { decision, path } = decided;
      for (const one of decision.senders) {
        FoundCalls.join(mesh, groups, keyOf(decided, one), decided, mesh.decisions.countOfSender(one, path), [one]);
      }
    }
    return groups;
  }

  private static join<K>(
    mesh: Mesh, groups: Map<K, FoundCalls>, key: K | undefined, decided: DecidedHop, connections: number, senders: Iterable<Sender>,
  ): void {
    if (key === undefined || connections === 0) return;
    let calls = groups.get(key);
    if (!calls) groups.set(key, calls = new FoundCalls(mesh, decided));
    const { decision: { call: { host, port } }, hop } = decided;
    calls.connections += connections;
    calls.called.add(`${host}:${port}`);
    calls.kinds.add(hop.sent.kind);
    calls.clients.add(decided, senders, connections);
  }

  connections = 0;

  private readonly clients: CallClients;
  private readonly called = new Set<string>();
  private readonly kinds = new Set<CallKind | undefined>();

  private constructor(mesh: Mesh, /** The first hop that any of them takes. */ readonly first: DecidedHop) {
    this.clients = new CallClients(mesh);
  }

  /** The protocol that they send if nothing on the client's side encrypts. */
  get sent(): string {
    return plaintextWords(...this.kinds);
  }

  /** `calls from Deployment shop/web and 3 other workloads to ratings.shop.svc.cluster.local:80 and 2 other service ports`. */
  toString(): string {
    const [called] = this.called;
    const clients = `${objectText(this.clients.first!)}${others(this.clients.count, 'workload')}`;
    return `calls from ${clients} to ${called}${others(this.called.size, 'service port')}`;
  }
}

/** The clients that take at least one of some paths. */
export class CallClients {
  first: Workload | undefined;
  private readonly paths: (DecidedPath & { readonly senders: Iterable<Sender>; readonly clients: number })[] = [];

  constructor(private readonly mesh: Mesh) {}

  /** @param clients the number of clients that take the path, at least one */
  add({ decision, path }: DecidedPath, senders: Iterable<Sender>, clients: number): void {
    this.paths.push({ decision, path, senders, clients });
    if (this.first) return;
    for (const { members: workloads } of senders) this.first ??= workloads.find((client) => concerns(path, client));
  }

  get count(): number {
    let count = 0;
    if (this.areDisjoint) {
      for (const { clients } of this.paths) count += clients;
      return count;
    }
    for (const [{ members: workloads }, tally] of this.tallies()) {
      count += tally.isWhole ? workloads.length : workloads.filter((client) => tally.has(client)).length;
    }
    return count;
  }

  /** Whether all paths belong to different decisions about one call: then no client takes two of them. */
  private get areDisjoint(): boolean {
    const decisions = new Set(this.paths.map(({ decision }) => decision));
    const [{ decision: { call } }] = this.paths;
    return decisions.size === this.paths.length && this.paths.every(({ decision }) => decision.call === call);
  }

  private tallies(): ReadonlyMap<Sender, Tally> {
    const tallies = new Map<Sender, Tally>();
    for (const { path, senders } of this.paths) {
      for (const one of senders) {
        let tally = tallies.get(one);
        if (!tally) tallies.set(one, tally = new Tally());
        if (!tally.isWhole) tally.add(path, this.mesh, one);
      }
    }
    return tallies;
  }
}

/** Tracks which clients of a sender take a path. After a few paths all do, since each client takes the paths that don't lead to itself. */
class Tally {
  isWhole = false;
  private paths = 0;
  /** Clients that take more or fewer paths than the others, with the difference; most senders have none. */
  private separateClients: Map<Workload, number> | undefined;

  has(client: Workload): boolean {
    return this.paths + (this.separateClients?.get(client) ?? 0) > 0;
  }

  add(path: Path, mesh: Mesh, one: Sender): void {
    const { only, except } = path;
    const self = selfOf(path);
    const isIn = (workload: Workload): boolean => mesh.decisions.senderOf(workload) === one;
    if (!only) this.paths++;
    if (only && self !== only && isIn(only)) this.count(only, 1);
    if (!only && self && isIn(self)) this.count(self, -1);
    if (!only && except && except !== self && isIn(except)) this.count(except, -1);
    this.isWhole = this.paths > 0
      && (this.separateClients === undefined || [...this.separateClients.keys()].every((client) => this.has(client)));
  }

  private count(client: Workload, by: number): void {
    this.separateClients ??= new Map();
    this.separateClients.set(client, (this.separateClients.get(client) ?? 0) + by);
  }
}

/** The parts of a finding at a rule's `tls`. */
type ToldAtRule = Pick<Found, 'expected' | 'because'>;

/** A finding for each `tls` of a DestinationRule that breaks calls with a given cause. */
export function* foundAtRules(evidence: Evidence, cause: Cause, tell: (calls: FoundCalls, hop: Hop) => ToldAtRule): Generator<Found> {
  for (const [ref, calls] of FoundCalls.grouped(evidence.mesh, evidence.brokenBy(cause), ({ hop }) => ruleTlsAt(hop))) {
    const [{ object, field }, { hop }] = [ref, calls.first];
    const actual = hop.sent.tls === 'PLAINTEXT' ? 'DISABLE' : hop.sent.tls;
    yield {
      object, field: [...field, 'mode'], actual, ...tell(calls, hop), ...tlsRemedy(ref, calls.first), connections: calls.connections,
    };
  }
}
