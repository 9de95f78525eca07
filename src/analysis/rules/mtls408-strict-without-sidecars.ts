import { PeerPolicy } from '../../mesh/policies/peer-authentication';
import { IGNORED, INJECT } from '../../mesh/workloads/injection';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { declinedAt, doesWithout, injectionRemedy, namespacesOutOfMesh } from '../missing-sidecar';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';
import { workloadsText } from '../texts';

export const strictWithoutSidecars: Rule = {
  code: 'MTLS408',
  name: 'strict-without-sidecars',
  severity: 'warning',
  title: 'A STRICT policy for a mesh or namespace applies to workloads of which none has a sidecar',
  reads: ['Namespace', 'PeerAuthentication'],
  find: (evidence: Evidence) => foundByRevision(evidence, function* ({ policies, config: { rootNamespace } }): Generator<Found> {
    const outside = namespacesOutOfMesh(evidence);
    for (const { winner } of policies.wide) {
      const isMesh = winner!.object.namespace === rootNamespace;
      // MTLS208 reports a namespace without sidecars.
      if (winner!.mode !== 'STRICT' || (!isMesh && outside.has(winner!.object.namespace))) continue;
      const workloads = isMesh ? evidence.mesh.workloads : evidence.workloadsIn(winner!.object.namespace);
      const bare = allBare(evidence, workloads, isMesh ? undefined : winner!.object.namespace);
      if (bare.length > 0) yield found(evidence, winner!, bare);
    }
  }),
};

/**
 * The workloads of a policy, if none of them has a proxy. Istio's own workloads and agents on nodes don't count. Empty if some proxy is
 * unknown, or if there may be more workloads.
 *
 * @param namespace the policy's; undefined for the mesh's
 */
function allBare(evidence: Evidence, all: readonly Workload[], namespace: string | undefined): readonly Workload[] {
  const { coverage, registry } = evidence.mesh;
  const mayHaveSidecar = ({ proxy, namespace: own }: Workload): boolean => proxy.encrypts !== false || coverage.mayHoldMoreServers(own);
  const isForIt = (workload: Workload): boolean => (
    !evidence.isRoot(workload.namespace) && !IGNORED.has(workload.namespace) && !doesWithout(workload));
  const isOpen = all.some((workload) => mayHaveSidecar(workload) && isForIt(workload));
  const hasMachines = registry.machines.some((machine) => namespace === undefined || machine.namespace === namespace);
  return isOpen || hasMachines ? [] : all.filter(isForIt);
}

function found(evidence: Evidence, { object }: PeerPolicy, bare: readonly Workload[]): Found {
  const [first] = bare;
  return {
    object,
    field: ['spec', 'mtls', 'mode'],
    actual: 'STRICT',
    expected: 'workloads with sidecars, which enforce it',
    because: 'without a sidecar, a workload accepts plaintext from anyone, and none that the policy is for has one: '
      + `${workloadsText(bare)} (${first.proxy.because})`,
    fix: remedy(evidence, first),
  };
}

function remedy(evidence: Evidence, workload: Workload): string {
  if (declinedAt(workload)) return `remove ${INJECT} from the workloads that should have a sidecar`;
  const namespace = evidence.namespaceNamed(workload.namespace);
  return (namespace && injectionRemedy(evidence, namespace)) ?? 'inject sidecars into the workloads';
}
