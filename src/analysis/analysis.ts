import { expiredAcknowledgement, uselessAcknowledgement } from './acknowledgements';
import { Analysis, judge } from './judgement';
import { findingKey, MeshFinding } from './mesh-finding';
import { RuleSummary } from './rule';
import { RULES } from './rules';
import { withRemedies } from './trials';
import { StatedAcknowledgement, CalendarDate } from '../findings/acknowledgement';
import { MeshChange } from '../mesh/change/mesh-change';
import { grouped } from '../mesh/collections';
import { Mesh } from '../mesh/mesh';

/** Every code that a finding of the analysis can have. */
export const CATALOGUE: readonly RuleSummary[] = [...RULES, uselessAcknowledgement, expiredAcknowledgement];

/** Later than every date: without a day, acknowledgements with an expiry date count as expired. */
export const UNKNOWN_DATE = '9999-12-32';

/** @param caHorizonDays the days from today for which a CA's certificates must be valid; 90 by default */
export function analyze(
  mesh: Mesh, acknowledgements: readonly StatedAcknowledgement[] = [], today: CalendarDate = UNKNOWN_DATE, caHorizonDays?: number,
): Analysis {
  return withRemedies(judge(mesh, acknowledgements, today, caHorizonDays), mesh);
}

/**
 * The findings that are due to applied manifests: all findings on the manifests themselves, and new findings on existing objects.
 *
 * @param caHorizonDays see `analyze`
 */
export function analyzeChange(
  change: MeshChange, acknowledgements: readonly StatedAcknowledgement[] = [], today: CalendarDate = UNKNOWN_DATE, caHorizonDays?: number,
): Analysis {
  return withRemedies(judgeChange(change, acknowledgements, today, caHorizonDays), change.after);
}

function judgeChange(
  change: MeshChange, acknowledgements: readonly StatedAcknowledgement[], today: CalendarDate, caHorizonDays?: number,
): Analysis {
  const { findings, acknowledged } = judge(change.after, acknowledgements, today, caHorizonDays);
  const isOwn = ({ source }: MeshFinding): boolean => source === undefined || change.isOwn(source);
  if ([...findings, ...acknowledged.map(({ finding }) => finding)].every(isOwn)) return { findings, acknowledged };
  const before = judge(change.before, [], today, caHorizonDays);
  const known = grouped([...before.findings, ...before.acknowledged.map(({ finding }) => finding)], findingKey);
  const isKnown = (finding: MeshFinding): boolean => known.get(findingKey(finding))?.some((former) => isNoWorse(finding, former)) ?? false;
  const isTold = (finding: MeshFinding): boolean => isOwn(finding) || !isKnown(finding);
  return { findings: findings.filter(isTold), acknowledged: acknowledged.filter(({ finding }) => isTold(finding)) };
}

/** Whether a finding repeats an earlier one at the same field, or the same one with fewer connections. */
function isNoWorse(finding: MeshFinding, former: MeshFinding): boolean {
  if (finding.actual !== former.actual) return false;
  return finding.connections === former.connections
    ? finding.because === former.because
    : (finding.connections ?? 0) < (former.connections ?? 0);
}
