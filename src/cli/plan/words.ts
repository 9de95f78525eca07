import { PlanReport } from './report';
import { changedText } from '../../changes/object-changes';
import { isReplaced, ReportedStage, ReportedStep } from '../../changes/plan-report';
import { witnessText } from '../../changes/plan-words';
import { titleOf } from '../../findings/object-identity';
import { counted } from '../output/printer';

/** `proven in any order`. */
export function verdictText({ verdict, witness }: Pick<ReportedStage, 'verdict' | 'witness'>): string {
  return verdict === 'safe' ? 'proven, in any order' : `not proven: ${witness ? witnessText(witness) : ''}`;
}

/** What a step does apart from changing its object. */
export function stepText(step: ReportedStep): string {
  const { action, version, isRollout } = step;
  if (action === 'restart') return `↻ restart ${titleOf(step.object)}`;
  return [changedText(step), ...version === 'passing' ? ['for a while'] : [],
    ...isRollout && isReplaced(step) ? ['replaces its pods'] : []].join('  ');
}

/** Connections that get worse in every order of the changes; empty if there are none. */
export function worsenedText({ worsened: { broken, plaintext } }: Pick<PlanReport, 'worsened'>): string {
  const parts = [...broken > 0 ? [`breaks ${counted(broken, 'connection')}`] : [],
    ...plaintext > 0 ? [`leaves ${counted(plaintext, 'connection')} in plaintext`] : []];
  return parts.length === 0 ? '' : `The change itself ${parts.join(' and ')}, in any order: see istio-mtls diff.`;
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

function headOfRead({ atOnce, stages, stuck }: PlanReport): string {
  if (!stages) return `No safe order was found: ${stuck ? witnessText(stuck) : 'too many changes touch the same calls'}.`;
  if (stages.length === 0) return 'No change affects connections: apply all of them at once.';
  if (atOnce.verdict === 'safe') return 'All changes may be applied at once, in any order.';
  const why = atOnce.witness ? `: ${witnessText(atOnce.witness)}` : '';
  return atOnce.verdict === 'unsafe' ? `Not safe at once${why}.` : `Not proven at once${why}.`;
}
