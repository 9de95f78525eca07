import { judgeWasm } from './wasm';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeWorkloadSelector } from '../values/selector';
import { judgeTargetRefs } from '../values/target-ref';

/** What istiod has against a WasmPlugin. */
export function wasmPluginObjections({ spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  judgeWasm(at, spec);
  return [...at.all];
}
