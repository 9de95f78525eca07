import { Evidence } from './evidence';
import { Workload } from '../mesh/workloads/workload';

/**
 * Those of a policy's workloads that nothing guards. If it selects guarded ones too, or may do so outside the manifests,
 * these are meant, and one that serves nothing, such as a job under the same label, needs no guard.
 */
export function unguarded(evidence: Evidence, selected: readonly Workload[], isUnguarded: (workload: Workload) => boolean): readonly Workload[] {
  const bare = selected.filter(isUnguarded);
  const isAll = bare.length === selected.length && !selected.some(({ namespace }) => evidence.mesh.view.mayHoldMoreServers(namespace));
  return isAll ? bare : bare.filter((workload) => evidence.servedPorts.of(workload).length > 0);
}
