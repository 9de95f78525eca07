import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../analysis/analysis';
import { RuleSummary, stemOf } from '../analysis/rule';
import { Severity } from '../findings/finding';

/** The package that the command came with. */
export interface Package {
  /** Its folder. */
  readonly root: string;
  readonly version: string;
}

/** The page of a rule, in Markdown. */
export function pageOf(rule: RuleSummary, { root }: Package): string {
  return readFileSync(join(root, 'docs', 'rules', `${stemOf(rule)}.md`), 'utf8');
}

/** What a code of admission means: its row of docs/admission.md. */
export interface AdmissionCode {
  readonly code: string;
  readonly severity: Severity;
  /** What is refused or warned about. */
  readonly what: string;
  readonly why: string;
}

/** The codes of admission, in the order of docs/admission.md. */
export function admissionCodes({ root }: Package): readonly AdmissionCode[] {
  const page = readFileSync(join(root, 'docs', 'admission.md'), 'utf8');
  return [...page.matchAll(/^\| (ADMIT\d{3}) \| (?:\((warning|info)\) )?(.*) \| (.*) \|$/gm)].map(([, code, severity, what, why]) => ({ code, severity: (severity ?? 'error') as Severity, what, why }));
}

/** What each code means, in a few words. */
export function codeTitles(packaged: Package): ReadonlyMap<string, string> {
  return new Map([
    ...admissionCodes(packaged).map(({ code, what }) => [code, what] as const),
    ...CATALOGUE.map(({ code, title }) => [code, title] as const),
  ]);
}
