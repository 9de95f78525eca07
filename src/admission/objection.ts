import { FieldPath, Finding } from '../findings/finding';

/**
 * What an API server or istiod's webhook has against an object. The object is rejected with an error, admitted with a
 * warning, and admitted with an info that is good to know. The code is one of `ADMISSION_CATALOGUE`.
 */
export type Objection = Finding;

/** An objection without what its path and its judge add. */
export type ObjectionText = Omit<Objection, 'field' | 'severity'>;

/** How many objections of one code and severity are kept: nobody reads more, and an API server stops at 100 unknown fields. */
const MOST = 1000;

/** The first of each code and severity, counted separately so that warnings hide no error. */
class ObjectionList {
  public readonly all: Objection[] = [];
  private readonly counts = new Map<string, number>();

  public add(objection: Objection): void {
    const key = `${objection.code} ${objection.severity}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    if (count > MOST) return;
    this.counts.set(key, count);
    this.all.push(objection);
  }
}

/** Changes an objection before it is kept; undefined drops it. */
type Change = (objection: Objection) => Objection | undefined;

/**
 * The objections to one object, gathered path by path: `at` narrows the path, and all paths of one object share the same
 * list.
 */
export class Objections {
  private readonly list: ObjectionList;

  public constructor(private readonly steps: FieldPath = [], private readonly around?: Objections, private readonly change?: Change) {
    this.list = around?.list ?? new ObjectionList();
  }

  public at(...steps: FieldPath): Objections {
    return new Objections(steps, this);
  }

  /** The same path, where each objection, here and below, is changed or dropped. */
  public through(change: Change): Objections {
    return new Objections([], this, change);
  }

  /** The same path without warnings: istiod drops those of some parts, such as a subset's policy. */
  public errorsOnly(): Objections {
    return this.through((objection) => objection.severity === 'error' ? objection : undefined);
  }

  /** Put together on demand: most paths have no objection. */
  public get field(): FieldPath {
    return this.around ? [...this.around.field, ...this.steps] : this.steps;
  }

  public error(text: ObjectionText): void {
    this.add({ ...text, severity: 'error', field: this.field });
  }

  public warning(text: ObjectionText): void {
    this.add({ ...text, severity: 'warning', field: this.field });
  }

  /** What istiod warns of though it is common practice: its warnings have no levels. */
  public info(text: ObjectionText): void {
    this.add({ ...text, severity: 'info', field: this.field });
  }

  private add(objection: Objection): void {
    const kept = this.change ? this.change(objection) : objection;
    if (kept === undefined) return;
    if (this.around) this.around.add(kept);
    else this.list.add(kept);
  }

  /** All objections so far, of every path; istiod only reports warnings if it rejects nothing, this list has both. */
  public get all(): readonly Objection[] {
    return this.list.all;
  }

  /** Whether there is an error so far, at any path. */
  public get refused(): boolean {
    return this.all.some((objection) => objection.severity === 'error');
  }
}
