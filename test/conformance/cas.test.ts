// How real istiods handled CAs, as recorded, and that the suite detects any difference.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaFacts } from '../../conformance/cas/cas';
import { commandsOfPage } from '../../conformance/cas/commands';
import { problemsIn, problemsInStarts, RELOADS, SeenStep } from '../../conformance/cas/reloads';

const ROOT = join(__dirname, '..', '..');
const { istiods, starts, commands, cas, shown, refused, accepted, rejected }: CaFacts = JSON.parse(readFileSync(join(ROOT, 'conformance/recorded/cas.json'), 'utf8'));

test('1,000 CAs or more were judged, some of each kind', () => {
  expect(cas).toBeGreaterThanOrEqual(1000);
  expect([shown, refused + accepted + rejected]).toEqual([3 * cas, shown]);
  expect(Math.min(refused, accepted, rejected)).toBeGreaterThan(100);
});

test('istiod handled changed CAs as docs/custom-ca.md says', () => {
  expect(istiods.map(({ form, multiRoot }) => [form, multiRoot])).toEqual(RELOADS.map(({ form, multiRoot }) => [form, multiRoot]));
  expect(RELOADS.flatMap((reload, index) => problemsIn(reload, istiods[index].steps))).toEqual([]);
  expect(problemsInStarts(starts)).toEqual([]);
});

const OTHERS: readonly Partial<SeenStep>[] = [{ signer: 'istiod C1' }, { metric: 'root C' }, { roots: [] }, { accepted: [] }, { accepted: ['root A', 'root B'] }];

test.each(OTHERS)('reports another reload: %j', (other) => {
  for (const [index, reload] of RELOADS.entries()) {
    const { steps } = istiods[index];
    for (const at of steps.keys()) {
      for (const change of [other, { taken: !steps[at].taken }]) {
        expect(problemsIn(reload, steps.with(at, { ...steps[at], ...change }))).toHaveLength(1);
      }
    }
    expect(problemsIn(reload, steps.slice(1))).not.toEqual([]);
  }
});

test.each(starts.map(({ about }, index) => ({ about, index })))('reports another start with $about', ({ index }) => {
  expect(problemsInStarts(starts.with(index, { ...starts[index], refused: starts[index].refused === undefined ? 'no' : undefined }))).toHaveLength(1);
});

test('the recorded commands are those of docs/custom-ca.md', () => {
  expect(commands).toEqual(['kubectl', 'istioctl'].flatMap((program) => commandsOfPage(program)));
  expect(commands.length).toBeGreaterThan(2);
});

test('istiod\'s log has the lines that docs/custom-ca.md quotes', () => {
  const page = readFileSync(join(ROOT, 'docs/custom-ca.md'), 'utf8');
  const said = istiods.flatMap(({ steps }) => steps.flatMap(({ log }) => log));
  for (const [, line] of page.matchAll(/istiod logs `([^`]+)`/g)) expect(said).toContain(line);
  expect(page).toMatch(/istiod logs `/);
});
