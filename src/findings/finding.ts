import { FieldPath } from './field-path';
import { ObjectChange } from './object-change';

/** `error`: refused, broken or exposed; `warning`: will surprise; `info`: good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** The severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** What is wrong with an object: one field, what it is, what was expected and how to mend it. */
export interface Finding {
  /** Of the catalogues in docs/admission.md and docs/rules. */
  readonly code: string;
  readonly severity: Severity;
  readonly field: FieldPath;
  /** What the field is; never a secret's value. */
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  /** One action. */
  readonly fix: string;
  /** The same action as a change of YAML, if it is one that is known to mend it. */
  readonly change?: ObjectChange;
}

/** Whether a severity is as bad as another, or worse. */
export function reaches(severity: Severity, bar: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(bar);
}
