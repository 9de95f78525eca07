import { PlanReport } from './report';
import { statingText } from '../../analysis/conditional';
import { changedText } from '../../changes/object-changes';
import { planLeftOutText } from '../../changes/plan-left-out';
import { isReplaced, ReportedStage, ReportedStep } from '../../changes/plan-report';
import { witnessText } from '../../changes/plan-words';
import { conditionText, whetherText } from '../../findings/condition';
import { titleOf } from '../../findings/object-identity';
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
  const { worsened: { broken, plaintext }, worseMeanwhile, undecidedMeanwhile, isExamined } = leftOut;
  return broken + plaintext + worseMeanwhile + undecidedMeanwhile > 0 || !isExamined;
}

/** What a step does apart from changing its object. */
export function stepText(step: ReportedStep): string {
  const { action, version, isRollout, if: conditions } = step;
  if (action === 'restart') return [`↻ restart ${titleOf(step.object)}`, ...conditions ? [conditionText(conditions)] : []].join('  ');
  return [changedText(step), ...version === 'passing' ? ['for a while'] : [],
    ...isRollout && isReplaced(step) ? ['replaces its pods'] : []].join('  ');
}

/** Connections that get worse in every order of the changes; empty if there are none. */
export function worsenedText({ worsened: { broken, plaintext, if: conditions } }: Pick<PlanReport, 'worsened'>): string {
  const parts = [...broken > 0 ? [`breaks ${counted(broken, 'connection')}`] : [],
    ...plaintext > 0 ? [`leaves ${counted(plaintext, 'connection')} in plaintext`] : []];
  const where = conditions ? ` ${conditionText(conditions)}` : '';
  return parts.length === 0 ? '' : `The change itself ${parts.join(' and ')}${where}, in any order: see istio-mtls diff.`;
}

/** The number of changed objects that belong to no stage. */
export function stagelessText({ others }: Pick<PlanReport, 'others'>): string {
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
  const verdicts = [atOnce, ...stages ?? [], ...stages?.flatMap(({ steps }) => steps) ?? [], worsened];
  return stuck?.if !== undefined || verdicts.some((one) => one.if ?? ('witness' in one && one.witness?.if));
}

/** The verdict on the whole plan; anything unread may change it. */
export function headText(report: PlanReport): string {
  if (isWhollyRead(report)) return headOfRead(report);
  if (report.stages?.length === 0) return 'Something could not be read, so nothing is proven.';
  const isSafe = report.stages !== null && report.atOnce.verdict === 'safe';
  return `Something could not be read: what follows holds for the rest alone.${isSafe ? '' : ` ${headOfRead(report)}`}`;
}

/** Whether every manifest of both states could be read. */
export function isWhollyRead({ before, after }: Pick<PlanReport, 'before' | 'after'>): boolean {
  return before.unreadable.length + after.unreadable.length === 0;
}

function headOfRead(report: PlanReport): string {
  const { atOnce, stages, stuck, leftOut } = report;
  if (!stages) return `No safe order was found: ${stuck ? witnessText(stuck) : 'too many changes touch the same calls'}.`;
  if (stages.length === 0) return 'No change affects connections: apply all of them at once.';
  if (atOnce.verdict === 'safe') return `All changes may be applied at once, in any order${leftOut ? `: ${scopeOfProof(report)}` : ''}.`;
  if (atOnce.if && atOnce.witness) return `Safe at once ${conditionText(atOnce.if)}; ${witnessText(atOnce.witness)}.`;
  const why = atOnce.witness ? `: ${witnessText(atOnce.witness)}` : '';
  return atOnce.verdict === 'unsafe' ? `Not safe at once${why}.` : `Not proven at once${why}.`;
}
