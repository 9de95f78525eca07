import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Package } from './package';
import { CATALOGUE } from '../analysis/analysis';

/** What a code of admission means: its row of docs/admission.md. */
export interface AdmissionCode {
  readonly code: string;
  readonly isWarning: boolean;
  /** What is refused or warned about. */
  readonly what: string;
  readonly why: string;
}

/** The codes of admission, in the order of docs/admission.md. */
export function admissionCodes({ root }: Package): readonly AdmissionCode[] {
  const page = readFileSync(join(root, 'docs', 'admission.md'), 'utf8');
  return [...page.matchAll(/^\| (ADMIT\d{3}) \| (\(warning\) )?(.*) \| (.*) \|$/gm)].map(([, code, warning, what, why]) => ({ code, isWarning: warning !== undefined, what, why }));
}

/** What each code means, in a few words. */
export function codeTitles(packaged: Package): ReadonlyMap<string, string> {
  return new Map([
    ...admissionCodes(packaged).map(({ code, what }) => [code, what] as const),
    ...CATALOGUE.map(({ code, title }) => [code, title] as const),
  ]);
}
