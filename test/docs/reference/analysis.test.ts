import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUTCOMES } from '../../../src/mesh/model/transport';
import { schemaOf } from '../../support/documents/schemas';

const ROOT = join(__dirname, '..', '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'analysis.md'), 'utf8');

/** The words of a table's first column, below a heading. */
function words(heading: string): string[] {
  const section = page.slice(page.indexOf(heading) + heading.length);
  return [...section.slice(0, section.indexOf('\n## ') < 0 ? undefined : section.indexOf('\n## ')).matchAll(/^\| `([^`]+)` \|/gm)].map(([, word]) => word);
}

test('docs/analysis.md lists every outcome', () => {
  expect(words('# What will happen in the mesh')).toEqual([...OUTCOMES]);
});

test('docs/analysis.md lists every reason of an undecided connection', () => {
  const source = readFileSync(join(ROOT, 'src', 'mesh', 'model', 'transport.ts'), 'utf8');
  const reasons = [.../export type UndecidedReason =([^;]*);/.exec(source)![1].matchAll(/'([a-z-]+)'/g)].map(([, reason]) => reason);
  expect(reasons.length).toBeGreaterThan(10);
  expect(words('## Why a connection is undecided')).toEqual(reasons);
});

test('docs/analysis.md and the schema list every missing fact', () => {
  const facts = [...readFileSync(join(ROOT, 'src/mesh/calls/missing-facts.ts'), 'utf8').match(/export type Need =([^;]*);/)![1].matchAll(/'([a-z-]+)'/g)].map(([, need]) => need).sort();
  expect(facts.length).toBeGreaterThan(10);
  expect([...words('## What would decide a connection')].sort()).toEqual(facts);
  const schema = schemaOf('common');
  expect([...schema.$defs.missingFact.properties.need.enum].sort()).toEqual(facts);
});
