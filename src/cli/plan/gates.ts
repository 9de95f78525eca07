import { Option } from 'commander';
import type { ReportedPlan } from '../../changes/plan-report';
import { numeral } from '../../findings/numeral';
import { newlyRefusedText, ReportedRefusal } from '../comparison/refusals';
import { failWordsOf } from '../program/options';

/** The conditions that can make `plan` fail. */
const PLAN_GATES = ['unproven', 'new-refused'] as const;

const PLAN_GATE_WORDS = [...PLAN_GATES, 'never'] as const;

export type PlanGateWords = readonly (typeof PLAN_GATE_WORDS)[number][];

/** Default gates. */
export const DEFAULT_PLAN_GATES: PlanGateWords = PLAN_GATES;

export function planGatesOption(): Option {
  const help = `what gives exit code 1, one or more of ${PLAN_GATE_WORDS.join(', ')}, separated by commas`;
  return new Option('--fail-on <words>', help).default(DEFAULT_PLAN_GATES, DEFAULT_PLAN_GATES.join(','))
    .argParser(failWordsOf(PLAN_GATE_WORDS));
}

/** Each gate that fails the run, in a sentence. */
export function planFailures(
  { stages, refusals }: Pick<ReportedPlan, 'stages'> & { readonly refusals: readonly ReportedRefusal[] }, failOn: PlanGateWords,
): readonly string[] {
  return PLAN_GATES.filter((gate) => failOn.includes(gate)).flatMap((gate) => {
    const text = gate === 'unproven' ? unprovenText({ stages }) : newlyRefusedText(refusals);
    return text === '' ? [] : [`${gate}: ${text}`];
  });
}

function unprovenText({ stages }: Pick<ReportedPlan, 'stages'>): string {
  if (!stages) return 'no safe order was found';
  const unproven = stages.filter(({ verdict }) => verdict !== 'safe').length;
  return unproven === 0 ? '' : `${numeral(unproven)} of ${stages.length === 1 ? '1 stage' : `${numeral(stages.length)} stages`}`;
}
