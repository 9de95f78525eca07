import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../analysis/analysis';
import { RuleSummary, stemOf } from '../../analysis/rule';
import { late } from '../../modules/late';

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

/** A refusal by a construct, the analysis or the configuration reader, as documented on the page of refusals. */
export interface Refused {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  /** The heading of its section. */
  readonly where: string;
}

/** All codes of refusals other than admission's. */
export function refusalsOf({ root }: Package): readonly Refused[] {
  const sections = readFileSync(join(root, 'docs', 'refusals.md'), 'utf8').split('\n## ').slice(1);
  return sections.flatMap((section) => {
    const [where, ...lines] = section.split('\n');
    return lines.filter((line) => line.startsWith('| API')).map((line) => {
      const [, code, what, why] = line.split(' | ')
        .flatMap((cell, index) => (index === 0 ? ['', cell.slice(2)] : [cell.replace(/ \|$/, '')]));
      return { code, what, why, where };
    });
  });
}

/** What each code means, in a few words. */
export function codeTitles(): ReadonlyMap<string, string> {
  // Loaded when it runs: a report of few findings doesn't need it.
  const { ADMISSION_CODES } = late<typeof import('../../admission/catalogue')>(() => require('../../admission/catalogue'));
  return new Map([...ADMISSION_CODES.map(({ code, what }) => [code, what] as const),
    ...CATALOGUE.map(({ code, title }) => [code, title] as const)]);
}
