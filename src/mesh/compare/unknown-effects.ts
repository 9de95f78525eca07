import { ChangedConnections, pathOutcome } from './connection-changes';
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

/** One undecided connection that an object may concern. */
interface UndecidedExample {
  readonly decision: Decision;
  readonly path: Path;
  readonly client: Workload;
  /** The clients that it is decided with. */
  readonly one: Sender;
}

/** A changed object whose effect isn't known: connections that it may concern aren't decided. */
export interface UnknownEffect {
  readonly object: ComparedObject;
  /** How many connections that it may concern are undecided before and after. */
  readonly connections: number;
  /** How many are undecided in only one of the states. */
  readonly before: number;
  readonly after: number;
  /** How many of those in only one state have a client, a call or a server that the other state lacks. */
  readonly unpaired: number;
  /** How many workloads that it selects accept something unknown, before and after. */
  readonly servers: number;
  /** What the connections and servers wait for. */
  readonly facts: readonly MissingFact[];
  readonly example?: UndecidedExample;
}

/** How many clients a path lost or gained, by the path. */
type Counts = ReadonlyMap<Path, number>;

/** One state with its undecided paths. */
interface Side {
  readonly mesh: Mesh;
  readonly paths: readonly UndecidedPath[];
  /** How many connections of a path aren't undecided in the other state, and how many of them the other state can't have. */
  readonly only: Counts;
  readonly unpaired: Counts;
}

/** Connections of a path that an object may concern. */
interface ConcernedPath {
  readonly undecided: UndecidedPath;
  readonly clients: ConcernedClients;
  readonly count: number;
}

/** A workload of which the mode isn't known as it is in some states. */
interface UnknownServer {
  readonly workload: Workload;
  readonly unknown: readonly Workload[];
}

/** Finds the changed objects that may concern undecided connections, by groups of connections. */
export class UnknownEffects {
  private readonly sides: Readonly<Record<'before' | 'after', Side>>;
  private foundServers?: readonly UnknownServer[];

  /** @param changes how connections differ between the states */
  constructor(before: Mesh, after: Mesh, changes: readonly ChangedConnections[] = [], ends = new Ends(before, after)) {
    const unpaired = changes.filter((change) => !ends.existBefore(change) || !ends.existAfter(change));
    const sideOf = (mesh: Mesh, side: 'before' | 'after'): Side =>
      ({ mesh, paths: undecidedPaths(mesh), only: undecidedIn(changes, side), unpaired: undecidedIn(unpaired, side) });
    this.sides = { before: sideOf(before, 'before'), after: sideOf(after, 'after') };
  }

  /** Undefined: all that it may concern is decided in both states. */
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
      facts: this.factsOf(concerned, servers, this.sides[shown].mesh),
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

  /** Of both versions in either state: an added object concerns what is undecided before, too. */
  private footprints({ before, after }: ComparedObject, mesh: Mesh): readonly Footprint[] {
    return [before, after].flatMap((version) => (version ? [footprintOf(version, mesh)] : []));
  }

  /** The workloads in both states that a version of an object configures, and whose modes aren't known. */
  private servers({ before, after }: ComparedObject): readonly Workload[] {
    if (this.unknownServers.length === 0) return [];
    const isConfigured = configuredBy([before, after].filter((version) => version !== undefined), this.sides.after.mesh);
    return isConfigured ? this.unknownServers.filter(({ unknown }) => unknown.some(isConfigured)).map(({ workload }) => workload) : [];
  }

  /** The workloads in both states of which the modes aren't known in one of them. */
  private get unknownServers(): readonly UnknownServer[] {
    if (!this.foundServers) {
      const [former, latter] = [this.sides.before.mesh, this.sides.after.mesh].map(({ workloads, dataPlanes }) =>
        new Map(workloads.map((workload) => (
          [idKey(workload), dataPlanes.accept(workload, ANY_OTHER).mode === 'UNKNOWN' ? [workload] : []]))));
      this.foundServers = this.sides.after.mesh.workloads.flatMap((workload) => {
        const before = former.get(idKey(workload));
        const unknown = [...before ?? [], ...latter.get(idKey(workload))!];
        return before && unknown.length > 0 ? [{ workload, unknown }] : [];
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

/** What servers that nothing calls wait for. */
function factsOfServers(servers: readonly Workload[]): readonly MissingFact[] {
  const facts = servers.map(({ proxy: { lacks } }) => (
    lacks ? { need: lacks.fact, subject: lacks.name } : { need: 'model' as const, subject: 'server-proxy-not-modelled' }));
  return [...new Map(facts.map((fact) => [`${fact.need} ${fact.subject}`, fact])).values()].map((fact) => ({ ...fact, connections: 0 }));
}

/** Which workloads' ports some versions of an object may configure; undefined: none. */
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

function countIn(concerned: readonly ConcernedPath[], counts: Counts): number {
  return concerned.reduce((sum, { undecided: { path }, count }) => sum + Math.min(count, counts.get(path) ?? 0), 0);
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

/** How many connections of each path are undecided in one state, and decided or missing in the other. */
function undecidedIn(changes: readonly ChangedConnections[], side: 'before' | 'after'): Counts {
  const counts = new Map<Path, number>();
  const outcomeAt = (change: ChangedConnections, of: 'before' | 'after'): Outcome | undefined => change[of] && pathOutcome(change[of].path);
  for (const change of changes) {
    if (outcomeAt(change, side) !== 'undecided' || outcomeAt(change, side === 'before' ? 'after' : 'before') === 'undecided') continue;
    const { path } = change[side]!;
    counts.set(path, (counts.get(path) ?? 0) + change.clients.length);
  }
  return counts;
}
