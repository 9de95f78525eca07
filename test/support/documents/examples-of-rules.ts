import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RuleSummary, stemOf } from '../../../src/analysis/rule';
import { withCertificates } from '../certificates/certificates-of-examples';
import { casesOf } from '../random/cases';

const FIXTURES = join(__dirname, '..', '..', 'analysis', 'rules');

/** The manifests by which a rule is tested. */
export function examplesOf(rule: RuleSummary): readonly string[] {
  const folder = join(FIXTURES, stemOf(rule));
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().map((name) => withCertificates(readFileSync(join(folder, name), 'utf8')));
}

/** The manifests by which the rules of the analysis are tested. */
export const exampleTexts: readonly string[] = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort()
  .map((name) => withCertificates(readFileSync(join(FIXTURES, name), 'utf8')));

const { seed, count } = casesOf('rules');
/** How many of three are tried. */
const TRIED = count(1);

/** A third of the texts, by the seed, for slow tests; all of them in an exploration. */
export const sampledTexts: readonly string[] = exampleTexts.filter((_, index) => (index + seed) % 3 < TRIED);
