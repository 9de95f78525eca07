import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = join(__dirname, '..', 'analysis', 'rules');

/** The manifests by which the rules of the analysis are tested. */
export const exampleTexts: readonly string[] = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort()
  .map((name) => readFileSync(join(FIXTURES, name), 'utf8'));
