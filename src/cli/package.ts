import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
