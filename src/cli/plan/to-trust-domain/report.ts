import { StageChanges, stepsOf } from './steps';
import type { AdmissionContext } from '../../../admission/admission';
import { statingText } from '../../../analysis/conditional';
import type { RotationStep } from '../../../certificates/rotation-plan';
import { ObjectDifference, placeFields, ReportedObjects } from '../../../changes/object-changes';
import { ReportedPlan, reportedPlan } from '../../../changes/plan-report';
import { witnessText } from '../../../changes/plan-words';
import { Reservations, reservationsOf, reservationTexts } from '../../../changes/reservations';
import { conditionText, whetherText } from '../../../findings/condition';
import { fieldText } from '../../../findings/finding';
import { ObjectIdentity, titleOf } from '../../../findings/object-identity';
import { redactedValue } from '../../../findings/redacted-value';
import { redacted } from '../../../findings/safe-text';
import { objectText } from '../../../mesh/inventory/object';
import { MeshOptions } from '../../../mesh/mesh';
import { MeshStates } from '../../../mesh/plan/change-unit';
import { ExpectedFact } from '../../../mesh/worlds/both-ways';
import {
  isProven, TrustDomainPlan, trustDomainPlan, TrustDomainStage, TrustDomainStageName,
} from '../../../migration/trust-domain/trust-domain-plan';
import { AdmissionElsewhere } from '../../admission/admission';
import { Compared, comparedStates, notesOf, placesIn } from '../../comparison/compared';
import type { ConfigurationFile } from '../../findings/configuration-file';
import { SaidByFile } from '../../findings/report';
import { Note } from '../../input/raw-sources';
import { StateObjects } from '../../input/states';
import { counted } from '../../output/printer';

/** What is known of a stage besides its steps. */
export interface TrustDomainStageFacts extends StageChanges {
  readonly title: string;
  /** Whether every state on the way is proven: no connection gets worse, and policies match the same callers. */
  readonly proven: boolean;
  /** What isn't proven, one sentence each. */
  readonly doubts: readonly string[];
}

/** A stage on the way to another trust domain. */
export interface ReportedTrustStage extends TrustDomainStageFacts {
  /** What to do, wait for and check, in order. */
  readonly steps: readonly RotationStep[];
}

/** A field that still names the old trust domain. */
export interface TrustDomainLeftover {
  readonly object: ObjectIdentity;
  readonly field: string;
  /** Missing if the object is in no file. */
  readonly place?: Pick<ObjectDifference, 'file' | 'line' | 'column'>;
}

/** What is known of the way from one trust domain to another besides its stages. */
export interface TrustDomainFacts extends Reservations {
  /** The trust domain that certificates have. */
  readonly from: string;
  /** The trust domain that they will have. */
  readonly to: string;
  /** Why there is no plan; empty if there is one. */
  readonly faults: readonly string[];
  /** Fields that still name the old trust domain after the plan, and that no stage changes. */
  readonly leftovers: readonly TrustDomainLeftover[];
  /** The facts about injection that the manifests lack, each of which is decided both ways. Missing if there are none. */
  readonly missing?: readonly ExpectedFact[];
}

/** The way from one trust domain to another. */
export interface TrustDomainReport extends TrustDomainFacts {
  readonly compared: Compared;
  /** The stages, in order, without those that change nothing. */
  readonly stages: readonly ReportedTrustStage[];
  readonly notes: readonly Note[];
  readonly found: TrustDomainPlan;
  readonly configuration?: ConfigurationFile;
  /** What the configuration file states, for readers of a comment who can't see the file. */
  readonly said?: SaidByFile;
}

/** Plans the migration of a mesh to another trust domain. */
export async function trustDomainReport(
  states: StateObjects, to: string, options: AdmissionContext & MeshOptions, elsewhere?: AdmissionElsewhere,
): Promise<TrustDomainReport> {
  const compared = await comparedStates(states, options, elsewhere);
  const found = trustDomainPlan(compared.mesh, to);
  const { from, faults, leftovers } = found;
  const placeOf = placesIn(compared);
  const objects = new ReportedObjects(placeOf);
  const missing = found.stages.flatMap(({ plan }) => (plan.missing ? [plan.missing] : []))[0];
  return {
    compared,
    from,
    to,
    faults,
    stages: found.stages.map((stage, index) => reportedStage(stage, index, found, objects)),
    leftovers: leftovers.map(({ object, field }) => {
      const place = placeOf(object.source, field);
      return {
        object: objects.of({ before: object }).object, field: redacted(fieldText(field)), ...place && { place: placeFields(place) },
      };
    }),
    notes: notesOf(compared, compared.mesh.notes),
    found,
    ...missing && { missing: redactedValue(missing) },
    ...reservationsOf(startOf(found, compared), found.stages.length === 0),
  };
}

