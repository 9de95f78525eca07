import { Decision, Decisions, Counting, DecidedPath } from '../calls/decisions';
import { grouped } from '../collections';
import { MeshObject, ObjectName } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { Hop } from '../model/hop';
import { Path, resultKey } from '../model/path';
import { Reason } from '../model/reason';
import { Sender } from '../model/sender';
import { arrivalReasons, departureReasons } from '../reasons/reasons';
import { Service } from '../services/service';
import { Workload } from '../workloads/workload';

/** The paths of calls before a change, to find the new ones after it. */
class FormerPaths {
  private readonly calls: ReadonlyMap<string, Call>;
  private readonly keys = new Map<Decision, ReadonlySet<string>>();
  private readonly changed = new Map<Path, boolean>();

  constructor(private readonly before: Decisions) {
    this.calls = new Map(before.calls.map((call) => [call.key, call]));
  }

  /** Whether, for some of its clients, a call didn't take a path before. */
  lack(call: Call, path: Path): boolean {
    let changed = this.changed.get(path);
    if (changed === undefined) {
      const [key, former] = [resultKey(path), this.decisionsOf(call)];
      this.changed.set(path, changed = former.length === 0 || former.some((decision) => !this.keysOf(decision).has(key)));
    }
    return changed;
  }

  /** The same for the clients of a sender before the change. */
  lackFor(one: Sender, call: Call, path: Path): boolean {
    const known = this.calls.get(call.key);
    const former = known && this.before.ofSender(known, one);
    return former === undefined || !this.keysOf(former).has(resultKey(path));
  }

  private decisionsOf(call: Call): readonly Decision[] {
    const former = this.calls.get(call.key);
    return former ? this.before.of(former) : [];
  }

  private keysOf(decision: Decision): ReadonlySet<string> {
    let keys = this.keys.get(decision);
    if (!keys) this.keys.set(decision, keys = new Set(decision.paths.map(resultKey)));
    return keys;
  }
}

/** Clients of one sender that also shared one sender before the change. */
type ClientPart = Sender & {
  /** Undefined if the change adds the clients. */
  readonly before?: Sender;
};

/** Splits the senders of a changed mesh by the senders of their clients before the change. */
class ClientParts {
  private readonly byClient = new Map<Workload, ClientPart>();
  private readonly byClass: ReadonlyMap<Sender, readonly ClientPart[]>;

  /** @param isOwn whether an object belongs to the change */
  constructor(before: Mesh, after: Mesh, isOwn: (source: object) => boolean) {
    const known = new Map(before.callers.map((workload) => [workload.object.source, before.decisions.senderOf(workload)]));
    const beforeOf = ({ object: { source }, podSource }: Workload): Sender | undefined =>
      (isOwn(source) || isOwn(podSource.object.source) ? undefined : known.get(source));
    this.byClass = new Map([...grouped(after.callers, (client) => after.decisions.senderOf(client))].map(([one, clients]) => [one,
      [...grouped(clients, beforeOf)].map(([formerly, members]) => this.add({ ...one, members, before: formerly }))]));
  }

  /** The senders of all parts. */
  get senders(): Iterable<Sender> {
    return this.byClass.keys();
  }

  of(client: Workload): ClientPart {
    return this.byClient.get(client)!;
  }

  ofSender(one: Sender): readonly ClientPart[] {
    return this.byClass.get(one)!;
  }

  private add(part: ClientPart): ClientPart {
    for (const client of part.members) this.byClient.set(client, part);
    return part;
  }
}

/** How the change's objects take part in connections: as the called service, as the server, or by deciding the outcome. */
class Participation {
  private readonly names: ReadonlySet<string>;
  private readonly known = new Map<Decision, ReadonlySet<Path>>();

  constructor(private readonly mesh: Mesh, private readonly isOwn: (source: object) => boolean) {
    this.names = new Set([...mesh.objects.all()].filter(({ source }) => isOwn(source)).map(nameKey));
  }

  /** Whether they take part in the same way for all clients of a decision. */
  in(decision: Decision, path: Path): boolean {
    let paths = this.known.get(decision);
    if (!paths) this.known.set(decision, paths = new Set(this.pathsOf(decision)));
    return paths.has(path);
  }

