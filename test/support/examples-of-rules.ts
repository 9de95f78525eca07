import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withCertificates } from './certificates-of-examples';
import { TIMES } from './times';
import { RuleSummary, stemOf } from '../../src/analysis/rule';

const FIXTURES = join(__dirname, '..', 'analysis', 'rules');

/** The manifests by which a rule is tested. */
export function examplesOf(rule: RuleSummary): readonly string[] {
  const folder = join(FIXTURES, stemOf(rule));
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().map((name) => withCertificates(readFileSync(join(folder, name), 'utf8')));
}

/** The manifests by which the rules of the analysis are tested. */
export const exampleTexts: readonly string[] = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort()
  .map((name) => withCertificates(readFileSync(join(FIXTURES, name), 'utf8')));

/** One of three of them, by the seed, for what takes long; more of them by TIMES. */
export const sampledTexts: readonly string[] = exampleTexts.filter((_, index) => (index + Number(process.env.SEED)) % 3 < TIMES);
