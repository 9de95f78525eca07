import { Finding } from '../findings/finding';

/**
 * What an API server or istiod's webhook has against an object. An error is refused, a warning admitted with that
 * warning, an info admitted and good to know. Its code is of `ADMISSION_CATALOGUE`.
 */
export type Objection = Finding;

/** How many objections of one code and severity are kept: nobody reads more, and an API server stops at 100 unknown fields. */
const MOST = 1000;

/** The objections to one object: the first of each code and severity, which count apart so that warnings hide no error. */
export class ObjectionList {
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
