import { CallMakers, CallsOf } from './call-makers';
import { Doubts } from './doubts';
import { ClientGroup, ClientPartition } from './partition';
import { InboundRequest, inboundRequestKey, OutboundMatch } from '../dataplane/data-plane';
import { DataPlanes } from '../dataplane/data-planes';
import { Call } from '../model/call';
import { Hop, undecided, unserved } from '../model/hop';
import { concerns, Path, pathKey, selfOf, straight, unified, withLast } from '../model/path';
import { MeshCaller, Sender, isMember, SenderSet } from '../model/sender';
import { Address, addressKey, Addresses } from '../services/addresses';
import { Workload } from '../workloads/workload';

/** The decision about a call, for a set of senders that it treats alike. */
export interface Decision {
  readonly call: Call;
  readonly senders: SenderSet;
  readonly paths: readonly Path[];
}

/** One path that calls take, with its decision. */
export interface DecidedPath {
  readonly decision: Decision;
  readonly path: Path;
}

/** One hop of such a path. */
export interface DecidedHop extends DecidedPath {
  readonly hop: Hop;
}

/** Selects the connections of decisions that count. */
export interface Counting {
  /** The number of connections that take a path and count. */
  count(decision: Decision, path: Path): number;
  /** The clients of these connections, as senders or parts of senders. */
  sendersOf(decision: Decision, path: Path): Iterable<Sender>;
}

/** All decisions of a mesh, each made on demand and cached; all their connections count. */
export class Decisions implements Counting {
  /** The number of senders. */
  readonly senders: number;

  private readonly byCall = new Map<Call, readonly Decision[]>();
  /** Of calls that are decided for some of their groups so far. */
  private readonly byGroup = new Map<Call, GroupDecisions>();
  private readonly makers: CallMakers | undefined;
  private readonly senderByWorkload: ReadonlyMap<MeshCaller, Sender>;

  /** @param whole the clients, grouped where no rule distinguishes them, and not by the calls that they make */
  constructor(
    readonly calls: readonly Call[], whole: readonly Sender[],
    private readonly partition: ClientPartition, private readonly decider: Decider, callsOf: CallsOf,
  ) {
    this.makers = CallMakers.of(whole, callsOf);
    const senders = this.makers?.senders ?? whole;
    this.senders = senders.length;
    this.senderByWorkload = new Map(senders.flatMap((one) => one.members.map((workload) => [workload, one])));
  }

  /** The sender that a workload belongs to. */
  senderOf(client: MeshCaller): Sender {
    return this.senderByWorkload.get(client)!;
  }

  of(call: Call): readonly Decision[] {
    let known = this.byCall.get(call);
    if (!known) {
      const begun = this.byGroup.get(call);
      const made = begun ? begun.all() : this.partition.of(call).flatMap((group) => this.decisionsOn(call, group));
      // A copy has no room to grow.
      this.byCall.set(call, known = [...made]);
      this.byGroup.delete(call);
    }
    return known;
  }

  /** The decision for a sender's call; undefined if the mesh doesn't have the call, or the sender doesn't make it. */
  ofSender(call: Call, sender: Sender): Decision | undefined {
    const decisions = this.byCall.get(call) ?? this.groupsOf(call).of(this.wholeOf(sender));
    return decisions.find(({ senders }) => senders.has(sender));
  }

  /** How a client's call leaves its proxy; empty if no proxy handles it, or if the match is unknown. */
  outboundMatches(client: Workload, call: Call): readonly OutboundMatch[] {
    return this.decider.outboundMatches(this.senderOf(client), client, call);
  }

  /** The hops on which a proxy forwards an arriving call; undefined if calls end there. */
  forwarded(arrival: InboundRequest, call: Call): readonly Hop[] | undefined {
    return this.decider.forwarded(arrival, call);
  }

  * all(): Generator<Decision> {
    for (const call of this.calls) yield* this.of(call);
  }

  /** The senders that don't make a call. */
  othersOf(call: Call): readonly SenderSet[] {
    const { makers } = this;
    return makers ? this.partition.of(call).map(({ senders }) => makers.others(senders, call)).filter(({ one }) => one !== undefined) : [];
  }

  /** What calls would come to that senders could make, but don't. */
  * leftOut(): Generator<Decision> {
    if (!this.makers) return;
    for (const call of this.calls) {
      for (const { one, senders } of this.partition.of(call)) {
        const others = this.makers.others(senders, call);
        if (others.one) yield this.partOf({ call, senders: others, paths: this.pathsOf(call, { one, senders }) });
      }
    }
  }

  /**
   * The number of connections on a path: one for each client, except those
   * that would only call themselves or that take another path instead.
   */
  count({ senders }: Decision, path: Path): number {
    return this.countAmong(path, senders.clients, (client) => senders.has(this.senderOf(client)));
  }

  /** The same for the clients of one sender. */
  countOfSender(one: Sender, path: Path): number {
    return this.countAmong(path, one.members.length, (client) => isMember(client, one));
  }

  /** The same for some clients of a decision. */
  countAmong(path: Path, clients: number, has: (client: Workload) => boolean): number {
    const { except, only } = path;
    const self = selfOf(path);
    const isIn = (workload: Workload | undefined): boolean => workload !== undefined && has(workload);
    if (only) return Number(isIn(only) && concerns(path, only));
    return clients - Number(isIn(self)) - Number(except !== self && isIn(except));
  }

  sendersOf({ senders }: Decision): Iterable<Sender> {
    return senders;
  }

