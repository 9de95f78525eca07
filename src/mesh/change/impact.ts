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

/** The paths that calls took before a change, and which of those after it are new. */
class FormerPaths {
  private readonly calls: ReadonlyMap<string, Call>;
  private readonly keys = new Map<Decision, ReadonlySet<string>>();
  private readonly changed = new Map<Path, boolean>();

  constructor(private readonly before: Decisions) {
    this.calls = new Map(before.calls.map((call) => [call.key, call]));
  }

  /** Whether a path is one that the call didn't take before, for some of its clients. */
  lack(call: Call, path: Path): boolean {
    let changed = this.changed.get(path);
    if (changed === undefined) {
      const [key, former] = [resultKey(path), this.decisionsOf(call)];
      this.changed.set(path, changed = former.length === 0 || former.some((decision) => !this.keysOf(decision).has(key)));
    }
    return changed;
  }

  /** The same, for clients of a sender before the change. */
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

/** Clients of one sender that also had one sender before the change. */
type ClientPart = Sender & {
  /** Undefined: the change adds them. */
  readonly before?: Sender;
};

/** Divides the senders of a changed mesh by the senders that their clients had before. */
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

  /** The senders that the parts are of. */
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

/** How some objects of a mesh are involved: as what is called, as servers, or by deciding. */
class Participation {
  private readonly names: ReadonlySet<string>;
  private readonly known = new Map<Decision, ReadonlySet<Path>>();

  constructor(private readonly mesh: Mesh, private readonly isOwn: (source: object) => boolean) {
    this.names = new Set([...mesh.objects.all()].filter(({ source }) => isOwn(source)).map(nameKey));
  }

  /** Whether they are involved for every client of a decision alike. */
  in(decision: Decision, path: Path): boolean {
    let paths = this.known.get(decision);
    if (!paths) this.known.set(decision, paths = new Set(this.pathsOf(decision)));
    return paths.has(path);
  }

  /** Whether they decide how a sender's calls leave its clients. */
  decidesDeparture({ plane, scope }: Sender): boolean {
    return [scope?.resource?.object, plane?.config.object].some((object) => this.has(object));
  }

  /** Whether they hide what is called from a sender's clients. */
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

/** What a change is compared with, if its own objects don't already make a connection count. */
interface Comparison {
  readonly parts: ClientParts;
  readonly former: FormerPaths;
  /** The senders for which the decision alone doesn't tell whether they are affected. */
  readonly single: readonly Sender[];
}

/** Which connections of a changed mesh count: those that involve the change's own objects, and those with another outcome. */
export class Impact implements Counting {
  private readonly participation: Participation;
  private known?: Comparison;

  /**
   * @param beforeOf only called if there is anything to compare
   * @param isOwn whether an object belongs to the change
   */
  constructor(private readonly after: Mesh, private readonly beforeOf: () => Mesh, private readonly isOwn: (source: object) => boolean) {
    this.participation = new Participation(after, isOwn);
  }

  /** Whether a client's path is one of them. */
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
    // Most paths are unchanged for all of their clients: then few senders are left to ask about.
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
