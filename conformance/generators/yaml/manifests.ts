// Real manifests, to be edited: those of the rules' tests, which are written as people write them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RULES = join(__dirname, '../../../test/analysis/rules');

/** The texts, in the order of their names. */
export function manifests(): string[] {
  const files = readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml')).sort();
  return files.map((file) => readFileSync(join(RULES, file), 'utf8'));
}
