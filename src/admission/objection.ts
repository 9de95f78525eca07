import { FieldPath, Finding } from '../findings/finding';

/**
 * An objection of an API server or istiod's webhook to an object. With an error, the object is rejected; with a warning or
 * an info, which is good to know, it is admitted. The code is one of `ADMISSION_CATALOGUE`.
 */
export type Objection = Finding;

/** An objection without its field and severity. */
export type ObjectionText = Omit<Objection, 'field' | 'severity'>;

/** The maximum number of objections of one code and severity; an API server stops at 100 unknown fields. */
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

  /** Built on demand, because most paths have no objection. */
  public get field(): FieldPath {
    return this.around ? [...this.around.field, ...this.steps] : this.steps;
  }

  public error(text: ObjectionText): void {
    this.add({ ...text, severity: 'error', field: this.field });
  }

  public warning(text: ObjectionText): void {
    this.add({ ...text, severity: 'warning', field: this.field });
  }

  /** For istiod's warnings about common practice: they have no levels of their own. */
  public info(text: ObjectionText): void {
    this.add({ ...text, severity: 'info', field: this.field });
  }

  private add(objection: Objection): void {
    const kept = this.change ? this.change(objection) : objection;
    if (kept === undefined) return;
    if (this.around) this.around.add(kept);
    else this.list.add(kept);
  }

  /** All objections so far, at any path. Unlike istiod, also reports warnings about rejected objects. */
  public get all(): readonly Objection[] {
    return this.list.all;
  }

  /** Whether there is an error so far, at any path. */
  public get refused(): boolean {
    return this.all.some((objection) => objection.severity === 'error');
  }
}
