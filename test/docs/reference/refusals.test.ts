import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code]) => code);
const documented = matches(readFileSync(join(ROOT, 'docs', 'refusals.md'), 'utf8'), /^\| (API\d{3}) \|/gm);
/** Codes of refusals. */
const used = new Set(filesUnder('src').flatMap((text) => matches(text, /'(API\d{3})'/g)));

test('docs/refusals.md has exactly one row for each code', () => {
  expect(documented.slice().sort()).toEqual([...used].sort());
});

test('every code is tested', () => {
  const tests = filesUnder('test').join('\n');
  expect(documented.filter((code) => !tests.includes(code))).toEqual([]);
});
