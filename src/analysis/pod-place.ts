import { FieldPath } from '../findings/field-path';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** Where a field of a workload's pods is written. */
export function podPlace({ podSource }: Workload, ...field: FieldPath): PodSource {
  return { ...podSource, field: [...podSource.field, ...field] };
}
