import { Evidence } from './evidence';
import { addTo } from '../mesh/grouped';
import { MeshObject, ObjectName } from '../mesh/objects/mesh-object';
import { PeerPolicy } from '../mesh/server/peer-policy';
import { Workload } from '../mesh/workloads/workload';

/** Whom a PeerAuthentication with a selector finds. */
export class Selection {
  /** The workloads for which it counts. */
  readonly held: Workload[] = [];
  /** The workloads for which another counts, by that other. */
  readonly lost = new Map<MeshObject, Workload[]>();
  /** The WorkloadEntries that it selects. */
  readonly machines: ObjectName[] = [];
  /** Whether it counts for a workload that another selects too. */
  silences = false;

  constructor(readonly policy: PeerPolicy) {}

  /** Every workload that it selects. */
  get workloads(): readonly Workload[] {
    return [...this.held, ...[...this.lost.values()].flat()];
  }

  lose(workload: Workload, winner: MeshObject): void {
    addTo(this.lost, winner, workload);
  }
}

/** The PeerAuthentications with a selector that istiod applies, and whom they find. */
export class Selections implements Iterable<Selection> {
  static of(evidence: Evidence): Selections {
    const { plane: { policies }, mesh } = evidence;
    const ignored = new Set(policies.ignored);
    const selecting = policies.all.filter((policy) => policy.selector && !ignored.has(policy));
    const selections = new Selections(new Map(selecting.map((policy) => [policy.object, new Selection(policy)])));
    if (selecting.length === 0) return selections;
    for (const workload of mesh.workloads) selections.add(workload, evidence);
    for (const machine of mesh.registry.machines) {
      const { winner, losers } = policies.ofWorkload(machine);
      for (const policy of winner ? [winner, ...losers] : []) selections.of(policy.object)!.machines.push(machine.entry!);
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

  private add(workload: Workload, evidence: Evidence): void {
    const { winner, losers } = evidence.planeOf(workload).policies.ofWorkload(workload);
    if (!winner) return;
    const selection = this.of(winner.object);
    if (!selection) return; // Only a revision with another root namespace knows it.
    selection.held.push(workload);
    for (const { object } of losers) {
      selection.silences = true;
      this.of(object)?.lose(workload, winner.object);
    }
  }
}
