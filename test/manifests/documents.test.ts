import { chunksOf } from '../../src/manifests/documents';

const A = '{"a":1}';

/** The parts of a text, and the error of each unreadable one. */
const parts = (text: string) => [...chunksOf(text)].map(({ chunk, error }) => (error ? [chunk.text, error.at] : chunk.text));

// As k8s.io/apimachinery's decoder splits them.
test.each<[string, string, unknown[]]>([
  ['one document', 'a: 1', ['a: 1']],
  ['nothing', '', []],
  ['a mark at the beginning belongs to the document that follows', '---\na: 1\n---\nb: 2\n', ['---\na: 1\n', 'b: 2\n']],
  ['a mark directly after another mark begins the next document', 'a: 1\n---\n---\nb: 2', ['a: 1\n', '---\nb: 2']],
  ['comments and white space beside a mark', 'a: 1\n--- # c\nb: 2\n---\u00a0\u2028\t\r\nc: 3', ['a: 1\n', 'b: 2\n', 'c: 3']],
  ['text beside a mark is an error', 'a: 1\n--- {b: 2}\n---\nc: 3', ['a: 1\n', ['--- {b: 2}\n', 0], 'c: 3']],
  ['dashes without a space after them are an error', 'a: 1\n-----BEGIN X-----\n', ['a: 1\n', ['-----BEGIN X-----\n', 0]]],
  ['a byte order mark isn\'t white space', '---\uFEFF\n', [['---\uFEFF\n', 0]]],
  ['only a line feed begins a line', 'a: 1\u2028---\nb: 2\r---\n', ['a: 1\u2028---\nb: 2\r---\n']],
  ['JSON', `${A}\n`, [A]],
  ['white space that JSON doesn\'t allow makes the text YAML', `\u00a0\n${A}`, [A]],
  ['JSON objects side by side', `  ${A}${A}\n[1]`, [A, A, '[1]']],
  ['JSON, then YAML in the next line', `${A}\n---\nb: 2\n---\nc: 3`, [A, '---\nb: 2\n', 'c: 3']],
  ['JSON, then YAML in the same line', `${A} # c\nb: 2`, [A, '# c\nb: 2']],
  ['two JSON objects, then text that isn\'t JSON, which is an error', `${A}${A}\nb: 2`, [A, A, ['\nb: 2', 1]]],
  ['JSON, then fewer than four bytes, which is an error', `${A} #c`, [A, [' #c', 0]]],
  ['JSON, then a replacement character, which is an error', `${A}\uFFFD: 1`, [A, ['\uFFFD: 1', 0]]],
  ['YAML whose first line looks like JSON', '{a: 1}\n---\nb: 2', ['{a: 1}\n', 'b: 2']],
  ['a brace after 4096 spaces', `${' '.repeat(4096)}${A}`, [`${' '.repeat(4096)}${A}`]],
  ['a JSON number that no float can hold is an error', '{"a":1e400}\n---\nb: 2', [['{"a":1e400}\n---\nb: 2', 5]]],
])('is split into documents as Kubernetes splits it: %s', (_, text, expected) => {
  expect(parts(text)).toEqual(expected);
});

test('a million lines of comments or marks are split without a crash', () => {
  for (const line of ['# c\n', '---\n', '\n']) expect(parts(line.repeat(1_000_000)).length).toBeLessThanOrEqual(1_000_000);
});
