import { Severity } from '../findings/finding';

/** What a code of admission means. */
export interface AdmissionCode {
  readonly code: string;
  readonly severity: Severity;
  /** What is rejected or warned about, in Markdown. */
  readonly what: string;
  readonly why: string;
}

/** The codes of a part of admission. */
export interface AdmissionSection {
  /** The heading of its section in docs/admission.md. */
  readonly heading: string;
  readonly codes: readonly AdmissionCode[];
}

/** Codes with a severity don't reject the object; all others do. */
type Row = readonly [code: string, what: string, why: string, severity?: 'warning' | 'info'];

/** A section of the codes in its rows. */
export function section(heading: string, rows: readonly Row[]): AdmissionSection {
  return { heading, codes: rows.map(([code, what, why, severity]) => ({ code, what, why, severity: severity ?? 'error' })) };
}
