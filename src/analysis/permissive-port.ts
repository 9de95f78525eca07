import { Evidence } from './evidence';
import { workloadsText } from './workloads-text';
import { objectText } from '../mesh/objects/mesh-object';
import { Workload } from '../mesh/workloads/workload';

/** How ports of workloads are made to take plaintext beside mutual TLS: in the policy that counts for them, since of two istiod ignores one. */
export function makePermissive(evidence: Evidence, workloads: readonly Workload[], ports: readonly number[]): string {
  const { winner } = evidence.planeOf(workloads[0]).policies.ofWorkload(workloads[0]);
  const exceptions = `portLevelMtls ${ports.map((port) => `${port}: PERMISSIVE`).join(', ')}`;
  return winner ? `write ${exceptions} into ${objectText(winner.object)}` : `add a PeerAuthentication for ${workloadsText(workloads)} with ${exceptions}`;
}
