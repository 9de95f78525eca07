import { FieldPath } from '../../findings/finding';
import { Objection, ObjectionList } from '../objection';

/** An objection without what its place and its judge add. */
export type ObjectionText = Omit<Objection, 'field' | 'severity'>;

/**
 * The objections to one object, gathered place by place: `at` narrows the place, and every place of one object
 * writes into the same list.
 */
export class Objections {
  private readonly list: ObjectionList;

  public constructor(private readonly steps: FieldPath = [], private readonly around?: Objections, private readonly withWarnings = true) {
    this.list = around?.list ?? new ObjectionList();
  }

  public at(...steps: FieldPath): Objections {
    return new Objections(steps, this, this.withWarnings);
  }

  /** The same place without warnings: istiod drops those of some parts, such as a subset's policy. */
  public errorsOnly(): Objections {
    return new Objections([], this, false);
  }

  /** Put together when it is told: about most places there is nothing to tell. */
  public get field(): FieldPath {
    return this.around ? [...this.around.field, ...this.steps] : this.steps;
  }

  public error(text: ObjectionText): void {
    this.list.add({ ...text, severity: 'error', field: this.field });
  }

  public warning(text: ObjectionText): void {
    if (this.withWarnings) this.list.add({ ...text, severity: 'warning', field: this.field });
  }

  /** What istiod warns of though it is common practice: its warnings have no degrees. */
  public info(text: ObjectionText): void {
    if (this.withWarnings) this.list.add({ ...text, severity: 'info', field: this.field });
  }

  /** All so far, of every place; istiod tells its warnings only where it refuses nothing, this list has both. */
  public get all(): readonly Objection[] {
    return this.list.all;
  }

  /** Whether anything so far, at any place, is refused. */
  public get refused(): boolean {
    return this.all.some((objection) => objection.severity === 'error');
  }
}
