// CONTRIBUTING.md says what CI does, and what each step may take.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STEPS, tableOf } from '../../../tools/ci/steps.cjs';

const PAGE = join(__dirname, '..', '..', '..', 'CONTRIBUTING.md');

/** The only table of the section. */
const TABLE = /(?<=\n## CI\n[^#]*\n\n)\| step \|[^#]*?(?=\n\n)/;

test('the table of CI\'s steps is that of the steps; WRITE_PAGES=1 writes it', () => {
  const text = readFileSync(PAGE, 'utf8');
  if (process.env.WRITE_PAGES) writeFileSync(PAGE, text.replace(TABLE, () => tableOf(STEPS)));
  expect(TABLE.exec(readFileSync(PAGE, 'utf8'))?.[0]).toBe(tableOf(STEPS));
});
