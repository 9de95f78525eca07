import { DEFAULT_PLAN_GATES, planFailures, PlanGateWords } from './gates';
import { notesOnMeshConfig } from './mesh-config-notes';
import type { AdmissionContext } from '../../admission/admission';
import { caChangeText } from '../../changes/ca-change-text';
import { ReportedObjects } from '../../changes/object-changes';
import { ReportedPlan, reportedPlan } from '../../changes/plan-report';
import { reservationTexts } from '../../changes/reservations';
import { MeshOptions } from '../../mesh/mesh';
import { PlanBothWays, planBothWays } from '../../mesh/worlds/plan-both-ways';
import { AdmissionElsewhere } from '../admission/admission';
import { Compared, comparedStates, notesOf, placesIn } from '../comparison/compared';
import { declarationNotes } from '../comparison/declaration-notes';
import type { ConfigurationFile } from '../findings/configuration-file';
import { SaidByFile } from '../findings/report';
import { Note } from '../input/raw-sources';
import { Reading } from '../input/reading';
import { StateObjects } from '../input/states';

/** The result of `plan`. */
export interface PlanReport extends ReportedPlan {
  readonly before: Reading;
  readonly after: Reading;
  readonly refused: Compared['refused'];
  readonly refusals: Compared['refusals'];
  /** The conditions of `--fail-on` that are met, one sentence each. */
  readonly failures: readonly string[];
  readonly notes: readonly Note[];
  readonly configuration?: ConfigurationFile;
  /** What the configuration file states, for readers of a comment who can't see the file. */
  readonly said?: SaidByFile;
  readonly plan: PlanBothWays;
}

/** Plans the way from one state of the manifests to another. */
export async function plan(
  states: StateObjects, options: AdmissionContext & MeshOptions, elsewhere?: AdmissionElsewhere,
  failOn?: PlanGateWords,
): Promise<PlanReport> {
  const compared = await comparedStates(states, options, elsewhere);
  return planReport(planBothWays(compared.mesh, compared.manifests), compared, failOn);
}

/** The report of a plan. */
export function planReport(found: PlanBothWays, compared: Compared, failOn: PlanGateWords = DEFAULT_PLAN_GATES): PlanReport {
  const reported = reportedPlan(found, new ReportedObjects(placesIn(compared)));
  return {
    ...reported,
    before: compared.before,
    after: compared.after,
    refused: compared.refused,
    refusals: compared.refusals,
    failures: planFailures({ ...reported, refusals: compared.refusals }, failOn),
    notes: [
      ...notesOf(compared, [...found.after.notes, ...found.caChanges.map(caChangeText)]), ...declarationNotes(found.after),
      ...notesOnMeshConfig(found),
    ],
    plan: found,
  };
}

/** Unchecked objects and assumptions, printed if a stage is proven in some case or an object is said not to affect connections. */
export function provenTexts(report: PlanReport): readonly string[] {
  const { before, after, stages, others } = report;
  if (before.unreadable.length + after.unreadable.length > 0) return [];
  const isProven = stages?.some(({ verdict, if: conditions }) => verdict === 'safe' || conditions) ?? false;
  return others.length > 0 || isProven ? reservationTexts(report) : [];
}

/** 0: no gate fails; 1: a gate fails; 2: something could not be read. */
export function exitCodeOfPlan({ before, after, failures }: PlanReport): 0 | 1 | 2 {
  if (before.unreadable.length + after.unreadable.length > 0) return 2;
  return failures.length === 0 ? 0 : 1;
}
