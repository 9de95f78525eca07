import { Objection, ObjectionList } from './objection';
import { FieldPath } from '../findings/finding';

/** Gathers the objections of one walk through an object; it knows the place, so that checks need not carry it. */
export class Report {
  private readonly list = new ObjectionList();
  private readonly place: (string | number)[] = [];

  /** Runs a check one step deeper. */
  public at(step: string | number, check: () => void): void {
    this.enter(step);
    check();
    this.leave();
  }

  /** The next objections are to this field or item, until `leave`. For hot loops; else use `at`. */
  public enter(step: string | number): void {
    this.place.push(step);
  }

  public leave(): void {
    this.place.pop();
  }

  public get field(): FieldPath {
    return [...this.place];
  }

  public error(objection: Omit<Objection, 'severity' | 'field'>): void {
    this.list.add({ ...objection, severity: 'error', field: this.field });
  }

  public get objections(): Objection[] {
    return this.list.all;
  }
}
