import { FieldPath } from '../findings/field-path';
import { Workload } from '../mesh/workloads/workload';

/** A field of a workload's pods, where its manifest has it. */
export function podField({ kind }: Workload, ...field: FieldPath): FieldPath {
  if (kind === 'Pod') return field;
  const template = kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
  return [...template, ...field];
}
