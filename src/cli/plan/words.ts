import { PlanReport } from './report';
import { statingText } from '../../analysis/conditional';
import { changedText } from '../../changes/object-changes';
import { planLeftOutText } from '../../changes/plan-left-out';
import { isReplaced, ReportedStage, ReportedStep } from '../../changes/plan-report';
import { witnessText } from '../../changes/plan-words';
import { conditionText, whetherText } from '../../findings/condition';
import { enumerated } from '../../findings/enumerated';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import type { Worsened } from '../../mesh/plan/worsened';
import { refusedText, unjudgedCountText } from '../comparison/words';
import { counted } from '../output/printer';

/** `proven, in any order`, `proven if shop has sidecars, in any order; if shop has none, …`. */
export function verdictText(
  { verdict, if: conditions, witness }: Pick<ReportedStage, 'verdict' | 'if' | 'witness'>, report: Pick<PlanReport, 'leftOut'>,
): string {
  if (verdict === 'safe') return `${scopeOfProof(report)}, in any order`;
  const why = witness ? witnessText(witness) : '';
  return conditions ? `${scopeOfProof(report)} ${conditionText(conditions)}, in any order; ${why}` : `not proven: ${why}`;
}

/** `proven`; where workloads declare their calls, `proven for declared calls`. */
export function scopeOfProof({ leftOut }: Pick<PlanReport, 'leftOut'>): string {
  return leftOut ? 'proven for declared calls' : 'proven';
}

/** The calls that the plan leaves out, and their outcomes; empty if there are none. */
export function leftOutOfPlanText({ leftOut }: Pick<PlanReport, 'leftOut'>, all = false): string {
  const text = leftOut ? planLeftOutText(leftOut, '--all-calls plans for them', all) : '';
  return text === '' ? '' : `${text}.`;
}

/** Whether calls that the plan leaves out get worse, or may. */
export function worsensLeftOut({ leftOut }: Pick<PlanReport, 'leftOut'>): boolean {
  if (!leftOut) return false;
  const { worsened: { broken, plaintext, undecided, lost }, worseMeanwhile, undecidedMeanwhile, isExamined } = leftOut;
  return broken + plaintext + undecided + lost + worseMeanwhile + undecidedMeanwhile > 0 || !isExamined;
}

/** What fails the run apart from the stages, which say it themselves: objects that would be rejected. */
export function failuresForRefusals({ failures }: Pick<PlanReport, 'failures'>): readonly string[] {
  return failures.filter((failure) => failure.startsWith('new-refused:'));
}

/** What a step does apart from changing its object. */
export function stepText(step: ReportedStep): string {
  const { action, version, isRollout, if: conditions } = step;
  if (action === 'restart') return [`↻ restart ${titleOf(step.object)}`, ...conditions ? [conditionText(conditions)] : []].join('  ');
  return [changedText(step), ...version === 'passing' ? ['for a while'] : [],
    ...isRollout && isReplaced(step) ? ['replaces its pods'] : []].join('  ');
}

/** What gets worse in every order of the changes; empty if nothing does. It may name namespaces. */
export function worsenedText({ worsened }: Pick<PlanReport, 'worsened'>): string {
  const parts = [
    ...worsenedParts(worsened, 'broken', (connections) => `breaks ${connections}`),
    ...worsenedParts(worsened, 'plaintext', (connections) => `leaves ${connections} in plaintext`),
    ...worsenedParts(worsened, 'undecided', (connections) => `leaves ${connections} undecided`),
    ...worsenedParts(worsened, 'lost', (connections) => `ends ${connections}`),
    ...worsenedParts(worsened, 'exposed', (workloads) => `opens STRICT ports of ${workloads} to plaintext`),
  ];
  return parts.length === 0 ? '' : `The change itself ${enumerated(parts)}, in any order: see istio-mtls diff.`;
}

/** `breaks 6 connections (18 if shop has none)`, `breaks 1 connection if shop has none`; empty if nothing of this sort gets worse. */
function worsenedParts(
  { varying = {}, ...numbers }: PlanReport['worsened'], sort: keyof Worsened, textOf: (things: string) => string,
): readonly string[] {
  const [most, some] = [numbers[sort], varying[sort]];
  const things = (count: number): string => textOf(counted(count, sort === 'exposed' ? 'workload' : 'connection'));
  if (most === 0) return [];
  if (!some) return [things(most)];
  const where = conditionText(some.if);
  return [some.least === 0 ? `${things(most)} ${where}` : `${things(some.least)} (${numeral(most)} ${where})`];
}

