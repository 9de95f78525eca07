import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withArticle } from '../../src/findings/refusal';

test.each([
  ['object', 'an object'], ['undefined', 'an undefined'], ['integer', 'an integer'], ['AuthorizationPolicy', 'an AuthorizationPolicy'], ['ALLOW', 'an ALLOW'],
  ['number', 'a number'], ['DENY', 'a DENY'], ['user', 'a user'], ['unique name', 'a unique name'],
])('\'%s\' gets its article: \'%s\'', (noun, expected) => {
  expect(withArticle(noun)).toBe(expected);
});

test('no text of the library has \'a\' before a vowel', () => {
  const src = join(__dirname, '..', '..', 'src');
  const lines = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
    .flatMap((path) => readFileSync(join(src, path), 'utf8').split('\n').map((line) => `${path}: ${line.trim()}`));
  const wrong = /\ba (?!one\b|uint|use|user|uni|usual|URL|URI|UDP)[aeiouAEIO]\w|\ba \$\{(?:typeof|kind)/;
  expect(lines.filter((line) => wrong.test(line))).toEqual([
    expect.stringContaining('a oneOf'), // in a comment
  ]);
});
