import { expiredAcknowledgement, uselessAcknowledgement } from './acknowledgement-faults';
import { Acknowledged, sorted } from './acknowledgements';
import { Evidence } from './evidence';
import { compareFindings, MeshFinding } from './mesh-finding';
import { Rule, RuleSummary } from './rule';
import { RULES } from './rules';
import { Acknowledgement } from '../findings/acknowledgement';
import { CalendarDate } from '../findings/calendar-date';
import { Mesh } from '../mesh/mesh';
import { nameOf } from '../mesh/objects/mesh-object';

/** Everything that a finding of the analysis can have as its code. */
export const CATALOGUE: readonly RuleSummary[] = [...RULES, uselessAcknowledgement, expiredAcknowledgement];

/** What the rules find in a mesh. */
export interface Analysis {
  /** By object, code and field; without those that somebody acknowledged. */
  readonly findings: readonly MeshFinding[];
  readonly acknowledged: readonly Acknowledged[];
}

/** After every date: who doesn't say what day it is has no acknowledgement count that expires. */
const UNKNOWN_DATE = '9999-12-32';

export function analyze(mesh: Mesh, acknowledgements: readonly Acknowledgement[] = [], today: CalendarDate = UNKNOWN_DATE): Analysis {
  const evidence = new Evidence(mesh);
  const all = RULES.flatMap((rule) => findingsOf(rule, evidence)).sort(compareFindings);
  const { open, acknowledged } = sorted(all, mesh.objects, acknowledgements, today);
  return { findings: [...open].sort(compareFindings), acknowledged };
}

function findingsOf(rule: Rule, evidence: Evidence): MeshFinding[] {
  return [...rule.find(evidence)].map(({ object, severity = rule.severity, ...found }) => ({
    code: rule.code, severity, object: nameOf(object), source: object.source, ...found,
  }));
}
