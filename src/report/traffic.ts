import { FEW } from './client-sets';
import { Traffic } from './data';
import { TrafficTables } from './traffic-tables';
import { connectionOf } from '../mesh/calls/connections';
import { Counting, Decision } from '../mesh/calls/decisions';
import { Mesh } from '../mesh/mesh';
import { concerns, losesCopies, Path, selfOf } from '../mesh/model/path';
import { Sender, SenderSet } from '../mesh/model/sender';
import { Workload } from '../mesh/workloads/workload';

/**
 * The workloads of a mesh and the outcomes of their calls, stored by
 * decisions: a mesh of thousands of services has millions of connections.
 *
 * @param counting selects the connections that count
 */
export function trafficOf(mesh: Mesh, counting: Counting): Traffic {
  const tables = new TrafficTables(mesh);
  const takers = new Takers(mesh, counting, tables);
  for (const decision of mesh.decisions.all()) {
    for (const path of decision.paths) {
      const taking = losesCopies(path) ? undefined : takers.of(decision, path);
      if (!taking) continue;
      const { call } = decision;
      const connection = connectionOf({ client: taking.one, one: mesh.decisions.senderOf(taking.one), call }, path);
      tables.add(tables.numbered({ call, path, connection }), taking.clients);
    }
  }
  return tables.data();
}

/** The clients that take paths. */
class Takers {
  constructor(private readonly mesh: Mesh, private readonly counting: Counting, private readonly tables: TrafficTables) {}

  /** The index of a path's client set, and any one of the clients; undefined without clients. */
  of(decision: Decision, path: Path): { readonly clients: number; readonly one: Workload } | undefined {
    const count = this.counting.count(decision, path);
    if (count === 0) return undefined;
    const { clients } = this.tables;
    if (path.only) return { one: path.only, clients: clients.listed([path.only]) };
    const isWhole = count === this.mesh.decisions.count(decision, path);
    const takers = (): Generator<Workload, undefined> => (
      takersAmong(isWhole ? decision.senders : this.counting.sendersOf(decision, path), path));
    const one = takers().next().value!;
    return { one, clients: isWhole && count > FEW ? this.largeSet(decision.senders, path) : clients.listed(takers()) };
  }

  private largeSet(senders: SenderSet, { except, ...path }: Path): number {
    const lone = senders.all.size === 1 ? senders.one! : senders.all;
    const left = [...senders.left].flatMap(({ members }) => members);
    const selves = [selfOf(path), except].filter((client) => client !== undefined && senders.has(this.mesh.decisions.senderOf(client)));
    return this.tables.clients.based(lone, () => [...senders.all].flatMap(({ members }) => members), [...left, ...selves as Workload[]]);
  }
}

function* takersAmong(senders: Iterable<Sender>, path: Path): Generator<Workload, undefined> {
  for (const { members } of senders) for (const client of members) if (concerns(path, client)) yield client;
  return undefined;
}
