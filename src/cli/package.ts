import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  // Loaded when it runs: a report of few findings doesn't need it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { ADMISSION_CODES } = require('../admission/catalogue') as typeof import('../admission/catalogue');
  return new Map([...ADMISSION_CODES.map(({ code, what }) => [code, what] as const), ...CATALOGUE.map(({ code, title }) => [code, title] as const)]);
}
