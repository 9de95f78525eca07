import { Evidence } from './evidence';
import { workloadsText } from './texts';
import { objectText } from '../mesh/objects/mesh-object';
import { Workload } from '../mesh/workloads/workload';

/** How ports of workloads are made to take plaintext beside mutual TLS. */
export function makePermissive(evidence: Evidence, workloads: readonly Workload[], ports: readonly number[]): string {
  return portException(evidence, workloads, ports, 'PERMISSIVE');
}

/** How ports of workloads get a mode of their own: in the policy that counts for them, since of two istiod ignores one. */
export function portException(evidence: Evidence, workloads: readonly Workload[], ports: readonly number[], mode: 'PERMISSIVE' | 'DISABLE'): string {
  const { winner } = evidence.planeOf(workloads[0]).policies.ofWorkload(workloads[0]);
  const exceptions = `portLevelMtls ${ports.map((port) => `${port}: ${mode}`).join(', ')}`;
  return winner ? `write ${exceptions} into ${objectText(winner.object)}` : `add a PeerAuthentication for ${workloadsText(workloads)} with ${exceptions}`;
}
