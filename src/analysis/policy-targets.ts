import { addTo } from '../mesh/collections';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { MeshObject, ObjectName } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Precedence, PeerPolicy } from '../mesh/policies/peer-authentication';
import { Workload } from '../mesh/workloads/workload';

/** The workloads that a PeerAuthentication with a selector selects. */
export class PolicyTarget {
  /** The workloads to which it applies. */
  readonly governed = new Set<Workload>();
  /** The workloads that it selects but to which another policy applies, by that policy. */
  readonly lost = new Map<MeshObject, Workload[]>();
  /** The WorkloadEntries that it selects. */
  readonly machines: ObjectName[] = [];
  /** Whether it applies to a workload that another policy selects too. */
  silences = false;

  constructor(readonly policy: PeerPolicy) {}

  /** Every workload that it selects. */
  get workloads(): readonly Workload[] {
    return [...new Set([...this.governed, ...[...this.lost.values()].flat()])];
  }

  lose(workload: Workload, winner: MeshObject): void {
    addTo(this.lost, winner, workload);
  }
}

/** The PeerAuthentications with a selector that any istiod applies, and the workloads that they select. */
export class PolicyTargets implements Iterable<PolicyTarget> {
  /** @param planes the istiods of the mesh that are in use */
  static of(mesh: Mesh, planes: readonly ControlPlane[]): PolicyTargets {
    const selecting = planes.flatMap(({ policies }) => {
      const ignored = new Set(policies.ignored);
      return policies.all.filter((policy) => policy.selector && !ignored.has(policy));
    });
    const targets = new PolicyTargets(new Map(selecting.map((policy) => [policy.object, new PolicyTarget(policy)])));
    if (selecting.length === 0) return targets;
    for (const workload of mesh.workloads) {
      // A workload without a proxy has no istiod: the policies of all of them have no effect on it.
      for (const plane of workload.proxy.encrypts === false ? planes : [mesh.planes.of(workload.proxy.revision)]) {
        targets.add(workload, plane);
      }
    }
    for (const machine of mesh.registry.machines) {
      const known = planes.flatMap(({ policies }) => policiesOf(policies.ofWorkload(machine)));
      for (const policy of new Set(known.map(({ object }) => object))) targets.of(policy)!.machines.push(machine.entry!);
    }
    return targets;
  }

  private constructor(private readonly byPolicy: ReadonlyMap<MeshObject, PolicyTarget>) {}

  of(policy: MeshObject): PolicyTarget | undefined {
    return this.byPolicy.get(policy);
  }

  [Symbol.iterator](): Iterator<PolicyTarget> {
    return this.byPolicy.values();
  }

  private add(workload: Workload, { policies }: ControlPlane): void {
    const { winner, losers } = policies.ofWorkload(workload);
    if (!winner) return;
    const target = this.of(winner.object)!;
    target.governed.add(workload);
    for (const { object } of losers) {
      target.silences = true;
      this.of(object)!.lose(workload, winner.object);
    }
  }
}

function policiesOf({ winner, losers }: Precedence): readonly PeerPolicy[] {
  return winner ? [winner, ...losers] : losers;
}
