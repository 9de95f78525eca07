import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code]) => code);
const ROW = /^\| (ADMIT\d{3}) \|/gm;
/** The section on YAML that only kubectl accepts, which repeats codes with their texts. */
const STRICTER = /^### YAML that kubectl accepts and that is rejected here [^]*?(?=^#)/m;
const document = readFileSync(join(ROOT, 'docs', 'admission.md'), 'utf8');
const documented = matches(document.replace(STRICTER, ''), ROW);
const used = new Set(filesUnder('src').flatMap((text) => matches(text, /'?(ADMIT\d{3})\b/g)));

test('docs/admission.md has exactly one row for each code', () => {
  expect(documented.slice().sort()).toEqual([...used].sort());
});

test('the section on YAML that only kubectl accepts uses codes of the section above', () => {
  const [reading] = document.split(/^### /m);
  const stricter = matches(STRICTER.exec(document)![0], ROW);
  expect(new Set(stricter)).toEqual(new Set(['ADMIT152', 'ADMIT154', 'ADMIT157', 'ADMIT159', 'ADMIT160']));
  expect(matches(reading, ROW)).toEqual(expect.arrayContaining(stricter));
});

test('every code is tested', () => {
  const tests = filesUnder('test').join('\n');
  expect(documented.filter((code) => !tests.includes(code))).toEqual([]);
});
