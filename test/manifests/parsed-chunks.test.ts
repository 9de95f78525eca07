import { chunksOf } from '../../src/manifests/lines';
import { parseChunks } from '../../src/manifests/parsed-chunks';
import { fc } from '../support/fast-check';

const LINES = [
  '---', '---', '--- # c', '--- {a: b}', '--- |', '...', '%YAML 1.1', '# c', '', 'a: 1', 'b: &x [1]', 'c: *x', 'd: "', '"', '  e: |', '    ---', 'f: [',
  ']', '- g', '\tt', 'null', "'", '&y', '!!str', 'h: >-', '  i', '? j', '--- "', '---k', 'l: {', '}', 'a: 2\u2028---',
];

/** What is read, and what is said of the rest. */
function read(text: string, together: boolean): unknown[] {
  const chunks = chunksOf(text);
  const parsed = together ? parseChunks(chunks) : chunks.flatMap((chunk) => parseChunks([chunk]));
  return parsed.map(({ chunk, values, error }) => [chunk.firstLine, values, error && (error as Error).message]);
}

test('what is parsed in one go is what each chunk alone would be', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...LINES), { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, end) => {
    expect(read(lines.join(end), true)).toEqual(read(lines.join(end), false));
  }), { numRuns: 4000, seed: 1 });
});

test('more chunks than are parsed in one go are read in order, and one that is broken takes none with it', () => {
  const texts = Array.from({ length: 250 }, (_, index) => (index === 120 ? 'a: [' : `a: ${index}`));
  const parsed = parseChunks(chunksOf(texts.join('\n---\n')));
  const expected = texts.map((_, index) => (index === 120 ? [] : [{ a: index }]));
  expect(parsed.map(({ values }) => values)).toEqual(expected);
  expect(parsed.filter(({ error }) => error)).toHaveLength(1);
});

test('what a chunk reads of an anchor ends with it', () => {
  const [first, second] = parseChunks(chunksOf('a: &x 1\n---\nb: *x\n'));
  expect(first.values).toEqual([{ a: 1 }]);
  expect(second.error).toMatchObject({ reason: expect.stringContaining('unidentified alias') });
});

test('a directive belongs to the chunk that it stands in', () => {
  const chunks = chunksOf('a: 1\n...\n%YAML 1.1\n---\nb: 1\n');
  expect(parseChunks(chunks).map(({ values, error }) => [values, error !== undefined])).toEqual([[[], true], [[{ b: 1 }], false]]);
});