/** The mesh before the first stage, in each case of what its manifests lack. */
function startOf({ stages }: TrustDomainPlan, { mesh }: Compared): readonly MeshStates[] {
  const meshes = stages[0]?.plan.cases?.map(({ before }) => before) ?? [mesh];
  return meshes.map((one) => ({ before: one, after: one }));
}

function reportedStage(stage: TrustDomainStage, index: number, found: TrustDomainPlan, objects: ReportedObjects): ReportedTrustStage {
  const plan = reportedPlan(stage.plan, objects);
  const reported = {
    stage: stage.stage,
    title: TITLES[stage.stage],
    proven: isProven(stage),
    doubts: [...planDoubts(plan), ...nameDoubts(stage)],
    parts: plan.stages,
    others: [...plan.others, ...plan.unjudged.map(({ why: _, ...object }) => object)],
  };
  return { ...reported, steps: stepsOf(reported, stage, index, found) };
}

const TITLES: Readonly<Record<TrustDomainStageName, string>> = {
  'know-both': 'every proxy accepts the new name; certificates keep the old one',
  'take-new': 'certificates get the new name; both names are accepted',
  'name-new': 'rules and policies name only the new one',
  'forget-old': 'the old name is no longer accepted',
};

function planDoubts({ stages, stuck }: ReportedPlan): readonly string[] {
  if (!stages) return [`No safe order was found: ${stuck ? witnessText(stuck) : 'too many changes touch the same calls'}.`];
  return stages.flatMap(({ verdict, witness }) => (verdict === 'unproven' ? [`Not proven: ${witness ? witnessText(witness) : ''}.`] : []));
}

/** How many doubts of one kind are listed. */
const SHOWN_DOUBTS = 5;

function nameDoubts({ doubts: { unmet, lists, refused, worsened } }: TrustDomainStage): readonly string[] {
  const worse = worsened.broken + worsened.plaintext;
  const conditions = (worsened.varying?.broken ?? worsened.varying?.plaintext)?.if;
  const where = conditions ? ` ${conditionText(conditions)}` : '';
  return [
    ...unmet.slice(0, SHOWN_DOUBTS)
      .map(({ host, port, server }) => `Meanwhile, clients of ${host}:${port} require other names than ${server} has.`),
    ...lists.slice(0, SHOWN_DOUBTS)
      .map(({ policy, field }) => `${objectText(policy)} meanwhile matches different callers: ${fieldText(field)}.`),
    ...worse > 0 ? [`${counted(worse, 'connection')} would be broken or in plaintext after it${where}.`] : [],
    ...refused.map((trustDomain) => `A server rejects certificates of ${trustDomain}.`),
  ].map(redacted);
}

/** Whether a stage depends on facts that the manifests lack, and how to state them; empty if none is missing. With names of manifests. */
export function missingTrustText({ missing, found: { stages } }: TrustDomainReport): string {
  if (!missing) return '';
  const depends = stages.some(({ plan: { restartsIf, stuckIf, worsened, stages: parts = [] } }) => (
    restartsIf.size > 0 || stuckIf !== undefined || worsened.varying !== undefined || parts.some((one) => one.provenIf ?? one.witnessIf)));
  return depends
    ? `No manifest shows ${whetherText(missing)}. To state it: ${statingText(missing)}.`
    : `Nothing of this depends on ${whetherText(missing)}.`;
}

/** Unchecked objects and assumptions, printed if a stage is proven. */
export function provenTrustTexts(report: TrustDomainReport): readonly string[] {
  return report.stages.some(({ proven }) => proven) && report.compared.before.unreadable.length === 0 ? reservationTexts(report) : [];
}

/** How safe the stages are, in the headline. */
export function provenText(stages: readonly ReportedTrustStage[]): string {
  return stages.every(({ proven }) => proven) ? 'all proven and safe to stay in' : 'not all proven';
}

/** How many leftovers are listed. */
export const SHOWN_LEFTOVERS = 10;

export const LEFTOVERS_TITLE = 'These still name the old trust domain after the plan, for an unknown purpose. '
  + 'Resolve them before the stages take-new and forget-old:';

/** `Gateway shop/edge  mesh.yaml:12  spec.servers[0].hosts[0]`. */
export function leftoverText({ object, field, place }: TrustDomainLeftover): string {
  return [titleOf(object), ...place ? [`${place.file}:${place.line}`] : [], field].join('  ');
}

/** 0: there are stages, all proven, and no other field has the old name; 1: something is left to do; 2: something could not be read. */
export function exitCodeOfTrustDomain({ compared, faults, stages, leftovers }: TrustDomainReport): 0 | 1 | 2 {
  if (compared.before.unreadable.length > 0) return 2;
  return faults.length + leftovers.length === 0 && stages.every(({ proven }) => proven) ? 0 : 1;
}
