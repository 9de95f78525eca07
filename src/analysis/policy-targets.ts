import { ControlPlane } from '../mesh/control-plane';
import { addTo } from '../mesh/grouped';
import { Mesh } from '../mesh/mesh';
import { MeshObject, ObjectName } from '../mesh/objects/mesh-object';
import { Contest } from '../mesh/server/peer-policies';
import { PeerPolicy } from '../mesh/server/peer-policy';
import { Workload } from '../mesh/workloads/workload';

/** Whom a PeerAuthentication with a selector finds. */
export class Selection {
  /** The workloads for which it counts. */
  readonly held = new Set<Workload>();
  /** The workloads for which another counts, by that other. */
  readonly lost = new Map<MeshObject, Workload[]>();
  /** The WorkloadEntries that it selects. */
  readonly machines: ObjectName[] = [];
  /** Whether it counts for a workload that another selects too. */
  silences = false;

  constructor(readonly policy: PeerPolicy) {}

  /** Every workload that it selects. */
  get workloads(): readonly Workload[] {
    return [...new Set([...this.held, ...[...this.lost.values()].flat()])];
  }

  lose(workload: Workload, winner: MeshObject): void {
    addTo(this.lost, winner, workload);
  }
}

/** The PeerAuthentications with a selector that any istiod applies, and whom they find. */
export class Selections implements Iterable<Selection> {
  /** @param planes the istiods of the mesh that are in use */
  static of(mesh: Mesh, planes: readonly ControlPlane[]): Selections {
    const selecting = planes.flatMap(({ policies }) => {
      const ignored = new Set(policies.ignored);
      return policies.all.filter((policy) => policy.selector && !ignored.has(policy));
    });
    const selections = new Selections(new Map(selecting.map((policy) => [policy.object, new Selection(policy)])));
    if (selecting.length === 0) return selections;
    for (const workload of mesh.workloads) {
      // Without a proxy it is no istiod's own: what any of them would have it do is lost.
      for (const plane of workload.proxy.kind === 'none' ? planes : [mesh.planes.of(workload.proxy.revision)]) selections.add(workload, plane);
    }
    for (const machine of mesh.registry.machines) {
      const known = planes.flatMap(({ policies }) => policiesOf(policies.ofWorkload(machine)));
      for (const policy of new Set(known.map(({ object }) => object))) selections.of(policy)!.machines.push(machine.entry!);
    }
    return selections;
  }

  private constructor(private readonly byPolicy: ReadonlyMap<MeshObject, Selection>) {}

  of(policy: MeshObject): Selection | undefined {
    return this.byPolicy.get(policy);
  }

  [Symbol.iterator](): Iterator<Selection> {
    return this.byPolicy.values();
  }

  private add(workload: Workload, { policies }: ControlPlane): void {
    const { winner, losers } = policies.ofWorkload(workload);
    if (!winner) return;
    const selection = this.of(winner.object)!;
    selection.held.add(workload);
    for (const { object } of losers) {
      selection.silences = true;
      this.of(object)!.lose(workload, winner.object);
    }
  }
}

function policiesOf({ winner, losers }: Contest): readonly PeerPolicy[] {
  return winner ? [winner, ...losers] : losers;
}
