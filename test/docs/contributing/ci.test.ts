// CONTRIBUTING.md lists CI's steps, and the budget of each.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STEPS, tableOf } from '../../../tools/ci/steps.cjs';

const PAGE = join(__dirname, '..', '..', '..', 'CONTRIBUTING.md');

/** The only table of the section. */
const TABLE = /(?<=\n## CI\n[^#]*\n\n)\| step \|[^#]*?(?=\n\n)/;

test('the table of CI\'s steps is up to date; WRITE_PAGES=1 writes it', () => {
  const text = readFileSync(PAGE, 'utf8');
  if (process.env.WRITE_PAGES) writeFileSync(PAGE, text.replace(TABLE, () => tableOf(STEPS)));
  expect(TABLE.exec(readFileSync(PAGE, 'utf8'))?.[0]).toBe(tableOf(STEPS));
});
