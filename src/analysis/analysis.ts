import { expiredAcknowledgement, uselessAcknowledgement } from './acknowledgement-faults';
import { Analysis, judge } from './judgement';
import { RuleSummary } from './rule';
import { RULES } from './rules';
import { withRemedies } from './trials';
import { Acknowledgement } from '../findings/acknowledgement';
import { CalendarDate } from '../findings/calendar-date';
import { Mesh } from '../mesh/mesh';

/** Everything that a finding of the analysis can have as its code. */
export const CATALOGUE: readonly RuleSummary[] = [...RULES, uselessAcknowledgement, expiredAcknowledgement];

/** After every date: who doesn't say what day it is has no acknowledgement count that expires. */
export const UNKNOWN_DATE = '9999-12-32';

export function analyze(mesh: Mesh, acknowledgements: readonly Acknowledgement[] = [], today: CalendarDate = UNKNOWN_DATE): Analysis {
  return withRemedies(judge(mesh, acknowledgements, today), mesh);
}
