import { ExpectedFact } from './both-ways';
import { CaseValues } from './case-values';
import { withAllKnown } from './known-facts';
import { haveAllValues, missingIn } from './two-states';
import { Condition, MissingInjection } from '../../findings/condition';
import { CallsInEither, Narrowing, narrowings } from '../compare/calls-in-either';
import { inventoryChange, objectChanges } from '../compare/object-changes';
import { Inventory, InventoryChange } from '../inventory/inventory';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { MeshStates } from '../plan/change-unit';
import { planAtOnce, planOf, stagesAtOnce } from '../plan/plan';
import { PlannedChange } from '../plan/planned-change';
import { Versions } from '../plan/stage-states';
import { after, ChangePlan, Stage, stageOf } from '../plan/stages';
import { UndeclaredCalls } from '../plan/undeclared-call';
import { undeclaredCalls } from '../plan/undeclared-calls';
import { SAFE, StageVerdict, StageWitness, worstVerdict } from '../plan/verdict';
import { Worsened, worsened } from '../plan/worsened';
import { runsAlike } from '../workloads/runs-alike';

/** In which cases something is proven, and in which it isn't. */
export interface ProvenIn {
  /** It is proven wherever all of them hold. Missing if it is in every case, or in none. */
  readonly provenIf?: readonly Condition[];
  /** The witness is one wherever all of them hold. Missing if it is in every case. */
  readonly witnessIf?: readonly Condition[];
}

/** What a change itself makes worse, of each sort the most in any case. */
interface WorsenedBothWays extends Worsened {
  /** The numbers that aren't the same in every case: the smallest, and where they are as large as stated. Missing if all are the same. */
  readonly varying?: { readonly [Sort in keyof Worsened]?: VaryingNumber };
}

interface VaryingNumber {
  readonly least: number;
  /** All of them hold. */
  readonly if: readonly Condition[];
}

/** A plan for a mesh in which it may not be known who has a sidecar. */
export interface PlanBothWays extends ChangePlan {
  readonly atOnce: StageVerdict & ProvenIn;
  readonly stages?: readonly (Stage & ProvenIn)[];
  /** A case in which `stuck` prevents stages. Missing if it does in every case. */
  readonly stuckIf?: readonly Condition[];
  /** What the change itself makes worse, each number in the case in which it is largest. */
  readonly worsened: WorsenedBothWays;
  /** By the index of the unit: where an unchanged workload's pods change, if they do in some cases only. */
  readonly restartsIf: ReadonlyMap<number, readonly Condition[]>;
  /** The facts that either state lacks, each decided both ways. Missing if there are none. */
  readonly missing?: readonly ExpectedFact[];
  /** The effect on the calls that no workload declares, in the case in which it is worst. Missing if the plan holds for every call. */
  readonly undeclared?: UndeclaredCalls;
  /** Workloads that declare fewer calls after the change. The plan holds for those that they no longer declare, too. */
  readonly narrowings: readonly Narrowing[];
  /** The plan in each case, of the same stages. Missing if no fact is. */
  readonly cases?: readonly ChangePlan[];
}

/** What a plan prefers, and what proves its stages besides the check of their states. */
export interface Planning {
  /** Whether all changes are one stage if no connection is known to fall during it, without a search for others that are proven. */
  readonly prefersAtOnce?: boolean;
  /** The verdict on a stage in a case; by default, that of the check. */
  readonly verdict?: (checked: StageVerdict, plan: ChangePlan) => StageVerdict;
}

/**
 * Plans a change for all cases that both states leave open: one order, of which each stage is checked in each case. If no order is proven
 * in all of them, it is one that is proven in the case that objects expect. If only declared calls count, it holds for those that are
 * declared in either state.
 *
 * @param manifests all objects of the state after
 */
export function planBothWays(before: Mesh, manifests: readonly unknown[], planning: Planning = {}): PlanBothWays {
  const changes = objectChanges(before.objects, Inventory.of(manifests, before.objects.readBy)).map(inventoryChange);
  const shown = { before, after: before.with(...changes) };
  return { ...planOfCalls(shown, changes, manifests, planning), narrowings: narrowings(shown.before, shown.after) };
}

/** The plan, apart from what the declarations of both states alone show. */
type CallsPlan = Omit<PlanBothWays, 'narrowings'>;

