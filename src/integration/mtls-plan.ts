import { analysisModules } from './app-mesh';
import { changedObjectOf, MtlsChangedObject } from './mtls-changed-object';
import { MtlsPlanWitness, planWitnessOf } from './mtls-plan-witness';
import type { MtlsAssumption } from './mtls-reporter';
import type { ReportedStage, ReportedWitness } from '../changes/plan-report';
import { printable } from '../findings/safe-text';
import type { Move } from '../mesh/plan/passage';
import type { MeshPlan } from '../mesh/plan/plan';
import type { Stage } from '../mesh/plan/stages';

/** How a mesh gets from one state to another without a connection being worse meanwhile than before and after. */
export interface MtlsPlan {
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
   * `atOnceBecause` as data.
   *
   * @default - none gets worse
   */
  readonly atOnceWitness?: MtlsPlanWitness;
  /**
   * The number of connections that are broken or plaintext after the change and weren't before, in whatever order it is applied. `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly worsened?: MtlsWorsened;
  /**
   * The stages, in order: every proxy must have all of a stage before the next one begins. Empty: no change affects connections.
   *
   * @default - none were found
   */
  readonly stages?: MtlsPlanStage[];
  /**
   * Why no stages were found.
   *
   * @default - stages were found
   */
  readonly stuckBecause?: string;
  /**
   * `stuckBecause` as data.
   *
   * @default - stages were found
   */
  readonly stuckWitness?: MtlsPlanWitness;
  /** Changed objects that don't affect connections and can be applied at any time. */
  readonly others: MtlsChangedObject[];
  /** Changed objects whose effect isn't analyzed, such as AuthorizationPolicies and Gateways; `why` says what isn't. */
  readonly unjudged: MtlsChangedObject[];
  /**
   * The number of changed objects of other kinds, which the analysis doesn't read, by kind. Secrets aren't compared.
   * `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly unread?: { [kind: string]: number };
  /**
   * What isn't checked of the mesh after the change, in a sentence: policies that concern connections called mtls, and gateways.
   *
   * @default - everything is judged, or nothing changes
   */
  readonly unjudgedAfter?: string;
  /**
   * What the result takes for granted, in the state before or after; empty if nothing changes. `MtlsWhatIf` always sets it.
   *
   * @default - not set
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/assumptions.md
   */
  readonly assumptions?: MtlsAssumption[];
  /**
   * Notes, one sentence each: whether an istiod will sign with another CA, and in which stages to get there, as far as the
   * certificates of both are known.
   */
  readonly notes: string[];
}

/** The number of connections that are worse after a change, between clients and servers that exist before and after. No order of its parts avoids that. */
export interface MtlsWorsened {
  /** Connections that become broken. */
  readonly broken: number;
  /** Connections that become plaintext. */
  readonly plaintext: number;
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
export interface MtlsPlanStage {
  /** `SAFE`, or `UNPROVEN`. */
  readonly verdict: PlanVerdict;
  /**
   * Why the stage is unproven.
   *
   * @default - it is safe
   */
  readonly because?: string;
  /**
   * `because` as data.
   *
   * @default - it is safe
   */
  readonly witness?: MtlsPlanWitness;
  /** The changes. */
  readonly steps: MtlsPlanStep[];
  /** The conditions to wait for before the next stage. */
  readonly waits: string[];
}

/** A change of one object. */
export interface MtlsPlanStep {
  /** What to do with it. */
  readonly action: PlanAction;
  /** The object, and what the step changes in it. */
  readonly object: MtlsChangedObject;
  /** Whether this version of the object, or the object itself, is temporary: part of neither the state before nor the state after. */
  readonly passing: boolean;
  /** Whether pods start, stop or are replaced. */
  readonly rollout: boolean;
  /**
   * The object to apply, as a YAML document.
   *
   * @default - it is deleted or stays unchanged, or it may hold a key: use your own manifest
   */
  readonly manifest?: string;
}

/** What to do with an object. */
export enum PlanAction {
  /** Apply it. */
  APPLY = 'apply',
  /** Delete it. */
  DELETE = 'delete',
  /** Restart its pods, so that they get a sidecar or lose it. The object doesn't change. */
  RESTART = 'restart',
}

/** A plan as a jsii value, for every language. */
export function mtlsPlanOf(found: MeshPlan): MtlsPlan {
  const { caChangeText, ReportedObjects, reportedPlan, unjudgedText } = analysisModules();
  const { atOnce, worsened, stages, stuck, others, unjudged, unread, unjudgedAfter, assumptions } = reportedPlan(found, new ReportedObjects());
  return {
    atOnce: atOnce.verdict as PlanVerdict,
    atOnceBecause: becauseOf(atOnce.witness),
    atOnceWitness: atOnce.witness && planWitnessOf(atOnce.witness),
    worsened: { ...worsened },
    stages: stages?.map((stage, index) => stageOf(stage, found.stages![index], found)),
    stuckBecause: becauseOf(stuck),
    stuckWitness: stuck && planWitnessOf(stuck),
    others: others.map(changedObjectOf),
    unjudged: unjudged.map((object) => ({ ...changedObjectOf(object), why: object.why })),
    unread: { ...unread },
    unjudgedAfter: unjudgedText(unjudgedAfter),
    assumptions: [...assumptions],
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