/** Whether the change itself makes anything worse, in any case. */
export function isWorse({ worsened: { broken, plaintext, undecided, lost, exposed } }: Pick<PlanReport, 'worsened'>): boolean {
  return broken + plaintext + undecided + lost + exposed > 0;
}

/** The number of changed objects that belong to no stage. */
export function stagelessText({ others, worsened }: Pick<PlanReport, 'others' | 'worsened'>): string {
  // A workload that is scaled to zero ends calls, and belongs to no stage.
  if (worsened.lost > 0) {
    return others.length === 1
      ? '1 changed object needs no order: apply it at any time.'
      : `${counted(others.length, 'changed object')} need no order: apply them at any time.`;
  }
  return others.length === 1
    ? '1 changed object doesn\'t affect connections: apply it at any time.'
    : `${counted(others.length, 'changed object')} don't affect connections: apply them at any time.`;
}

/** Whether the plan depends on facts that neither state shows, and how to state them; empty if none is missing. With names of manifests. */
export function missingText(report: PlanReport): string {
  const { missing } = report;
  if (!missing) return '';
  return hasConditions(report)
    ? `Neither state shows ${whetherText(missing)}. To state it: ${statingText(missing)}.`
    : `Nothing of this depends on ${whetherText(missing)}.`;
}

/** Whether anything that a plan says holds in some cases only. */
export function hasConditions({ atOnce, stages, stuck, worsened }: PlanReport): boolean {
  const verdicts = [atOnce, ...stages ?? [], ...stages?.flatMap(({ steps }) => steps) ?? []];
  return stuck?.if !== undefined || worsened.varying !== undefined
    || verdicts.some((one) => one.if ?? ('witness' in one && one.witness?.if));
}

/** The verdict on the whole plan; anything unread may change it. */
export function headText(report: PlanReport): string {
  const refused = refusedText(report);
  if (isWhollyRead(report)) return refused === '' ? headOfRead(report) : `${refused}: ${RESTRICTED} ${headOfRead(report)}`;
  if (report.stages?.length === 0) return 'Something could not be read, so nothing is proven.';
  const isSafe = report.stages !== null && report.atOnce.verdict === 'safe';
  return `Something could not be read: ${RESTRICTED}${isSafe ? '' : ` ${headOfRead(report)}`}`;
}

const RESTRICTED = 'what follows holds for the rest alone.';

/** Whether every manifest of both states could be read. */
export function isWhollyRead({ before, after }: Pick<PlanReport, 'before' | 'after'>): boolean {
  return before.unreadable.length + after.unreadable.length === 0;
}

function noEffect(report: PlanReport): string {
  const judged = Object.keys(report.unjudgedKinds).length > 0 ? ' that is read' : unjudgedCountText(report) === '' ? '' : ' that is judged';
  return `No change${judged} ${report.worsened.lost > 0 ? 'needs an order' : 'affects connections'}`;
}

function headOfRead(report: PlanReport): string {
  const { atOnce, stages, stuck, leftOut } = report;
  if (!stages) return `No safe order was found: ${stuck ? witnessText(stuck) : 'too many changes touch the same calls'}.`;
  const unjudged = unjudgedCountText(report);
  if (stages.length === 0) {
    return `${noEffect(report)}${unjudged === '' ? ': apply all of them at once' : `; ${unjudged}`}.`;
  }
  if (atOnce.verdict === 'safe') {
    const proof = `All changes may be applied at once, in any order${leftOut ? `: ${scopeOfProof(report)}` : ''}`;
    return unjudged === '' ? `${proof}.` : `${proof}; ${unjudged}.`;
  }
  if (atOnce.if && atOnce.witness) return `Safe at once ${conditionText(atOnce.if)}; ${witnessText(atOnce.witness)}.`;
  const why = atOnce.witness ? `: ${witnessText(atOnce.witness)}` : '';
  return atOnce.verdict === 'unsafe' ? `Not safe at once${why}.` : `Not proven at once${why}.`;
}
