import { pathOutcome } from './arrivals';
import { ChangedConnections } from './connection-changes';
import { Ends } from './ends';
import { ConcernedClients, Footprint, footprintOf } from './footprint';
import { ComparedObject } from './object-changes';
import { isRead } from './read-fields';
import { UndecidedPath, undecidedPaths } from './undecided-path';
import { labelsOf, mapping } from '../../manifests/mapping';
import { Decision, Decisions } from '../calls/decisions';
import { MissingFact, missingFacts } from '../calls/missing-facts';
import { hasPods, kindNameOf } from '../inventory/kinds';
import { MeshObject, idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Path } from '../model/path';
import { Sender } from '../model/sender';
import { Outcome } from '../model/transport';
import { Labels, NO_LABELS, selects } from '../names/labels';
import { readPeerPolicy } from '../policies/peer-authentication';
import { ANY_OTHER } from '../queries/named-ports';
import { Workload } from '../workloads/workload';

/** An undecided connection that an object may affect. */
interface UndecidedExample {
  readonly decision: Decision;
  readonly path: Path;
  readonly client: Workload;
  /** The sender that it is decided for. */
  readonly one: Sender;
}

/** A changed object with an unknown effect: connections that it may affect are undecided. */
export interface UnknownEffect {
  readonly object: ComparedObject;
  /** The number of such connections that are undecided both before and after. */
  readonly connections: number;
  /** The number undecided in only one of the states. */
  readonly before: number;
  readonly after: number;
  /** The number of the latter whose client, call or server the other state lacks. */
  readonly unpaired: number;
  /** The number of workloads that it configures and whose modes are unknown before or after. */
  readonly servers: number;
  /** The number of these that are unknown in only one of the states. */
  readonly serversBefore: number;
  readonly serversAfter: number;
  /** The facts that would decide the connections and servers. */
  readonly facts: readonly MissingFact[];
  readonly example?: UndecidedExample;
}

/** The number of clients that a path lost or gained, by the sender that they are decided for. */
type Counts = ReadonlyMap<Path, ReadonlyMap<Sender, number>>;

/** A state with its undecided paths. */
interface Side {
  readonly mesh: Mesh;
  readonly paths: readonly UndecidedPath[];
  /**
   * For each path, the connections that aren't undecided in the other state
   * (`only`), and among them those that the other state can't have (`unpaired`).
   */
  readonly only: Counts;
  readonly unpaired: Counts;
}

/** A path with the clients for which an object may affect it. */
interface ConcernedPath {
  readonly undecided: UndecidedPath;
  readonly clients: ConcernedClients;
  readonly count: number;
}

/** A workload of both states, in the states in which its mode is unknown. */
interface UnknownServer {
  readonly workload: Workload;
  readonly unknown: readonly Workload[];
  /** In which states it is unknown. */
  readonly states: 'before' | 'after' | 'both';
}

/** Finds the changed objects that may affect undecided connections. */
export class UnknownEffects {
  private readonly sides: Readonly<Record<'before' | 'after', Side>>;
  private foundServers?: readonly UnknownServer[];

  /** @param changes the connections that differ between the states */
  constructor(before: Mesh, after: Mesh, changes: readonly ChangedConnections[] = [], ends = new Ends(before, after)) {
    const unpaired = changes.filter((change) => !ends.existBefore(change) || !ends.existAfter(change));
    const sideOf = (mesh: Mesh, side: 'before' | 'after'): Side =>
      ({ mesh, paths: undecidedPaths(mesh), only: undecidedIn(changes, side, mesh), unpaired: undecidedIn(unpaired, side, mesh) });
    this.sides = { before: sideOf(before, 'before'), after: sideOf(after, 'after') };
  }

