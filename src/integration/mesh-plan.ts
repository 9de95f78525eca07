import { analysisModules } from './app-mesh';
import type { Condition } from './finding';
import { LeftOutConnections, leftOutStruct } from './left-out-connections';
import type { PlanWitness, ReportedStage } from '../changes/plan-report';
import { printable, printableJson } from '../findings/safe-text';
import type { ChangePlan, Stage } from '../mesh/plan/stages';
import type { PlanBothWays } from '../mesh/worlds/plan-both-ways';

/** How a mesh gets from one state to another without a connection being worse meanwhile than before and after. */
export interface MeshPlan {
  /** Whether it is safe to apply all changes at once, in whatever order they reach the proxies. */
  readonly atOnce: PlanVerdict;
  /**
   * The connection or port that gets worse, or may, if all changes are applied at once, and which changes its client and
   * server have by then.
   *
   * @default - none gets worse
   */
  readonly atOnceBecause?: string;
  /**
   * Where it is safe to apply all changes at once, although not everywhere: all of these hold. They are facts that neither state shows.
   *
   * @default - in every case if `atOnce` is `SAFE`, otherwise in none
   */
  readonly atOnceConditions?: Condition[];
  /**
   * The stages, in order: every proxy must have all of a stage before the next one begins. Empty: no change affects connections.
   *
   * @default - none were found
   */
  readonly stages?: PlanStage[];
  /**
   * Why no stages were found.
   *
   * @default - stages were found
   */
  readonly stuckBecause?: string;
  /**
   * Notes, one sentence each: whether an istiod will sign with another CA, and in which stages to get there, as far as the
   * certificates of both are known.
   */
  readonly notes: string[];
  /**
   * The possible connections after the change for which nothing is proven, and would be with `allCalls`: their clients declare
   * with annotation `calls.istio-mtls/to`, before and after, that they make other calls.
   *
   * @default - everything that is proven is proven for every call
   */
  readonly leftOut?: LeftOutConnections;
  /**
   * The effect on the calls for which nothing is proven: how many the change breaks, and how many are worse meanwhile.
   *
   * @default - everything that is proven is proven for every call
   */
  readonly leftOutText?: string;
  /** Workloads that declare fewer calls than before, one sentence each. The stages hold for the calls that they no longer declare, too. */
  readonly narrowed: string[];
  /**
   * The whole plan as one JSON object, with the fields of docs/schemas/plan.schema.json that aren't about files: among others,
   * changed objects that can be applied at any time, and those whose effect isn't analyzed.
   */
  readonly json: string;
}

/** Whether a connection or port is worse than before and after while changes reach the proxies. */
export enum PlanVerdict {
  /** None is worse, in whatever order the changes reach the proxies. */
  SAFE = 'safe',
  /** One may be worse: it is undecided. */
  UNPROVEN = 'unproven',
  /** One is worse. */
  UNSAFE = 'unsafe',
}

/** Changes to apply together, in any order. */
export interface PlanStage {
  /** `SAFE`, or `UNPROVEN`. */
  readonly verdict: PlanVerdict;
  /**
   * Why the stage is unproven.
   *
   * @default - it is safe
   */
  readonly because?: string;
  /**
   * Where an unproven stage is proven: all of these hold. They are facts that neither state shows.
   *
   * @default - in every case if the stage is `SAFE`, otherwise in none
   */
  readonly conditions?: Condition[];
  /** The objects to apply, a YAML document each, without those that may hold a key: apply your own manifests of these. */
  readonly manifests: string[];
  /** The conditions to wait for before the next stage. */
  readonly waits: string[];
  /**
   * The stage as one JSON object, with what to do with each object, such as deleting it: an item of `stages` in
   * docs/schemas/plan.schema.json.
   */
  readonly json: string;
}

export function meshPlanOf(found: PlanBothWays): MeshPlan {
  const { caChangeText, narrowingText, planLeftOutText, ReportedObjects, reportedPlan } = analysisModules();
  const plan = reportedPlan(found, new ReportedObjects());
  return {
    atOnce: plan.atOnce.verdict as PlanVerdict,
    atOnceBecause: becauseOf(plan.atOnce.witness),
    atOnceConditions: plan.atOnce.if && [...plan.atOnce.if],
    stages: plan.stages?.map((stage, index) => planStageOf(stage, found.stages![index], found)),
    stuckBecause: becauseOf(plan.stuck),
    notes: found.caChanges.map(caChangeText),
    leftOut: plan.leftOut && leftOutStruct(plan.leftOut),
    leftOutText: (plan.leftOut && printable(planLeftOutText(plan.leftOut))) || undefined,
    narrowed: plan.narrowed?.map((one) => printable(narrowingText(one))) ?? [],
    json: printableJson(JSON.stringify(plan)),
  };
}

function planStageOf(stage: ReportedStage, { moves }: Stage, { units }: ChangePlan): PlanStage {
  const { manifestText, mayHoldKey, objectIn } = analysisModules();
  const { verdict, if: conditions, witness, steps, waits } = stage;
  const applied = moves.filter((_, index) => steps[index].action === 'apply').flatMap(({ unit, to }) => objectIn(units[unit], to) ?? []);
  return {
    verdict: verdict as PlanVerdict,
    because: becauseOf(witness),
    conditions: conditions && [...conditions],
    manifests: applied.filter((object) => !mayHoldKey(object)).map((object) => manifestText(object)),
    waits: waits.map(printable),
    json: printableJson(JSON.stringify(stage)),
  };
}

function becauseOf(witness: PlanWitness | undefined): string | undefined {
  return witness && printable(analysisModules().planWitnessText(witness));
}
