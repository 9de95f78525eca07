import { judgeAction } from './action';
import { judgeCustomRule } from './custom-rule';
import { warnOfHttpOnlyDeny } from './http-only-deny';
import { judgeRule } from './rule';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeWorkloadSelector } from '../values/selector';
import { judgeTargetRefs } from '../values/target-ref';

/** What istiod has against an AuthorizationPolicy. */
export function authorizationPolicyObjections({ spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  judgeTargetRefs(at, spec);
  judgeAction(at, spec);
  (spec.rules ?? []).forEach((rule: any, index: number) => {
    const place = at.at('rules', index);
    judgeRule(place, rule);
    if (spec.action === 'CUSTOM') judgeCustomRule(place, rule);
    if (spec.action === 'DENY') warnOfHttpOnlyDeny(place, rule);
  });
  return [...at.all];
}
