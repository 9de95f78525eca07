import { FEW } from './client-sets';
import { Traffic } from './data';
import { NumberedPath, TrafficTables } from './traffic-tables';
import { grouped } from '../mesh/collections';
import { Mesh } from '../mesh/mesh';
import { losesCopies } from '../mesh/model/path';
import { Outcome, UndecidedReason } from '../mesh/model/transport';
import { Workload } from '../mesh/workloads/workload';
import { ClientClass, clientCount, SharedConnection, SharedConnections, SharingClients } from '../mesh/worlds/shared-connections';

/** The traffic of a mesh with missing facts, and how many connections it has. */
export interface TrafficBothWays {
  readonly traffic: Traffic;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Of the undecided connections by reason. */
  readonly undecided: Readonly<Partial<Record<UndecidedReason, number>>>;
  /** How many of the undecided connections have branches. */
  readonly conditional: number;
}

/** Some clients, and the path that they take. */
interface Taken {
  readonly clients: SharingClients;
  readonly path: NumberedPath;
}

/** The workloads of a mesh and the outcomes of their calls, with branches where these depend on facts that the manifests lack. */
export function trafficBothWays(mesh: Mesh, connections: SharedConnections): TrafficBothWays {
  const tables = new TrafficTables(mesh);
  const classes = new Map<ClientClass, number>();
  const counts = new ConnectionCounts();
  for (const ofCall of connections.byCall()) {
    const counted = ofCall.filter(({ path, connection: { branches } }) => branches !== undefined || !losesCopies(path));
    const taken = counted.map((one): Taken => {
      const path = tables.numbered(one);
      counts.add(one, path);
      return { clients: one.clients, path };
    });
    for (const same of alike(taken)) {
      for (const clients of clientsOf(same, tables, classes)) tables.add(same[0].path, clients);
    }
  }
  return { traffic: tables.data(), ...counts };
}

class ConnectionCounts implements Omit<TrafficBothWays, 'traffic'> {
  readonly outcomes: Record<Outcome, number> = { mtls: 0, tls: 0, plaintext: 0, broken: 0, undecided: 0 };
  readonly undecided: Partial<Record<UndecidedReason, number>> = {};
  conditional = 0;

  add({ clients, connection: { outcome, undecidedBecause } }: SharedConnection, path: NumberedPath): void {
    const count = clientCount(clients);
    this.outcomes[outcome] += count;
    if (undecidedBecause) this.undecided[undecidedBecause] = (this.undecided[undecidedBecause] ?? 0) + count;
    if (path[7] !== undefined) this.conditional += count;
  }
}

/** Those that take the same path. Where the same clients take several that look the same, each counts. */
function alike(taken: readonly Taken[]): Iterable<readonly [Taken, ...Taken[]]> {
  const times = new Map<SharingClients, Map<string, number>>();
  return grouped(taken, ({ path, clients }) => {
    const known = times.get(clients) ?? new Map<string, number>();
    const key = path.join();
    times.set(clients, known.set(key, (known.get(key) ?? 0) + 1));
    return `${key} ${known.get(key)}`;
  }).values();
}

/** The client sets of those that take the same path: members of classes, and single clients of others. */
function clientsOf(taken: readonly Taken[], { clients: sets }: TrafficTables, numbers: Map<ClientClass, number>): readonly number[] {
  const classes = taken.flatMap(({ clients }) => ('classes' in clients ? clients.classes : []));
  const except = new Set(taken.flatMap(({ clients }) => ('classes' in clients ? clients.except : [])));
  const others = taken.flatMap(({ clients }) => ('only' in clients && !except.delete(clients.only) ? [clients.only] : []));
  const members = (): readonly Workload[] => classes.flatMap((one) => one.members);
  const count = classes.reduce((sum, one) => sum + one.members.length, -except.size);
  if (count <= FEW) return [sets.listed([...members().filter((client) => !except.has(client)), ...others])];
  for (const one of classes) if (!numbers.has(one)) numbers.set(one, numbers.size);
  const key = classes.map((one) => numbers.get(one)).join();
  return [sets.based(key, members, except), ...others.length > 0 ? [sets.listed(others)] : []];
}
