import { judgeAccessLogging } from './access-logging';
import { judgeMetrics } from './metrics';
import { judgeTracing } from './tracing';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeWorkloadSelector } from '../values/selector';
import { judgeTargetRefs } from '../values/target-ref';

/** What istiod has against a Telemetry. */
export function telemetryObjections({ spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  judgeMetrics(at.at('metrics'), spec.metrics ?? []);
  judgeTracing(at.at('tracing'), spec.tracing ?? []);
  judgeAccessLogging(at.at('accessLogging'), spec.accessLogging ?? []);
  return [...at.all];
}