function planOfCalls(
  shown: MeshStates, changes: readonly InventoryChange[], manifests: readonly unknown[], planning: Planning,
): CallsPlan {
  const { before } = shown;
  if (before.declarations.size + shown.after.declarations.size === 0) return planOfStates(shown, changes, manifests, planning);
  const made = CallsInEither.of(before, shown.after);
  const isLimited = before.countsDeclaredCalls && made.isLimiting;
  const counted = isLimited ? made : made.all;
  const plan = planOfStates({ before: before.withCalls(counted), after: shown.after.withCalls(counted) }, changes, manifests, planning);
  return isLimited ? { ...plan, undeclared: worstOf((plan.cases ?? [plan]).map((one) => undeclaredCalls(one, made))) } : plan;
}

/** What is worst in any case. */
function worstOf(cases: readonly UndeclaredCalls[]): UndeclaredCalls {
  const weightOf = ({ fallen, worsened: { broken, plaintext, undecided, lost } }: UndeclaredCalls): number => (
    1e6 * fallen.filter(({ verdict }) => verdict === 'unsafe').length + fallen.length + broken + plaintext + undecided + lost);
  const worst = cases.reduce((most, one) => (weightOf(one) > weightOf(most) ? one : most));
  return { ...worst, isOpen: cases.some(({ isOpen }) => isOpen) };
}

function planOfStates(
  shown: MeshStates, changes: readonly InventoryChange[], manifests: readonly unknown[], planning: Planning,
): CallsPlan {
  const missing = missingIn(shown, shown);
  const cases = missing.length > 0 ? withAllKnown(missing, (facts) => casesOf(shown, facts, changes), (some) => (
    some?.states.flatMap((one) => missingIn(one, shown)) ?? [])) : undefined;
  if (cases && haveAllValues(shown, cases.states, cases.known.facts)) return new PlanInCases(shown, cases, manifests, planning).plan();
  return inEveryCase(shown.before, manifests, planning);
}

/** A plan that holds in every case, or that takes what isn't known as undecided. */
function inEveryCase(before: Mesh, manifests: readonly unknown[], { prefersAtOnce, verdict }: Planning): CallsPlan {
  const atOnce = prefersAtOnce ? planAtOnce(before, manifests) : undefined;
  const plan = atOnce?.stages ? atOnce : planOf(before, manifests);
  const checkedOf = (stage: Stage): StageVerdict => (
    stage.witness ? { verdict: 'unproven', witness: stage.witness } : SAFE);
  const stages = verdict ? plan.stages?.map((stage) => stageOf(stage.moves, verdict(checkedOf(stage), plan))) : plan.stages;
  return { ...plan, ...stages && { stages }, worsened: worsened(plan), restartsIf: new Map() };
}

/** Both states in each case. */
interface Cases {
  readonly known: CaseValues;
  readonly states: readonly MeshStates[];
}

/** Undefined: there are too many cases for so many objects. */
function casesOf(shown: MeshStates, missing: readonly MissingInjection[], changes: readonly InventoryChange[]): Cases | undefined {
  const known = CaseValues.of(missing, shown);
  return known && { known, states: known.given(shown.before).map((before) => ({ before, after: before.with(...changes) })) };
}

/** A verdict on some changes in each case. */
type Verdicts = readonly StageVerdict[];

/** A change that is planned for several cases at once. */
class PlanInCases {
  private readonly change: PlannedChange;

  constructor(
    private readonly shown: MeshStates, private readonly cases: Cases, manifests: readonly unknown[], private readonly planning: Planning,
  ) {
    this.change = PlannedChange.of(cases.states.map(({ before }) => before), manifests);
  }

  plan(): CallsPlan {
    const plain = this.change;
    if (this.planning.prefersAtOnce && plain.atOnce.every(({ verdict }) => verdict !== 'unsafe')) {
      return this.planOf(plain, stagesAtOnce(plain.plan()));
    }
    const proven = plain.search().find('safe');
    if (proven.stages) return this.planOf(plain, proven.stages);
    const wider = plain.bridged();
    const { stages } = wider.search().find('safe');
    if (stages) return this.planOf(wider, stages);
    const ofOne = this.provenInOne([plain, wider]);
    if (ofOne) return ofOne;
    for (const change of [plain, wider]) {
      const { stages: unproven } = change.search().find('unproven');
      if (unproven) return this.planOf(change, unproven);
    }
    const stuckIf = proven.stuck && this.cases.known.conditions(plain.check.caseOf(proven.stuck), () => false);
    return { ...this.planOf(plain), stuck: proven.stuck, stuckIf };
  }