  /** Undefined if all connections and servers that it may affect are decided in both states. */
  of(change: ComparedObject): UnknownEffect | undefined {
    const { before: former, after: latter } = this.sides;
    const isAllDecided = former.paths.length + latter.paths.length + this.unknownServers.length === 0;
    if (isAllDecided || !isRead(change, former.mesh, latter.mesh)) return undefined;
    const [before, after] = (['before', 'after'] as const).map((side) => this.concerned(change, this.sides[side]));
    const servers = this.servers(change);
    if (before.length + after.length + servers.length === 0) return undefined;
    const [formerOnly, latterOnly] = [countIn(before, this.sides.before.only), countIn(after, this.sides.after.only)];
    const shown = after.length > 0 ? 'after' as const : 'before' as const;
    const concerned = shown === 'after' ? after : before;
    return {
      object: change,
      connections: Math.max(0, countOf(before) - formerOnly, countOf(after) - latterOnly),
      before: formerOnly,
      after: latterOnly,
      unpaired: countIn(before, this.sides.before.unpaired) + countIn(after, this.sides.after.unpaired),
      servers: servers.length,
      serversBefore: servers.filter(({ states }) => states === 'before').length,
      serversAfter: servers.filter(({ states }) => states === 'after').length,
      facts: this.factsOf(concerned, servers.map(({ workload }) => workload), this.sides[shown].mesh),
      example: exampleIn(concerned, this.sides[shown].mesh),
    };
  }

  private concerned(change: ComparedObject, { mesh, paths }: Side): readonly ConcernedPath[] {
    if (paths.length === 0) return [];
    const footprints = this.footprints(change, mesh);
    return paths.flatMap((undecided): readonly ConcernedPath[] => {
      const clients = joined(footprints.flatMap((footprint) => footprint(undecided) ?? []));
      const count = clients === undefined ? 0 : countFor(undecided, clients, mesh.decisions);
      return count > 0 ? [{ undecided, clients: clients!, count }] : [];
    });
  }

  /** The footprints of both versions in either state: an added object may also affect what is undecided before. */
  private footprints({ before, after }: ComparedObject, mesh: Mesh): readonly Footprint[] {
    return [before, after].flatMap((version) => (version ? [footprintOf(version, mesh)] : []));
  }

  /** The workloads in both states that a version of an object configures, and whose modes are unknown. */
  private servers({ before, after }: ComparedObject): readonly UnknownServer[] {
    if (this.unknownServers.length === 0) return [];
    const isConfigured = configuredBy([before, after].filter((version) => version !== undefined), this.sides.after.mesh);
    return isConfigured ? this.unknownServers.filter(({ unknown }) => unknown.some(isConfigured)) : [];
  }

  /** The workloads in both states whose mode is unknown in at least one of them. */
  private get unknownServers(): readonly UnknownServer[] {
    if (!this.foundServers) {
      const [former, latter] = [this.sides.before.mesh, this.sides.after.mesh].map(({ workloads, dataPlanes }) =>
        new Map(workloads.map((workload) => (
          [idKey(workload), dataPlanes.accept(workload, ANY_OTHER).mode === 'UNKNOWN' ? [workload] : []]))));
      this.foundServers = this.sides.after.mesh.workloads.flatMap((workload) => {
        const before = former.get(idKey(workload));
        const after = latter.get(idKey(workload))!;
        const unknown = [...before ?? [], ...after];
        const states = after.length === 0 ? 'before' : before?.length === 0 ? 'after' : 'both';
        return before && unknown.length > 0 ? [{ workload, unknown, states }] : [];
      });
    }
    return this.foundServers;
  }

  private factsOf(concerned: readonly ConcernedPath[], servers: readonly Workload[], { decisions, planes }: Mesh): readonly MissingFact[] {
    const counts = new Map(concerned.map(({ undecided: { path }, count }) => [path, count]));
    const clientsOf = new Map(concerned.map(({ undecided: { path }, clients }) => [path, clients]));
    const all = concerned.map(({ undecided: { decision, path } }): Decision => ({ ...decision, paths: [path] }));
    const facts = missingFacts({ all: function* () { yield* all; }, countOfSender: (one, path) => decisions.countOfSender(one, path) },
      planes, {
        count: (_, path) => counts.get(path)!,
        sendersOf: ({ senders }, path) => [...senders].filter((one) => isAmong(one, clientsOf.get(path)!)),
      });
    return facts.length > 0 ? facts : factsOfServers(servers);
  }
}

/** The facts that would decide servers which nothing calls. */
function factsOfServers(servers: readonly Workload[]): readonly MissingFact[] {
  const facts = servers.map(({ proxy: { lacks } }) => (
    lacks ? { need: lacks.fact, subject: lacks.name } : { need: 'model' as const, subject: 'server-proxy-not-modelled' }));
  return [...new Map(facts.map((fact) => [`${fact.need} ${fact.subject}`, fact])).values()].map((fact) => ({ ...fact, connections: 0 }));
}

