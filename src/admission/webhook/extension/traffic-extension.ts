import { judgeSize, judgeWasm } from './wasm';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeWorkloadSelector } from '../values/selector';
import { judgeTargetRefs } from '../values/target-ref';

const LONGEST_CODE = 65536;

/** What istiod has against a TrafficExtension. */
export function trafficExtensionObjections({ spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  if (spec.wasm) judgeWasm(at.at('wasm'), spec.wasm);
  judgeSize(at.at('lua', 'inlineCode'), spec.lua?.inlineCode, LONGEST_CODE);
  return [...at.all];
}
