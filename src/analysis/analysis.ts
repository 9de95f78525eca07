import { expiredAcknowledgement, uselessAcknowledgement } from './acknowledgements';
import { ConditionalAnalysis, conditionalFindings } from './both-ways';
import { Analysis, judge } from './judgement';
import { findingKey, MeshFinding } from './mesh-finding';
import { RuleSummary } from './rule';
import { RULES } from './rules';
import { TriedMesh, withRemedies } from './trials';
import { StatedAcknowledgement, CalendarDate } from '../findings/acknowledgement';
import { MeshChange } from '../mesh/change/mesh-change';
import { grouped } from '../mesh/collections';
import { Mesh } from '../mesh/mesh';
import { BothWays, ExpectedFact, JudgedWorld, judgedBothWays } from '../mesh/worlds/both-ways';
import { furtherValues } from '../mesh/worlds/shortest-condition';

/** Every code that a finding of the analysis can have. */
export const CATALOGUE: readonly RuleSummary[] = [...RULES, uselessAcknowledgement, expiredAcknowledgement];

/** Later than every date: without a day, acknowledgements with an expiry date count as expired. */
export const UNKNOWN_DATE = '9999-12-32';

/** What an analysis needs besides the mesh. */
export interface AnalysisOptions {
  readonly acknowledgements?: readonly StatedAcknowledgement[];
  /** The day on which acknowledgements and certificates must be valid. */
  readonly today?: CalendarDate;
  /** The days from today for which a CA's certificates must be valid. Default: 90. */
  readonly caHorizon?: number;
}

/** A mesh, or the change of one. */
export type Judged = Mesh | MeshChange;

/** The findings, and what is judged with the values of missing facts; undefined: none is missing. */
export interface AnalysisBothWays extends ConditionalAnalysis {
  readonly worlds?: BothWays<Judged>;
}

/**
 * The findings in a mesh, or those that are due to applied manifests: all findings on the manifests themselves, and new findings on
 * existing objects. Where manifests don't show who gets a sidecar, those that hold either way, and those that hold as objects expect.
 */
export function analyze(judged: Judged, options: AnalysisOptions = {}): AnalysisBothWays {
  const worlds = worldsOf(judged);
  if (!worlds) {
    const analysis = analysisOf(judged, options);
    return { ...withRemedies(analysis, [{ ...analysis, mesh: meshIn(judged) }]), unexpected: [] };
  }
  const each = new Map<JudgedWorld<Judged>, TriedMesh>();
  for (const world of worlds.all) each.set(world, { ...analysisOf(world.judged, options), mesh: meshIn(world.judged) });
  return { ...withRemedies(conditionalFindings(worlds, each), [...each.values()]), worlds };
}

function worldsOf(judged: Judged): BothWays<Judged> | undefined {
  const mesh = meshIn(judged);
  const further = (facts: readonly ExpectedFact[]): readonly (readonly boolean[])[] => furtherValues(facts, mesh);
  return judged instanceof Mesh ? judgedBothWays(judged, mesh, further) : judgedBothWays(judged, mesh, further);
}

/** What is judged in each case of what the manifests lack; as the manifests show it, if they lack nothing. */
export function judgedCases({ judged, worlds }: Pick<AnalysisBothWays, 'worlds'> & { readonly judged: Judged }): readonly Judged[] {
  return worlds?.all.map((world) => world.judged) ?? [judged];
}

/** The mesh, or that after the change. */
export function meshIn(judged: Judged): Mesh {
  return judged instanceof Mesh ? judged : judged.after;
}

function analysisOf(judged: Judged, { acknowledgements = [], today = UNKNOWN_DATE, caHorizon }: AnalysisOptions): Analysis {
  if (judged instanceof Mesh) return judge(judged, acknowledgements, today, caHorizon);
  const { findings, acknowledged } = judge(judged.after, acknowledgements, today, caHorizon);
  const isOwn = ({ source }: MeshFinding): boolean => source === undefined || judged.isOwn(source);
  if ([...findings, ...acknowledged.map(({ finding }) => finding)].every(isOwn)) return { findings, acknowledged };
  const before = judge(judged.before, [], today, caHorizon);
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