/** Selects workloads whose ports some versions of an object may configure; undefined if they configure none. */
function configuredBy(versions: readonly MeshObject[], { planes }: Mesh): ((workload: Workload) => boolean) | undefined {
  const root = planes.default.config.rootNamespace;
  const [object] = versions;
  const isSelected = (selectorOf: (version: MeshObject) => Labels) => ({ namespace, labels }: Workload): boolean =>
    versions.some((version) => (version.namespace === namespace || version.namespace === root) && selects(selectorOf(version), labels));
  switch (kindNameOf(object)) {
    case 'PeerAuthentication': return isSelected((version) => readPeerPolicy(version).selector ?? NO_LABELS);
    case 'Sidecar':
    case 'EnvoyFilter': return isSelected(({ spec }) => labelsOf(mapping(spec.workloadSelector).labels));
    case 'ProxyConfig': return isSelected(({ spec }) => labelsOf(mapping(spec.selector).matchLabels));
    case 'Namespace': return ({ namespace }) => namespace === object.name;
    case 'ConfigMap': return /^istio(?:-|$)/.test(object.name) ? () => true : undefined;
    case 'MutatingWebhookConfiguration': return () => true;
    default: {
      const keys = new Set(versions.map(idKey));
      return hasPods(object) ? (workload) => keys.has(idKey(workload.object)) || keys.has(idKey(workload.podSource.object)) : undefined;
    }
  }
}

function joined(all: readonly ConcernedClients[]): ConcernedClients | undefined {
  if (all.length === 0) return undefined;
  const some = all.filter((clients) => clients !== 'all');
  return some.length < all.length ? 'all' : (one) => some.some((isIn) => isIn(one));
}

function isAmong(one: Sender, clients: ConcernedClients): boolean {
  return clients === 'all' || clients(one);
}

function countFor({ decision, path }: UndecidedPath, clients: ConcernedClients, decisions: Decisions): number {
  if (clients === 'all') return decisions.count(decision, path);
  let count = 0;
  for (const one of decision.senders) if (clients(one)) count += decisions.countOfSender(one, path);
  return count;
}

/** The number of clients among those that an object may affect. */
function countIn(concerned: readonly ConcernedPath[], counts: Counts): number {
  return concerned.reduce((sum, { undecided: { path }, clients, count }) => {
    let changed = 0;
    for (const [one, some] of counts.get(path) ?? []) if (isAmong(one, clients)) changed += some;
    return sum + Math.min(count, changed);
  }, 0);
}

function countOf(concerned: readonly ConcernedPath[]): number {
  return concerned.reduce((sum, { count }) => sum + count, 0);
}

function exampleIn(concerned: readonly ConcernedPath[], { decisions }: Mesh): UndecidedExample | undefined {
  const candidates = concerned.flatMap(({ undecided: { decision, path }, clients }) =>
    [...decision.senders].filter((one) => isAmong(one, clients)).map((one) => ({ decision, path, one })));
  for (const { decision, path, one } of candidates) {
    const client = one.members.find((workload) => decisions.countAmong(path, 1, (other) => other === workload) > 0);
    if (client) return { decision, path, client, one };
  }
  return undefined;
}

/** For each path undecided in one state, the number of its connections that are decided or missing in the other. */
function undecidedIn(changes: readonly ChangedConnections[], side: 'before' | 'after', { decisions }: Mesh): Counts {
  const counts = new Map<Path, Map<Sender, number>>();
  const outcomeAt = (change: ChangedConnections, of: 'before' | 'after'): Outcome | undefined => change[of] && pathOutcome(change[of].path);
  for (const change of changes) {
    if (outcomeAt(change, side) !== 'undecided' || outcomeAt(change, side === 'before' ? 'after' : 'before') === 'undecided') continue;
    const { path } = change[side]!;
    const bySender = counts.get(path) ?? new Map<Sender, number>();
    counts.set(path, bySender);
    for (const client of change.clients) {
      const one = decisions.senderOf(client[side]!);
      bySender.set(one, (bySender.get(one) ?? 0) + 1);
    }
  }
  return counts;
}
