import { FieldPath } from '../findings/field-path';

/**
 * What an API server or istiod's webhook has against an object: one field, what it is, what was expected and
 * how to mend it. An error is refused; a warning is admitted with that warning.
 */
export interface Objection {
  /** Of the catalogue in docs/admission.md: ADMIT1xx kind, 2xx structure, 3xx CEL, 4xx webhook, 5xx metadata, 6xx mesh config, 7xx cacerts. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly field: FieldPath;
  /** What the field is; never a secret's value. */
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  /** One action. */
  readonly fix: string;
}
