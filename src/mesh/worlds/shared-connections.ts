import { Branches, dependsOnFacts } from './branches';
import { ConditionalConnection, ConnectionsBothWays } from './connections-both-ways';
import { Worlds } from './worlds';
import { Decision } from '../calls/decisions';
import { grouped } from '../collections';
import { MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { Path, selfOf } from '../model/path';
import { Sender } from '../model/sender';
import { factKey } from '../workloads/missing-injection';
import { Workload } from '../workloads/workload';

/** Clients that no call treats differently, unless a path names one of them. */
export interface ClientClass {
  readonly members: readonly [Workload, ...Workload[]];
  /** Their sender in each mesh. */
  readonly senders: readonly Sender[];
  /** The keys of the facts that they lack. */
  readonly facts: string;
}

/** The clients that have a connection: members of classes but for some, or only one. */
export type SharingClients =
  { readonly classes: readonly ClientClass[]; readonly except: readonly Workload[] } | { readonly only: Workload };

/** A connection that several clients have alike. */
export interface SharedConnection {
  readonly call: Call;
  /** That of one of the clients. */
  readonly connection: ConditionalConnection;
  readonly path: Path;
  readonly clients: SharingClients;
}

/** How much is decided at most. */
interface Limits {
  /** Decisions, each on a call of some clients to one server in one world: 200,000 take 5 seconds, and 6 MB of a page. */
  readonly decisions: number;
  /** Looked up decisions, each of a class in one world: 10 million take some 10 seconds. */
  readonly lookups: number;
}

const LIMITS: Limits = { decisions: 200_000, lookups: 10_000_000 };

/**
 * The connections of a mesh, decided both ways once for all clients that behave alike: those that lack the same facts, and whose call is
 * decided together in each world. A client that a path names, as one that would call itself, is decided by itself.
 */
export class SharedConnections {
  /** Undefined: no fact is missing, or there are too many to decide. */
  static of(mesh: Mesh, limits: Partial<Limits> = {}): SharedConnections | undefined {
    const { decisions, lookups } = { ...LIMITS, ...limits };
    const { length: calls } = mesh.decisions.calls;
    // Each call is decided at least once for each fact of clients, in at least three meshes: many worlds would be made in vain.
    if (calls * mesh.missingInjection().length * 3 > decisions) return undefined;
    const worlds = Worlds.of(mesh);
    if (!worlds) return undefined;
    const meshes = [mesh, ...worlds.all.map((world) => world.mesh)];
    const branches = new Branches(mesh, worlds);
    const classes = classesOf(meshes, branches);
    if (calls * classes.length * meshes.length > lookups) return undefined;
    const shared = new SharedConnections(meshes, branches, classes);
    return shared.hasAtMost(decisions) ? shared : undefined;
  }

  private readonly connections: ConnectionsBothWays;
  private readonly clients: ReadonlyMap<MeshObject, Workload>;
  private readonly calls: readonly ReadonlyMap<string, Call>[];

  private constructor(
    private readonly meshes: readonly Mesh[], private readonly branches: Branches, private readonly classes: readonly ClientClass[],
  ) {
    this.connections = new ConnectionsBothWays(meshes[0], branches);
    this.clients = new Map(meshes[0].callers.map((client) => [client.object, client]));
    this.calls = meshes.map(({ decisions }) => new Map(decisions.calls.map((call) => [call.key, call])));
  }

  /** Those of each call. */
  * byCall(): Generator<readonly SharedConnection[]> {
    for (const call of this.meshes[0].decisions.calls) {
      yield this.sharing(call).flatMap((clients) => (
        this.connections.ofCall(representative(clients), call).map(({ connection, path }) => ({ call, connection, path, clients }))));
    }
  }

  /** How many connections depend on the missing facts. */
  depending(): number {
    return this.meshes[0].decisions.calls.reduce((all, call) => this.sharing(call).reduce((sum, clients) => (
      sum + clientCount(clients) * this.branches.of(representative(clients), call).filter(dependsOnFacts).length), all), 0);
  }

  private hasAtMost(decisions: number): boolean {
    let left = decisions / this.meshes.length;
    for (const call of this.meshes[0].decisions.calls) {
      left -= this.sharing(call).length * this.serversOf(call);
      if (left < 0) return false;
    }
    return true;
  }

  /** How many servers a client of the call has at most, in any of the meshes; one if it has none. */
  private serversOf({ key }: Call): number {
    return Math.max(1, ...this.meshes.map(({ decisions }, index) => mostPaths(decisions.of(this.calls[index].get(key)!))));
  }

  /** All clients of a call, by those that behave alike. */
  private sharing(call: Call): readonly SharingClients[] {
    const named = this.namedBy(call);
    return [...this.decidedTogether(call)].flatMap((classes): readonly SharingClients[] => {
      const members = classes.flatMap((one) => one.members);
      const except = members.filter((client) => named.has(client));
      return [...except.length < members.length ? [{ classes, except }] : [], ...except.map((only) => ({ only }))];
    });
  }

  private decidedTogether({ key }: Call): Iterable<readonly ClientClass[]> {
    const decisions = this.meshes.map((mesh, index) => mesh.decisions.of(this.calls[index].get(key)!));
    const together = grouped(this.classes, ({ senders, facts }) => (
      [...decisions.map((some, index) => some.findIndex((one) => one.senders.has(senders[index]))), facts].join()));
    return together.values();
  }

  /** The clients that paths of the call name, in any of the meshes. */
  private namedBy({ key }: Call): ReadonlySet<Workload> {
    const decided = this.meshes.flatMap(({ decisions }, index) => decisions.of(this.calls[index].get(key)!));
    const named = decided.flatMap(({ paths }) => paths.flatMap(clientsNamedBy));
    return new Set(named.flatMap(({ object }) => this.clients.get(object) ?? []));
  }
}

/** How many paths a client has at most. */
export function mostPaths(decisions: readonly Decision[]): number {
  return decisions.reduce((most, { paths }) => Math.max(most, paths.length), 0);
}

export function clientCount(clients: SharingClients): number {
  return 'only' in clients ? 1 : clients.classes.reduce((sum, { members }) => sum + members.length, -clients.except.length);
}

function clientsNamedBy(path: Path): readonly Workload[] {
  return [path.only, path.except, selfOf(path)].filter((client) => client !== undefined);
}

function representative(clients: SharingClients): Workload {
  if ('only' in clients) return clients.only;
  const except = new Set(clients.except);
  return clients.classes.flatMap(({ members }) => members).find((client) => !except.has(client))!;
}

/** @param meshes that without the facts, and the worlds */
function classesOf(meshes: readonly Mesh[], branches: Branches): readonly ClientClass[] {
  const sendersOf = meshes.map(({ callers, decisions }) => new Map(callers.map((client) => [client.object, decisions.senderOf(client)])));
  const numbers = new Map<Sender, number>();
  const numberOf = (sender: Sender): number => {
    if (!numbers.has(sender)) numbers.set(sender, numbers.size);
    return numbers.get(sender)!;
  };
  const clients = meshes[0].callers.map((client) => ({
    client, senders: sendersOf.map((senders) => senders.get(client.object)!), facts: branches.factsOf(client.object).map(factKey).join(),
  }));
  const alike = grouped(clients, ({ senders, facts }) => [...senders.map(numberOf), facts].join());
  return [...alike.values()].map(([first, ...others]): ClientClass => ({
    senders: first.senders, facts: first.facts, members: [first.client, ...others.map(({ client }) => client)],
  }));
}
