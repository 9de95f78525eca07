import { judgeJwtRule } from './jwt-rule';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeWorkloadSelector } from '../values/selector';
import { judgeTargetRefs } from '../values/target-ref';

/** What istiod has against a RequestAuthentication. */
export function requestAuthenticationObjections({ spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  (spec.jwtRules ?? []).forEach((rule: any, index: number) => judgeJwtRule(at.at('jwtRules', index), rule));
  return [...at.all];
}
