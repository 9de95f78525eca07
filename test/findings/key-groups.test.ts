import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyGroups } from '../../src/findings/key-groups';

const ROOT = join(__dirname, '../..');

/** Letters of base64, as random as a key's, and the same in each run. */
const keys = Array.from({ length: 20 }, (_, key) => Buffer.concat(Array.from({ length: 12 }, (__, part) => createHash('sha512').update(`${key} ${part}`).digest())).toString('base64').replace(/=*$/, ''));

const open = (text: string, isPlain: boolean): number => {
  const spans = keyGroups(text, isPlain);
  const pieces = [...spans, [text.length, text.length] as const].map(([start], index) => text.slice(spans[index - 1]?.[1] ?? 0, start));
  return Math.max(...pieces.map((piece) => piece.replace(/\\[nrt]|[^A-Za-z0-9+/]/g, '').length));
};

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 24, 39])('a key in groups of %i characters is redacted but for less than 20 of them', (size) => {
  for (const key of keys) {
    const grouped = key.match(new RegExp(`.{1,${size}}`, 'g'))!;
    for (const separator of [' ', '\n', ', ', '\\n', '\n- ', '.']) expect(open(grouped.join(separator), false)).toBeLessThan(20);
    for (const separator of ['", "', '"\n"', '][']) expect(open(grouped.join(separator), true)).toBeLessThan(20);
  }
});

test('quotes of JSON end a key', () => {
  const json = JSON.stringify(keys[0].match(/.{1,8}/g));
  expect([keyGroups(json, false), keyGroups(json, true).length]).toEqual([[], 1]);
});

test('finds no key in the documentation', () => {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => readFileSync(join(ROOT, 'docs', name), 'utf8'));
  expect(pages.flatMap((page) => keyGroups(page, true).map(([start, end]) => page.slice(start, end)))).toEqual([]);
  const rules = readdirSync(join(ROOT, 'test/analysis/rules'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).map((name) => readFileSync(join(ROOT, 'test/analysis/rules', name), 'utf8'));
  expect(rules.flatMap((text) => keyGroups(text, true).map(([start, end]) => text.slice(start, end)))).toEqual([]);
});

test('reads a text of ten million characters quickly', () => {
  expect(keyGroups('a b1C '.repeat(1_700_000), true).length).toBeLessThan(2);
});