  /** Whether they decide how a sender's calls leave its clients. */
  decidesDeparture({ plane, scope }: Sender): boolean {
    return [scope?.resource?.object, plane?.config.object].some((object) => this.has(object));
  }

  /** Whether they hide the called service from a sender's clients. */
  inDeparture(one: Sender, call: Call, path: Path): boolean {
    const [first] = path.hops;
    return first.travel !== 'direct' && this.decidesDeparture(one) && this.areAmong(departureReasons(first, one.members[0], one, call));
  }

  private pathsOf(decision: Decision): readonly Path[] {
    const { call, paths } = decision;
    if (call.services.some((service) => this.isCalled(service))) return paths;
    return paths.filter((path) => path.hops.some((hop) => this.isReached(hop)) || this.areAmong(arrivalReasons(path, call)));
  }

  private isReached({ target, received: { endpoint } }: Hop): boolean {
    const { workload, machine } = endpoint ?? {};
    return [target.service?.object, workload?.object, workload?.podSource.object, machine?.entry?.object].some((object) => (
      this.has(object)));
  }

  private isCalled(service: Service): boolean {
    return this.has(service.object) || this.has(this.mesh.registry.aliases.serviceBehind(service).object);
  }

  private has(object: MeshObject | undefined): boolean {
    return object !== undefined && this.isOwn(object.source);
  }

  private areAmong(reasons: readonly Reason[]): boolean {
    return reasons.some(({ at }) => this.names.has(nameKey(at.object)));
  }
}

function nameKey({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace}/${name}`;
}

/** The state before the change, to compare connections in which the change's own objects don't take part. */
interface Comparison {
  readonly parts: ClientParts;
  readonly former: FormerPaths;
  /** The senders that must be examined one by one, because a decision alone doesn't show whether they are affected. */
  readonly single: readonly Sender[];
}

/**
 * Selects the connections of a changed mesh that count: those in which the change's own objects take part, and those with another outcome.
 */
export class Impact implements Counting {
  private readonly participation: Participation;
  private known?: Comparison;

  /**
   * @param beforeOf builds the mesh before the change; called only if there is something to compare
   * @param isOwn whether an object belongs to the change
   */
  constructor(private readonly after: Mesh, private readonly beforeOf: () => Mesh, private readonly isOwn: (source: object) => boolean) {
    this.participation = new Participation(after, isOwn);
  }

  /** Whether a client's path counts. */
  holds(client: Workload, decided: DecidedPath): boolean {
    return this.concerns(this.comparison.parts.of(client), decided);
  }

  count(decision: Decision, path: Path): number {
    const { decisions } = this.after;
    if (this.participation.in(decision, path)) return decisions.count(decision, path);
    let clients = 0;
    for (const { members: workloads } of this.sendersOf(decision, path)) clients += workloads.length;
    const isIn = (client: Workload): boolean => decision.senders.has(decisions.senderOf(client)) && this.holds(client, { decision, path });
    return decisions.countAmong(path, clients, isIn);
  }

  * sendersOf(decision: Decision, path: Path): Generator<Sender> {
    if (this.participation.in(decision, path)) return yield* decision.senders;
    const { parts, former, single } = this.comparison;
    const { call, senders } = decision;
    // Most paths are unchanged for all clients, which leaves few senders to examine.
    const candidates = former.lack(call, path) ? senders : single.filter((one) => senders.has(one));
    for (const one of candidates) {
      for (const part of parts.ofSender(one)) if (this.concerns(part, { decision, path })) yield part;
    }
  }

  private concerns(part: ClientPart, { decision, path }: DecidedPath): boolean {
    const { former } = this.comparison;
    const { call } = decision;
    return part.before === undefined
      || this.participation.in(decision, path)
      || (former.lack(call, path) && former.lackFor(part.before, call, path))
      || this.participation.inDeparture(part, call, path);
  }

  private get comparison(): Comparison {
    return this.known ??= this.compare(this.beforeOf());
  }

  private compare(before: Mesh): Comparison {
    const parts = new ClientParts(before, this.after, this.isOwn);
    const isSingle = (one: Sender): boolean => this.participation.decidesDeparture(one) || parts.ofSender(one).some((part) => !part.before);
    return { parts, former: new FormerPaths(before.decisions), single: [...parts.senders].filter(isSingle) };
  }
}