  private groupsOf(call: Call): GroupDecisions {
    let known = this.byGroup.get(call);
    if (!known) this.byGroup.set(call, known = new GroupDecisions(this.partition.of(call), (group) => this.decisionsOn(call, group)));
    return known;
  }

  private decisionsOn(call: Call, group: ClientGroup): readonly Decision[] {
    const makers = this.makers?.of(group.senders, call) ?? [group.senders];
    if (makers.length === 0) return [];
    const paths = this.pathsOf(call, group);
    return this.makers ? makers.map((some) => this.partOf({ call, senders: some, paths })) : [{ call, senders: group.senders, paths }];
  }

  /** Without paths that only other clients of the group take. */
  private partOf({ call, senders, paths }: Decision): Decision {
    const has = (client: Workload): boolean => senders.has(this.senderOf(client));
    const isTaken = ({ only, except }: Path): boolean => (only ? has(only) : !except || senders.clients > 1 || !has(except));
    return { call, senders, paths: paths.filter(isTaken) };
  }

  private wholeOf(sender: Sender): Sender {
    return this.makers?.wholeOf(sender) ?? sender;
  }

  private pathsOf(call: Call, { one, senders }: ClientGroup): readonly Path[] {
    return this.decider.decide(one, call, (workload) => {
      const sender = this.senderByWorkload.get(workload);
      return sender !== undefined && senders.has(this.wholeOf(sender));
    });
  }
}

/** The decisions about a call, made group by group: who asks for one client needs those of its group alone. */
class GroupDecisions {
  private readonly known = new Map<ClientGroup, readonly Decision[]>();

  constructor(private readonly groups: readonly ClientGroup[], private readonly decide: (group: ClientGroup) => readonly Decision[]) {}

  all(): readonly Decision[] {
    return this.groups.flatMap((group) => this.on(group));
  }

  /** Those of the sender's group; none if the sender is in no group. */
  of(sender: Sender): readonly Decision[] {
    const group = this.groups.find(({ senders }) => senders.has(sender));
    return group ? this.on(group) : [];
  }

  private on(group: ClientGroup): readonly Decision[] {
    let known = this.known.get(group);
    if (!known) this.known.set(group, known = this.decide(group));
    return known;
  }
}

/** The clients that a decision is about. */
export function clientsOf({ senders }: Decision): readonly Workload[] {
  return [...senders].flatMap(({ members: workloads }) => workloads);
}

/** Decides every path that a call of a sender can take. */
export class Decider {
  /** The hops of forwarding proxies, by proxy, port, authority and kind of call: they don't depend on the caller. */
  private readonly byArrival = new Map<string, readonly Hop[]>();

  constructor(private readonly dataPlanes: DataPlanes, private readonly addresses: Addresses, private readonly doubts: Doubts) {}

  /** @param isClient whether a workload is among the clients that the decision is for */
  decide(client: Sender, call: Call, isClient = (workload: Workload): boolean => isMember(workload, client)): readonly Path[] {
    const addresses = this.addressesOf(call);
    if (addresses.length === 0) return [straight(unserved(client, call))];
    const paths: Path[] = [];
    for (const address of addresses) {
      for (const path of this.dataPlanes.originate(client, call, address)) {
        for (const told of this.doubts.about(path, call, isClient)) paths.push(...this.onward(told, call));
      }
    }
    return distinct(paths);
  }

  outboundMatches(sender: Sender, client: Workload, call: Call): readonly OutboundMatch[] {
    return this.addressesOf(call).flatMap((address) => this.dataPlanes.outboundMatches(sender, client, call, address));
  }

  private addressesOf({ services, port }: Call): readonly Address[] {
    const all = services.flatMap((service) => this.addresses.of(service, port));
    return [...new Map(all.map((address) => [addressKey(address), address])).values()];
  }

  /** Extends a path with the hops of proxies that forward the call. */
  private onward(path: Path, call: Call, passed: readonly string[] = []): readonly Path[] {
    const last = path.hops[path.hops.length - 1];
    const { received: { endpoint }, sent: { kind }, outcome } = last;
    const proxy = endpoint?.workload;
    if (!proxy || !this.dataPlanes.forwarderAt(proxy) || !kind || outcome === 'broken' || outcome === 'undecided') return [path];
    const arrival: InboundRequest = { proxy, port: endpoint.port, authority: call.host, kind };
    const key = inboundRequestKey(arrival);
    // A call that arrives at a proxy a second time loops.
    if (passed.includes(key)) return [withLast(path, undecided(last, 'server-proxy-not-modelled'))];
    return this.forwarded(arrival, call)!.flatMap((hop) => this.onward({ ...path, hops: [...path.hops, hop] }, call, [...passed, key]));
  }

  /** The hops on which a proxy forwards an arriving call; undefined if calls end there. */
  forwarded(arrival: InboundRequest, call: Call): readonly Hop[] | undefined {
    const forward = this.dataPlanes.forwarderAt(arrival.proxy);
    if (!forward) return undefined;
    const key = inboundRequestKey(arrival);
    let hops = this.byArrival.get(key);
    if (!hops) this.byArrival.set(key, hops = forward(arrival));
    return hops.map((hop) => this.doubts.told(hop, { ...call, port: arrival.port }));
  }
}

/** Merges equal paths. */
function distinct(paths: readonly Path[]): readonly Path[] {
  // A copy has no room to grow.
  if (paths.length < 2) return [...paths];
  const byKey = new Map<string, Path>();
  for (const path of paths) {
    const key = pathKey(path);
    const same = byKey.get(key);
    byKey.set(key, same ? unified(same, path) : path);
  }
  return [...byKey.values()];
}
