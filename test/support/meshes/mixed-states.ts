import { RANKS } from '../../../src/mesh/change/acceptance';
import { compareNames, idKey } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { concerns, destinationOf, Path, selfOf, serverKey, serverOf, transportOf } from '../../../src/mesh/model/path';
import { Outcome } from '../../../src/mesh/model/transport';
import { ChangePlan } from '../../../src/mesh/plan/stages';
import { Presence } from '../../../src/mesh/plan/states';
import { portsIn } from '../../../src/mesh/queries/named-ports';
import { Workload } from '../../../src/mesh/workloads/workload';

/** Protection by outcome, as in docs/plan.md; other outcomes aren't available. */
const PROTECTION: Partial<Record<Outcome, number>> = { plaintext: 1, tls: 2, mtls: 3 };

/** The mesh of a state, made of its objects and pods alone. */
export function meshIn({ before, units }: Pick<ChangePlan, 'before' | 'units'>, state: readonly Presence[]): Mesh {
  const changing = new Set(units.flatMap(({ versions }) => versions.flatMap(({ pods }) => (pods ? [idKey(pods)] : []))));
  const pods = units.flatMap(({ versions }, unit) => state[unit].flatMap((version) => versions[version].pods ?? []));
  const changes = units.flatMap(({ versions }, unit) => versions[Math.max(...state[unit])].change ?? []);
  return before.running(changes, [...before.workloads.filter((one) => !changing.has(idKey(one))), ...pods].sort(compareNames));
}

type Worst = Map<string, { rank: number | undefined; isUndecided: boolean }>;

/** The worst outcome of each call of each client, and of it at each server, connection by connection. */
function worstOf(mesh: Mesh, servers: Mesh): Worst {
  const found: Worst = new Map();
  const serving = new Set(servers.workloads);
  const add = (key: string, outcome: Outcome): void => {
    const { rank = 4, isUndecided = false } = found.get(key) ?? {};
    found.set(key, { rank: outcome === 'undecided' ? rank : Math.min(rank, PROTECTION[outcome] ?? 0), isUndecided: isUndecided || outcome === 'undecided' });
  };
  for (const client of mesh.workloads) {
    for (const call of mesh.decisions.calls) {
      const { paths } = mesh.decisions.of(call).find(({ senders }) => senders.has(mesh.decisions.senderOf(client)))!;
      for (const path of paths.filter((one) => concerns(one, client) && isThere(one, client, serving))) {
        const key = `${idKey(client)} ${call.host}:${call.port}`;
        const { outcome } = transportOf(path);
        add(key, outcome);
        add(`${key} ${placeOf(path)}`, outcome);
      }
    }
  }
  return found;
}

function placeOf(path: Path): string {
  const [{ endpoint }, target] = [serverOf(path), destinationOf(path)];
  if (!endpoint) return `${target.host}:${target.port}`;
  return endpoint.workload ? idKey(endpoint.workload) : serverKey(endpoint);
}

function isThere(path: Path, client: Workload, serving: ReadonlySet<Workload>): boolean {
  const [server, self] = [serverOf(path).endpoint?.workload, selfOf(path)];
  // A workload whose pods don't call each other doesn't call those of its other version either.
  return !server || (serving.has(server) && !(self && idKey(self) === idKey(client)));
}

/** Calls below their minimum protection, or undecided despite having one. */
export interface Fallen {
  readonly unsafe: readonly string[];
  readonly unproven: readonly string[];
}

/** The states of a mesh during a change, separate for clients and servers, compared connection by connection. */
export class MixedStates {
  private readonly meshes = new Map<string, Mesh>();
  private readonly ends: readonly Mesh[];
  private readonly floors: readonly Worst[];

  constructor(private readonly plan: Pick<ChangePlan, 'before' | 'units'>) {
    this.ends = [plan.units.map(() => [0]), plan.units.map(({ goal }) => [goal])].map((state) => meshIn(plan, state));
    this.floors = this.ends.map((mesh) => worstOf(mesh, mesh));
  }

  /** Calls that fall while clients are in one state and servers in another. */
  fallen(clients: readonly Presence[], servers: readonly Presence[]): Fallen {
    const [from, to] = [this.mesh(clients), this.mesh(servers)];
    const [former, latter] = this.floors;
    const [unsafe, unproven]: string[][] = [[], []];
    for (const [key, { rank, isUndecided }] of worstOf(from.towards(to), to)) {
      const [one, other] = [former.get(key), latter.get(key)];
      if (!one?.rank || !other?.rank || one.isUndecided || other.isUndecided) continue;
      const floor = Math.min(one.rank, other.rank);
      if (floor === 4) continue;
      if (rank! < floor) unsafe.push(`${key}: ${rank}, floor ${floor}`);
      else if (isUndecided) unproven.push(key);
    }
    return { unsafe: [...unsafe, ...opened(this.ends, to)], unproven };
  }

  private mesh(state: readonly Presence[]): Mesh {
    const key = state.join(' ');
    const mesh = this.meshes.get(key) ?? meshIn(this.plan, state);
    this.meshes.set(key, mesh);
    return mesh;
  }
}

/** The ports that take more plaintext than before and after. */
function opened(ends: readonly Mesh[], to: Mesh): readonly string[] {
  const at = (mesh: Mesh, id: string, port: number): number[] =>
    mesh.workloads.filter((one) => idKey(one) === id).map((one) => RANKS[mesh.dataPlanes.accept(one, port).mode]);
  const named = portsIn([...ends, to]);
  return to.workloads.flatMap((workload) => [0, ...named.get(idKey(workload))!].flatMap((port) => {
    const [[one], [other]] = ends.map((mesh) => at(mesh, idKey(workload), port));
    const rank = RANKS[to.dataPlanes.accept(workload, port).mode];
    return one === undefined || other === undefined || rank < 0 || rank >= Math.min(one, other) ? [] : [`${idKey(workload)} port ${port}`];
  }));
}
