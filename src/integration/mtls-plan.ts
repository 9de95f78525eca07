import { analysisModules } from './app-mesh';
import { changedObjectOf, MtlsChangedObject } from './mtls-diff';
import { MtlsPlanWitness, planWitnessOf } from './mtls-plan-witness';
import type { ReportedStage, ReportedWitness } from '../changes/plan-report';
import { printable } from '../findings/safe-text';
import type { Move } from '../mesh/plan/passage';
import type { MeshPlan } from '../mesh/plan/plan';
import type { Stage } from '../mesh/plan/stages';

/** How a mesh gets from one state to another without any connection faring worse on the way than before and after. */
export interface MtlsPlan {
  /** What holds if all is changed at once, in whatever order it arrives at proxies. */
  readonly atOnce: PlanVerdict;
  /**
   * Which connection or port fares worse if all is changed at once, or may, and while who has which change.
   *
   * @default - none does
   */
  readonly atOnceBecause?: string;
  /**
   * The same as data.
   *
   * @default - none does
   */
  readonly atOnceWitness?: MtlsPlanWitness;
  /**
   * How many connections the change itself makes broken or plaintext, in whatever order. `MtlsWhatIf` always sets it.
   *
   * @default - not told
   */
  readonly worsened?: MtlsWorsened;
  /**
   * The stages, in order: all of one must be everywhere before the next begins. Empty: no change has a part in connections.
   *
   * @default - none were found
   */
  readonly stages?: MtlsPlanStage[];
  /**
   * What stands in the way, if no stages were found.
   *
   * @default - stages were found
   */
  readonly stuckBecause?: string;
  /**
   * The same as data.
   *
   * @default - stages were found
   */
  readonly stuckWitness?: MtlsPlanWitness;
  /** Changed objects that have no part in connections: at any time. */
  readonly others: MtlsChangedObject[];
  /** AuthorizationPolicies that changed: whom they let in isn't judged. */
  readonly unjudged: MtlsChangedObject[];
  /**
   * What else to know, a sentence each: whether an istiod will sign with another CA, and in which stages to go there, as far
   * as the certificates of both are known.
   */
  readonly notes: string[];
}

/** How many connections a change makes worse, between clients and servers of both states: no order mends that. */
export interface MtlsWorsened {
  /** Those that become broken. */
  readonly broken: number;
  /** Those that become plaintext. */
  readonly plaintext: number;
}

/** How sure it is that nothing fares worse on the way. */
export enum PlanVerdict {
  /** Nothing does, in whatever order proxies hear of it. */
  SAFE = 'safe',
  /** Something may: it isn't decided. */
  UNPROVEN = 'unproven',
  /** Something does. */
  UNSAFE = 'unsafe',
}

/** Changes to make in any order. */
export interface MtlsPlanStage {
  /** `SAFE`, or `UNPROVEN`. */
  readonly verdict: PlanVerdict;
  /**
   * Why it isn't proven.
   *
   * @default - it is
   */
  readonly because?: string;
  /**
   * The same as data.
   *
   * @default - it is proven
   */
  readonly witness?: MtlsPlanWitness;
  /** The changes. */
  readonly steps: MtlsPlanStep[];
  /** What to wait for before the next stage, a condition each. */
  readonly waits: string[];
}

/** A change of one object. */
export interface MtlsPlanStep {
  /** What to do with it. */
  readonly action: PlanAction;
  /** The object, and what differs by this step. */
  readonly object: MtlsChangedObject;
  /** Whether it becomes what it is neither before nor after the whole change, or is there for a while only. */
  readonly passing: boolean;
  /** Whether pods start, end or are replaced. */
  readonly rollout: boolean;
  /**
   * The object to apply, as a YAML document.
   *
   * @default - it is deleted, or stays as it is; or it holds what may be a key, and you have it
   */
  readonly manifest?: string;
}

/** What to do with an object. */
export enum PlanAction {
  /** Apply it. */
  APPLY = 'apply',
  /** Delete it. */
  DELETE = 'delete',
  /** Restart its pods, so that they get a sidecar or lose it. The object stays as it is. */
  RESTART = 'restart',
}

/** A plan in the words of every language. */
export function mtlsPlanOf(found: MeshPlan): MtlsPlan {
  const { caChangeText, ReportedObjects, reportedPlan } = analysisModules();
  const { atOnce, worsened, stages, stuck, others, unjudged } = reportedPlan(found, new ReportedObjects());
  return {
    atOnce: atOnce.verdict as PlanVerdict,
    atOnceBecause: becauseOf(atOnce.witness),
    atOnceWitness: atOnce.witness && planWitnessOf(atOnce.witness),
    worsened: { ...worsened },
    stages: stages?.map((stage, index) => stageOf(stage, found.stages![index], found)),
    stuckBecause: becauseOf(stuck),
    stuckWitness: stuck && planWitnessOf(stuck),
    others: others.map(changedObjectOf),
    unjudged: unjudged.map(changedObjectOf),
    notes: found.caChanges.map(caChangeText),
  };
}

function stageOf(stage: ReportedStage, { moves }: Stage, { units }: MeshPlan): MtlsPlanStage {
  const { manifestText, mayHoldKey, objectIn, waitsOf } = analysisModules();
  const manifestOf = ({ unit, to }: Move): string | undefined => {
    const object = objectIn(units[unit], to);
    return object && !mayHoldKey(object) ? manifestText(object) : undefined;
  };
  return {
    verdict: stage.verdict as PlanVerdict,
    because: becauseOf(stage.witness),
    witness: stage.witness && planWitnessOf(stage.witness),
    steps: stage.steps.map(({ action, object, version, isRollout }, index) => ({
      action: action as PlanAction,
      object: changedObjectOf(object),
      passing: version === 'passing',
      rollout: isRollout,
      manifest: action === 'apply' ? manifestOf(moves[index]) : undefined,
    })),
    waits: waitsOf(stage).map(printable),
  };
}

function becauseOf(witness: ReportedWitness | undefined): string | undefined {
  return witness && printable(analysisModules().planWitnessText(witness));
}
