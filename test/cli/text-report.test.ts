import { BAD, GOOD, OLD, UNREADABLE } from './manifests';
import { sourceLine } from '../../src/cli/source-line';
import { command } from '../support/command';

async function printed(input: string, settings: { isTerminal?: boolean; columns?: number; env?: NodeJS.ProcessEnv } = {}) {
  return (await command(['validate', '-'], { input, ...settings })).out;
}

test('what is refused, what is warned about, what can\'t be read, and the sum', async () => {
  expect(await printed([GOOD, BAD, OLD, UNREADABLE].join('---\n'))).toMatchInlineSnapshot(`
"▸ PeerAuthentication shop/bad
  ✖ refused  <stdin>:17:5  ADMIT201
    found:    spec.mtls.mod is an unknown field ('STRICT')
    expected: a field that spec.mtls has: mode
    because:  the API server refuses unknown fields, or drops them without effect where it is told to be lenient
    fix:      write mode instead of mod
      17 |     mod: STRICT
         |     ^

▸ PeerAuthentication shop/old
  ℹ info  <stdin>:19:1  ADMIT108
    found:    apiVersion is 'security.istio.io/v1beta1'
    expected: 'security.istio.io/v1'
    because:  v1 is the stable version, and the older ones are kept only for old manifests
    fix:      write apiVersion: security.istio.io/v1; nothing else changes
      19 | apiVersion: security.istio.io/v1beta1
         | ^

✖ could not read  <stdin>:29:5  ADMIT151
    found:    a colon where no value may begin
    expected: YAML or JSON
    fix:      mend the text at this place
      29 | a: b: c
         |     ^

3 objects in 1 file: 1 refused (1 error), 1 to know, 1 could not be read.
"
`);
});

test('nothing refused is one line', async () => {
  expect(await printed(GOOD)).toBe('1 object in 1 file: nothing refused.\n');
});

test('a long line is cut out around the place', async () => {
  const object = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'a', namespace: 'b', annotations: { long: 'x'.repeat(300), long2: 'y'.repeat(300) } }, spec: { mod: 1, selector: { matchLabels: { a: 'z'.repeat(60) } } } };
  const [line, caret] = (await printed(JSON.stringify(object))).split('\n').slice(-5);
  expect(line).toMatch(/^ {6}1 \| ….{120}…?$/);
  expect(line.slice(caret.indexOf('^'))).toMatch(/^"mod":1/);
});

test('a tab stays one below the line', async () => {
  const [line, caret] = (await printed('{"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "metadata": {"name": "a", "namespace": "b"},\n\t"spec": {\t"mod": 1}}')).split('\n').slice(-5);
  expect([line, caret]).toEqual(['      2 | \t"spec": {\t"mod": 1}}', '        | \t         \t^']);
});

test.each([
  ['what takes two columns', 'a: {"日本": 1}', 9],
  ['what takes none', 'a: {"e\u0301u": 1}', 7],
  ['what is written out', 'a: {"\u200e\u200e": 1}', 17],
])('the caret is below its place after %s', (_, text, width) => {
  expect(sourceLine({ line: 1, column: text.lastIndexOf('"') + 1, text })![1]).toBe(`  | ${' '.repeat(width)}^`);
});

test('what commands a terminal is written out', async () => {
  const out = await printed(BAD.replace('bad', '"\\e[31mred\\n\\u202e"'));
  expect(out).not.toContain('\u001b');
  expect(out).toContain('PeerAuthentication shop/\\u001b[31mred\\u000a\\u202e');
});

describe('colours', () => {
  test.each<[string, boolean, NodeJS.ProcessEnv, boolean]>([
    ['on a terminal', true, {}, true],
    ['not in a file', false, {}, false],
    ['not in a pipeline\'s log', false, { CI: 'true' }, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('%s', async (_, isTerminal, env, expected) => {
    expect((await printed(BAD, { isTerminal, env })).includes('\u001b[31m')).toBe(expected);
  });
});

describe('prose on a terminal', () => {
  const longest = async (columns?: number) => Math.max(...(await printed(BAD, { isTerminal: true, columns, env: { NO_COLOR: '1' } })).split('\n').map(({ length }) => length));

  test('is as wide as the terminal, and goes on below where it began', async () => {
    const out = await printed(BAD, { isTerminal: true, columns: 70, env: { NO_COLOR: '1' } });
    expect(out).toContain([
      '    because:  the API server refuses unknown fields, or drops them',
      '              without effect where it is told to be lenient',
      '    fix:      write mode instead of mod',
    ].join('\n'));
  });

  test('is neither too narrow nor too wide to be read', async () => {
    expect(await longest(20)).toBeGreaterThan(50);
    expect(await longest(20)).toBeLessThanOrEqual(60);
    expect(await longest(90)).toBeLessThanOrEqual(90);
    expect(await longest(500)).toBeLessThanOrEqual(120);
  });

  test('stays one line where it goes into a file', async () => {
    expect(await printed(BAD)).toContain('refuses unknown fields, or drops them without effect');
  });
});
