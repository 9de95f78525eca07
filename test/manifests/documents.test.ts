import { chunksOf } from '../../src/manifests/documents';

const A = '{"a":1}';

/** The parts of a text, and the error of each unreadable one. */
const parts = (text: string) => [...chunksOf(text)].map(({ chunk, error }) => (error ? [chunk.text, error.at] : chunk.text));

// As k8s.io/apimachinery's decoder splits them.
test.each<[string, string, unknown[]]>([
  ['one document', 'a: 1', ['a: 1']],
  ['nothing', '', []],
  ['a mark at the beginning is a part of what follows', '---\na: 1\n---\nb: 2\n', ['---\na: 1\n', 'b: 2\n']],
  ['a mark after a mark, too', 'a: 1\n---\n---\nb: 2', ['a: 1\n', '---\nb: 2']],
  ['comments and spaces beside a mark', 'a: 1\n--- # c\nb: 2\n---\u00a0\u2028\t\r\nc: 3', ['a: 1\n', 'b: 2\n', 'c: 3']],
  ['text beside a mark', 'a: 1\n--- {b: 2}\n---\nc: 3', ['a: 1\n', ['--- {b: 2}\n', 0], 'c: 3']],
  ['dashes without a space', 'a: 1\n-----BEGIN X-----\n', ['a: 1\n', ['-----BEGIN X-----\n', 0]]],
  ['a byte order mark is no space', '---\uFEFF\n', [['---\uFEFF\n', 0]]],
  ['only a line feed begins a line', 'a: 1\u2028---\nb: 2\r---\n', ['a: 1\u2028---\nb: 2\r---\n']],
  ['JSON', `${A}\n`, [A]],
  ['what is no space for JSON before it makes it YAML', `\u00a0\n${A}`, [A]],
  ['JSON, and JSON', `  ${A}${A}\n[1]`, [A, A, '[1]']],
  ['JSON, and YAML in the next line', `${A}\n---\nb: 2\n---\nc: 3`, [A, '---\nb: 2\n', 'c: 3']],
  ['JSON, and YAML beside it', `${A} # c\nb: 2`, [A, '# c\nb: 2']],
  ['JSON twice, and no JSON', `${A}${A}\nb: 2`, [A, A, ['\nb: 2', 1]]],
  ['JSON, and less than four bytes', `${A} #c`, [A, [' #c', 0]]],
  ['JSON, and a character that stands for none', `${A}\uFFFD: 1`, [A, ['\uFFFD: 1', 0]]],
  ['what looks like JSON first', '{a: 1}\n---\nb: 2', ['{a: 1}\n', 'b: 2']],
  ['a brace far behind spaces', `${' '.repeat(4096)}${A}`, [`${' '.repeat(4096)}${A}`]],
  ['a number beyond all', '{"a":1e400}\n---\nb: 2', [['{"a":1e400}\n---\nb: 2', 5]]],
])('%s', (_, text, expected) => {
  expect(parts(text)).toEqual(expected);
});

test('very many lines of comments, and marks', () => {
  for (const line of ['# c\n', '---\n', '\n']) expect(parts(line.repeat(1_000_000)).length).toBeLessThanOrEqual(1_000_000);
});
