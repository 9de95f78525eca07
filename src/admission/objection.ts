import { Finding } from '../findings/finding';

/**
 * What an API server or istiod's webhook has against an object. An error is refused, a warning admitted with that
 * warning, an info admitted and good to know. Its code is of the catalogue in docs/admission.md: ADMIT1xx kind,
 * 2xx structure, 3xx CEL, 4xx webhook, 5xx metadata, 6xx mesh config, 7xx cacerts.
 */
export type Objection = Finding;

/** The codes of what an API server or istiod lets in with a warning, or an info; all others refuse the object. docs/admission.md explains each. */
export const ADMISSION_WARNINGS: readonly string[] = [
  'ADMIT108', 'ADMIT109', 'ADMIT111', 'ADMIT402', 'ADMIT416', 'ADMIT424', 'ADMIT435', 'ADMIT440', 'ADMIT451', 'ADMIT468',
  'ADMIT472', 'ADMIT478', 'ADMIT482', 'ADMIT485', 'ADMIT486', 'ADMIT491', 'ADMIT492', 'ADMIT497', 'ADMIT532', 'ADMIT533',
  'ADMIT801',
];

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