  /** Stages that are proven in one case at least. */
  private provenInOne(changes: readonly PlannedChange[]): CallsPlan | undefined {
    for (const index of this.cases.known.first) {
      for (const change of changes) {
        const { stages } = change.only(index).search().find('safe');
        const plan = stages && this.planOf(change, stages);
        if (plan?.cases![index].stages!.every(({ verdict }) => verdict === 'safe')) return plan;
      }
    }
    return undefined;
  }

  private planOf(change: PlannedChange, stages?: readonly Stage[]): CallsPlan {
    const { known, states } = this.cases;
    const { verdict: verdictIn = (checked: StageVerdict) => checked } = this.planning;
    const plans = [...states.keys()].map((index) => change.plan(index));
    const { atOnce } = change;
    const verdicts = stages && verdictsOf(change, stages).map((some) => some.map((one, index) => verdictIn(one, plans[index])));
    const ofCase = (index: number): ChangePlan => ({
      ...plans[index],
      atOnce: atOnce[index],
      stages: stages?.map(({ moves }, at) => stageOf(moves, verdicts![at][index])),
    });
    const cases = [...states.keys()].map(ofCase);
    return {
      ...cases[0],
      ...this.shown,
      atOnce: this.provenIn(atOnce),
      stages: stages?.map(({ moves }, at) => {
        const { provenIf, witnessIf, ...verdict } = this.provenIn(verdicts![at]);
        return { ...stageOf(moves, verdict), provenIf, witnessIf };
      }),
      worsened: this.worsened(cases),
      restartsIf: this.restartsIf(cases),
      missing: known.facts,
      cases,
    };
  }

  private provenIn(verdicts: Verdicts): StageVerdict & ProvenIn {
    const order = [...new Set([...this.cases.known.first, ...verdicts.keys()])];
    const worst = worstVerdict(order.map((index) => verdicts[index]));
    if (worst.verdict === 'safe') return worst;
    const keys = verdicts.map(({ witness }) => witness && witnessKey(witness));
    const safe = order.find((index) => verdicts[index].verdict === 'safe');
    return {
      ...worst,
      provenIf: safe === undefined ? undefined : this.cases.known.conditions(safe, (index) => verdicts[index].verdict === 'safe'),
      witnessIf: this.cases.known.conditions(verdicts.indexOf(worst), (index) => keys[index] === witnessKey(worst.witness)),
    };
  }

  private worsened(cases: readonly ChangePlan[]): PlanBothWays['worsened'] {
    const counts = cases.map(worsened);
    const sorts = Object.keys(counts[0]) as (keyof Worsened)[];
    const most = Object.fromEntries(sorts.map((sort) => [sort, Math.max(...counts.map((one) => one[sort]))])) as unknown as Worsened;
    const varying = Object.fromEntries(sorts.flatMap((sort) => {
      const isMost = (index: number): boolean => counts[index][sort] === most[sort];
      const conditions = this.cases.known.conditions([...counts.keys()].find(isMost)!, isMost);
      return conditions ? [[sort, { least: Math.min(...counts.map((one) => one[sort])), if: conditions }]] : [];
    }));
    return { ...most, ...Object.keys(varying).length > 0 && { varying } };
  }

  private restartsIf(cases: readonly ChangePlan[]): PlanBothWays['restartsIf'] {
    const [{ units }] = cases;
    return new Map([...units.entries()].flatMap(([unit, { change }]) => {
      const isChanged = (index: number): boolean => {
        const [former, latter] = cases[index].units[unit].versions;
        return !runsAlike(former.pods, latter?.pods);
      };
      const first = [...cases.keys()].find(isChanged);
      const conditions = change || first === undefined ? undefined : this.cases.known.conditions(first, isChanged);
      return conditions ? [[unit, conditions] as const] : [];
    }));
  }
}

/** The verdicts on each stage. */
function verdictsOf(change: PlannedChange, stages: readonly Stage[]): readonly Verdicts[] {
  let at: Versions = change.start;
  return stages.map(({ moves }) => {
    const verdicts = change.verdicts(at, moves);
    at = after(at, moves);
    return verdicts;
  });
}

/** Equal for the same call or port that falls, or may. */
function witnessKey(witness: StageWitness): string {
  switch (witness.kind) {
    case 'call': return ['call', idKey(witness.client), witness.host, witness.port, witness.outcome].join(' ');
    case 'port': return ['port', idKey(witness.server), witness.port, witness.mode].join(' ');
    default: return witness.kind;
  }
}
