import { Evidence } from './evidence';
import { Workload } from '../mesh/workloads/workload';

/**
 * Those of a policy's workloads that nothing guards. If it selects guarded ones too, these are meant, and one that serves
 * nothing, such as a job under the same label, needs no guard.
 */
export function unguarded(evidence: Evidence, selected: readonly Workload[], isUnguarded: (workload: Workload) => boolean): readonly Workload[] {
  const bare = selected.filter(isUnguarded);
  return bare.length === selected.length ? bare : bare.filter((workload) => evidence.servedPorts.of(workload).length > 0);
}
