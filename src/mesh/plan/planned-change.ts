import { AffectedCallsIndex } from './affected-calls';
import { bridged } from './bridges';
import { ChangeUnits, MeshStates, unitsOf } from './change-unit';
import { JointCheck } from './joint-check';
import { StageCheck } from './stage-check';
import { Move, Versions } from './stage-states';
import { ChangePlan, Stage, StageSearch } from './stages';
import { UndecidedConcerns } from './undecided';
import { StageVerdict } from './verdict';
import { caChanges } from '../compare/ca-change';
import { connectionChanges } from '../compare/connection-changes';
import { inventoryChange, objectChanges, unreadChanges } from '../compare/object-changes';
import { Inventory } from '../inventory/inventory';
import { Mesh } from '../mesh';

/** A change in one case of a mesh. */
interface ChangeCase extends MeshStates {
  readonly change: ChangeUnits;
  readonly concerns: UndecidedConcerns;
}

/** A change of manifests in each case that it is planned for: its units and their stages are the same in all cases. */
export class PlannedChange {
  /**
   * @param befores the state before in each case
   * @param manifests all objects of the state after
   */
  static of(befores: readonly Mesh[], manifests: Iterable<unknown>): PlannedChange {
    const [{ objects }] = befores;
    const latter = Inventory.of(manifests, objects.readBy);
    const changes = objectChanges(objects, latter);
    const states = befores.map((before) => ({ before, after: before.with(...changes.map(inventoryChange)) }));
    const units = unitsOf(states, changes);
    const cases = states.map(({ before, after }, index) => ({
      before, after, change: units[index], concerns: new UndecidedConcerns(before, after, connectionChanges(before, after).changes),
    }));
    return new PlannedChange(latter, cases);
  }

  private readonly areas: readonly AffectedCallsIndex[];
  readonly check: JointCheck;
  private known?: readonly StageVerdict[];

  private constructor(
    private readonly latter: Inventory, private readonly cases: readonly ChangeCase[], private readonly plain?: PlannedChange,
  ) {
    this.areas = cases.map(({ before, after, change: { units } }) => new AffectedCallsIndex([before, after], units));
    this.check = new JointCheck(cases.map(({ before, after, change: { units } }, index) => (
      new StageCheck(before, after, units, this.areas[index]))));
  }

  /** The change with objects that are there for a while, or changed for a while. */
  bridged(): PlannedChange {
    const wider = bridged(this.cases, this.cases.map(({ change }) => change));
    return new PlannedChange(this.latter, this.cases.map((one, index) => ({ ...one, change: wider[index] })), this);
  }

  /** The change in one case alone. */
  only(index: number): PlannedChange {
    return new PlannedChange(this.latter, [this.cases[index]], this.plain?.only(index));
  }

  search(): StageSearch {
    const [{ change }] = this.cases;
    return new StageSearch(this.check, change, this.areas.flatMap(({ touched }) => touched.map(({ receiving }) => receiving)));
  }

  /** The versions before the change. */
  get start(): Versions {
    return this.cases[0].change.units.map(() => 0);
  }

  /** The verdict on all changes at once, in each case. */
  get atOnce(): readonly StageVerdict[] {
    return this.known ??= this.plain?.atOnce ?? this.verdictsAtOnce();
  }

  private verdictsAtOnce(): readonly StageVerdict[] {
    const [{ change: { units, groups } }] = this.cases;
    return this.verdicts(this.start, groups.flat().map((unit) => ({ unit, from: 0, to: units[unit].goal })));
  }

  /** The verdict on a stage in each case. */
  verdicts(from: Versions, moves: readonly Move[]): readonly StageVerdict[] {
    const units = moves.map(({ unit }) => unit);
    return this.check.verdicts(from, moves).map((verdict, index) => {
      const { concerns, change } = this.cases[index];
      return concerns.verdict(verdict, change.units, units);
    });
  }

  /** The change in one case, without stages. */
  plan(index = 0): ChangePlan {
    const { before, after, change: { units, others } } = this.cases[index];
    return {
      before,
      after,
      units,
      others,
      unread: unreadChanges(before.objects, this.latter),
      caChanges: caChanges(before, this.latter.caObjects),
      atOnce: this.atOnce[index],
    };
  }

  /** The plan in the first case. */
  planOf(stages: readonly Stage[]): ChangePlan {
    const [{ change: { units }, concerns }] = this.cases;
    return { ...this.plan(), stages: stages.map((stage) => concerns.stage(stage, units)) };
  }
}
