import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMISSION_CODES } from '../admission/catalogue';
import { CATALOGUE } from '../analysis/analysis';
import { RuleSummary, stemOf } from '../analysis/rule';

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

/** What each code means, in a few words. */
export function codeTitles(): ReadonlyMap<string, string> {
  return new Map([...ADMISSION_CODES.map(({ code, what }) => [code, what] as const), ...CATALOGUE.map(({ code, title }) => [code, title] as const)]);
}
