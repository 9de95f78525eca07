import { readManifests } from '../../src/manifests/manifests';
import { processorSeconds } from '../support/command/processor-time';

const A = 'apiVersion: v1\nkind: A\nmetadata:\n  name: a\n';
const B = 'apiVersion: v1\nkind: B\n';

function kinds(text: string) {
  const { documents, problems } = readManifests(text, 'f.yaml');
  expect(problems).toEqual([]);
  return documents.map(({ object }) => object.kind);
}

function problemsOf(text: string) {
  return readManifests(text, 'f.yaml').problems.map(({ code, file, position: { line, column, text: line_ } }) => [code, file, line, column, line_]);
}

describe('documents', () => {
  test.each([
    ['one document', A, ['A']],
    ['several documents', `${A}---\n${B}`, ['A', 'B']],
    ['a separator at the beginning and the end', `---\n${A}---\n`, ['A']],
    ['separators with comments', `${A}--- # next\n${B}`, ['A', 'B']],
    ['a document end mark', `${A}...\n# the end\n---\n${B}`, ['A', 'B']],
    ['JSON objects without separators', '{"kind":"A"}{"kind":"B"}\n{"kind":"C"}', ['A', 'B', 'C']],
    ['JSON, then YAML', `{"kind":"A"}\n---\n${B}`, ['A', 'B']],
    ['YAML that looks like JSON', '{kind: A}\n', ['A']],
    ['empty documents, and documents of comments only', `# a\n\n---\n# b\n---\n---\n${A}`, ['A']],
    ['an empty text', '', []],
    ['a document that is null', 'null\n', []],
    ['carriage returns', `${A}---\n${B}`.replaceAll('\n', '\r\n'), ['A', 'B']],
    ['a byte order mark', `\uFEFF${A}`, ['A']],
    ['a JSON object with an escaped slash', '{"kind": "A",\n\t"metadata": {"name": "a\\/b"}}', ['A']],
    ['a separator inside a block scalar', 'kind: A\ndata: |\n  ---\n  x\n', ['A']],
    ['a List', 'kind: List\nitems:\n- kind: A\n- kind: B\n', ['A', 'B']],
    ['a typed List', 'kind: ConfigMapList\nitems: [{kind: A}]\n', ['A']],
    ['a typed List, whose items get its kind', 'kind: PodList\napiVersion: v1\nitems: [{metadata: {}}, {kind: A}, {apiVersion: v1}]\n', ['Pod', 'A', undefined]],
    ['an object of any kind with items', 'kind: Bag\nitems: [{kind: A}]\n', ['A']],
    ['items without a kind around them', 'items: [5]\n', [undefined]],
    ['an item whose own items aren\'t a list', 'kind: List\nitems: [{kind: A, items: null}, {kind: B, items: {}}]\n', ['A', 'B']],
    ['a List whose items are null', 'kind: List\nitems:\n', []],
    ['an empty List', 'kind: List\nitems: []\n', []],
    ['an object whose kind ends in List, without items', 'kind: AllowList\n', ['AllowList']],
  ])('the objects are read of: %s', (_, text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });
});

// What sigs.k8s.io/yaml v1.6.0, which kubectl reads with, makes of them.
test.each<[string, unknown]>([
  ['yes', true], ['y', true], ['On', true], ['TRUE', true], ['n', false], ['No', false], ['off', false], ['yEs', 'yEs'], ['"yes"', 'yes'],
  ['', null], ['~', null], ['Null', null], ['nUll', 'nUll'],
  ['0777', 511], ['0o17', 15], ['0x1F', 31], ['-0b11', -3], ['08', 8], ['+5', 5], ['1_000', 1000], ['_1', '_1'], ['-0', 0],
  ['.5', 0.5], ['5.', 5], ['1e3', 1000], ['1E3', 1000], ['1e', '1e'], ['0x', '0x'], ['0o8', '0o8'], ['1e400', '1e400'],
  ['1:30', '1:30'], ['2001-01-01', '2001-01-01'], ['1.2.3', '1.2.3'], ['=', '='],
  ['!!str 5', '5'], ['!!int "5"', 5], ['!!bool "yes"', true], ['!foo bar', 'bar'], ['!foo [1]', [1]], ['!!binary aGVsbG8=', 'hello'], ['!!timestamp 2001-01-01', '2001-01-01'],
  ['"\\U0001f600"', '😀'], ['1152921504606846976', 2 ** 60], ['18446744073709551616', 18446744073709551616], ['0b-11', -3], ['.5_0', 0.5],
])('kubectl and the reader take %s for %j', (text, value) => {
  const [{ object }] = readManifests(`kind: A\nvalue: ${text}\n`, 'f').documents;
  expect(object.value).toEqual(value);
});

test('keys become strings, as in kubectl', () => {
  const [{ object }] = readManifests('8080: a\n0777: b\nyes: c\n1.5: d\n__proto__: {e: f}\n', 'f').documents;
  expect(JSON.stringify(object)).toBe('{"511":"b","8080":"a","true":"c","1.5":"d","__proto__":{"e":"f"}}');
  expect(({} as any).e).toBeUndefined();
});

test('aliases and merge keys are resolved', () => {
  const [{ object }] = readManifests('a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n', 'f').documents;
  expect(object).toEqual({ a: { b: 1 }, c: { b: 1 }, d: { b: 1, e: 2 } });
});

test('a null key inside a value that a merge replaces is ignored, as in kubectl', () => {
  const [{ object }] = readManifests('kind: A\nname: {?}#\n<<: {name: }\n', 'a.yaml').documents;
  expect(object).toEqual({ kind: 'A', name: null });
});

describe('unreadable manifests', () => {
  test.each([
    ['a nested mapping in one line', 'kind: A\na: b: c\n', 'ADMIT151', 2, 5, 'a: b: c'],
    ['an unterminated string', 'kind: A\na: "x\n', 'ADMIT151', 2, 4, 'a: "x'],
    ['an alias without an anchor', 'kind: A\na: *b\n', 'ADMIT151', 2, 4, 'a: *b'],
    ['YAML after two JSON objects', '{"kind":"A"}{"kind":"B"}\nkind: C\n', 'ADMIT151', 2, 1, 'kind: C'],
    ['an escape of JSON in YAML that has no such escape', '--- #\n{"name": "a\\/b"}', 'ADMIT151', 2, 12, '{"name": "a\\/b"}'],
    ['content beside a separator', '--- {kind: B}\n', 'ADMIT151', 1, 1, '--- {kind: B}'],
    ['a YAML directive', '%YAML 1.1\n---\n', 'ADMIT160', 1, 1, '%YAML 1.1'],
    ['a TAG directive', 'a: 1\u2028%TAG !a! b\n', 'ADMIT160', 1, 6, 'a: 1\u2028%TAG !a! b'],
    ['a null key', 'kind: A\n~: 1\n', 'ADMIT160', 2, 1, '~: 1'],
    ['a null key that is merged', 'kind: A\na: {<<: {~: 1}}\n', 'ADMIT160', 2, 10, 'a: {<<: {~: 1}}'],
    ['a null key in a merged value, with another alias to it', 'kind: A\na: &x {~: 1}\nb: *x\n<<: {a: 1}\n', 'ADMIT160', 2, 8, 'a: &x {~: 1}'],
    ['an integer that a JavaScript number can\'t hold', 'kind: A\na: 9007199254740993\n', 'ADMIT160', 2, 4, 'a: 9007199254740993'],
    ['an integer in JSON that a JavaScript number can\'t hold', '{"kind": "A", "a": 9007199254740993}', 'ADMIT160', 1, 20, '{"kind": "A", "a": 9007199254740993}'],
    ['infinity', 'kind: A\na: .inf\n', 'ADMIT160', 2, 4, 'a: .inf'],
    ['a byte order mark inside the text', 'kind: A\na: \uFEFFb\n', 'ADMIT160', 2, 4, 'a: \uFEFFb'],
    ['a second document after an end mark', 'kind: A\n...\nkind: B\n', 'ADMIT159', 3, 1, 'kind: B'],
    ['text after a flow mapping', '--- #\n{kind: A} b\n', 'ADMIT159', 2, 11, '{kind: A} b'],
    ['invalid YAML after an end mark', 'kind: A\n...\n"\n', 'ADMIT159', 2, 1, '...'],
    ['a second document after a line end that only YAML 1.1 knows', 'kind: A\u2028---\u2028kind: B\n', 'ADMIT159', 1, 9, 'kind: A\u2028---\u2028kind: B'],
    ['a duplicate key', 'kind: A\na: 1\na: 2\n', 'ADMIT152', 3, 1, 'a: 2'],
    ['a duplicate key in JSON', '{"a": 1, "a": 2}', 'ADMIT152', 1, 10, '{"a": 1, "a": 2}'],
    ['an alias inside its own anchor', 'a: &x\n  b: *x\n', 'ADMIT153', 2, 6, '  b: *x'],
    ['a list as a document', '- kind: A\n', 'ADMIT155', 1, 1, '- kind: A'],
    ['a string as a document', 'hello', 'ADMIT155', 1, 1, 'hello'],
    ['a string as an item of a List', 'kind: List\nitems:\n- kind: A\n- 5\n', 'ADMIT155', 4, 3, '- 5'],
    ['a List in a List', 'kind: List\nitems:\n- kind: List\n  items: [{kind: A}]\n', 'ADMIT168', 3, 3, '- kind: List'],
    ['an empty List in a List', 'kind: List\nitems:\n- {kind: List, items: []}\n', 'ADMIT168', 3, 3, '- {kind: List, items: []}'],
    ['a List without a kind in a List', 'kind: f\nitems:\n- apiVersion: v\n  items: [{}]\n', 'ADMIT168', 3, 3, '- apiVersion: v'],
    ['a List whose items lack their dashes', 'kind: List\nitems:\n  kind: A\n', 'ADMIT168', 2, 1, 'items:'],
    ['a List whose items are a string', 'kind: List\nitems: a\n', 'ADMIT168', 2, 1, 'items: a'],
    ['a tab as indentation', 'kind: A\na:\n\t- b\n', 'ADMIT156', 3, 1, '\t- b'],
    ['bytes that aren\'t text', 'kind: A\u0000', 'ADMIT157', 1, 8, 'kind: A\u0000'],
  ])('are reported with code, line and column: %s', (_, text, code, line, column, lineText) => {
    expect(problemsOf(text)).toEqual([[code, 'f.yaml', line, column, lineText]]);
  });

  test('don\'t hide the other documents, whose positions count from the start of the file', () => {
    const { documents, problems: [problem] } = readManifests(`${A}---\nkind: X\na: [\n---\n${B}`, 'f.yaml');
    expect(documents.map(({ object }) => object.kind)).toEqual(['A', 'B']);
    expect(problem).toMatchObject({ code: 'ADMIT151', position: { line: 8 }, expected: 'YAML or JSON', fix: 'correct the text at this position' });
  });

  test('a List in a List doesn\'t hide the other items', () => {
    const { documents, problems } = readManifests('kind: List\nitems: [{kind: A}, {kind: List, items: [{kind: B}]}, {kind: C}]\n', 'f.yaml');
    expect(documents.map(({ object }) => object.kind)).toEqual(['A', 'C']);
    expect(problems).toMatchObject([{ code: 'ADMIT168', actual: 'a List in a List', because: 'kubectl rejects the whole List' }]);
  });

  test.each([
    ['{kind: A}', 'a mapping'],
    ['a', 'a string of 1 characters'],
    ['5', 'the number 5'],
  ])('a List whose items are %s is reported', (items, what) => {
    const { problems: [problem] } = readManifests(`kind: List\nitems: ${items}\n`, 'f.yaml');
    expect(problem.actual).toBe(`a List whose items are ${what}`);
  });

  test('aliases that expand exponentially are rejected quickly', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `a${level}: &a${level} [${Array(9).fill(level === 0 ? 'x' : `*a${level - 1}`).join(',')}]\n`);
    expect(problemsOf(`kind: A\n${levels.join('')}`)).toEqual([['ADMIT153', 'f.yaml', 5, 22, 'a3: &a3 [*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2,*a2]']]);
  });

  test.each([
    ['of JSON lists', '['.repeat(100_000)],
    ['of JSON objects', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)],
    ['of YAML lists', '- '.repeat(5_000)],
  ])('deep nesting is rejected: %s', (_, text) => {
    expect(problemsOf(text).map(([code]) => code)).toEqual(['ADMIT154']);
  });
});

describe('positions', () => {
  const text = `${A}---\n# the second\nkind: List\nitems:\n- kind: B\n  spec:\n    "host": x\n    list:\n    - one\n    - {two: 2}\n    ports: {8080: {mode: STRICT}}\n    same: &s {deep: 1}\n    again: *s\n`;
  const { documents: [a, b] } = readManifests(text, 'f.yaml');

  test.each<[string, any, (string | number)[], number, number, string]>([
    ['a field', a, ['metadata', 'name'], 4, 3, '  name: a'],
    ['the object', a, [], 1, 1, 'apiVersion: v1'],
    ['a missing field, which has the position of its parent', a, ['metadata', 'labels', 'x'], 3, 1, 'metadata:'],
    ['a missing top-level field', a, ['spec'], 1, 1, 'apiVersion: v1'],
    ['an item of a List', b, [], 9, 3, '- kind: B'],
    ['a quoted key', b, ['spec', 'host'], 11, 5, '    "host": x'],
    ['an item', b, ['spec', 'list', 0], 13, 7, '    - one'],
    ['a field of an item', b, ['spec', 'list', 1, 'two'], 14, 8, '    - {two: 2}'],
    ['a key that is a number', b, ['spec', 'ports', '8080', 'mode'], 15, 20, '    ports: {8080: {mode: STRICT}}'],
    ['a field behind an alias, which has the position at the anchor', b, ['spec', 'again', 'deep'], 16, 15, '    same: &s {deep: 1}'],
  ])('are found of: %s', (_, object, field, line, column, lineText) => {
    expect(object.positionOf(field)).toEqual({ line, column, text: lineText });
  });

  test('count carriage returns, and ignore a byte order mark', () => {
    const [, second] = readManifests(`\uFEFF${`${A}---\n${B}`.replaceAll('\n', '\r\n')}`, 'f').documents;
    expect(second.positionOf(['kind'])).toEqual({ line: 7, column: 1, text: 'kind: B' });
  });

  const mesh = (header: string) => `kind: ConfigMap\ndata:\n  mesh: ${header}\n\n    # mTLS\n    meshMTLS:\n      cipherSuites:\n      - A\n`;

  test.each<[string, string, (string | number)[], number, number]>([
    ['a field', '|', ['meshMTLS', 'cipherSuites'], 7, 7],
    ['an item', '|-', ['meshMTLS', 'cipherSuites', 0], 8, 9],
    ['a missing field, which has the position of its parent', '|', ['meshMTLS', 'x'], 6, 5],
    ['the string itself', '|', [], 3, 3],
    ['a field in a folded scalar, which has the position of the scalar', '>', ['meshMTLS', 'cipherSuites'], 3, 3],
  ])('are found in a mesh config inside a ConfigMap: %s', (_, header, field, line, column) => {
    const plain = mesh(header);
    for (const [before, written] of [[0, plain], [0, plain.replaceAll('\n', '\r\n')], [2, `a: 1\n---\n${plain}`]] as const) {
      const document = readManifests(written, 'f').documents.at(-1)!;
      expect(document.positionOf(['data', 'mesh', ...field])).toEqual({ line: before + line, column, text: plain.split('\n')[line - 1] });
    }
  });

  test('an alias refers to the last anchor of its name before it', () => {
    const [document] = readManifests('a: &x {b: 1}\nc: *x\nd: &x {b: 2}\ne: *x\n', 'f').documents;
    expect(['c', 'e'].map((field) => document.positionOf([field, 'b']).line)).toEqual([1, 3]);
  });

  test('of 3000 fields in one string are found quickly, because it is parsed once', () => {
    const keys = Array.from({ length: 3000 }, (_, index) => `f${index}`);
    const seconds = processorSeconds(() => {
      const [document] = readManifests(`kind: ConfigMap\ndata:\n  mesh: |\n${keys.map((key) => `    ${key}: 1\n`).join('')}`, 'f').documents;
      expect(keys.map((key) => document.positionOf(['data', 'mesh', key]).line)).toEqual(keys.map((_, index) => index + 4));
    });
    expect(seconds).toBeLessThan(5); // a parse for each field takes a minute
  });

  test('are found in a document of ten megabytes', () => {
    const [document] = readManifests(`kind: A\nlong: ${'x'.repeat(10 * 1024 * 1024)}\nspec: {a: [1]}\n`, 'f').documents;
    expect(document.positionOf(['spec', 'a', 0])).toEqual({ line: 3, column: 12, text: 'spec: {a: [1]}' });
  });

  test('are found in JSON, and in YAML after JSON', () => {
    const json = readManifests('{"kind":"A"} {"a":\n  {"b": [1]}}', 'f').documents;
    expect(json.map((document, index) => document.positionOf([['kind'], ['a', 'b', 0]][index]))).toMatchObject([{ line: 1, column: 2 }, { line: 2, column: 10 }]);
    const [, yaml] = readManifests('{"kind":\n"A"}\n---\nb:\n  c: 1\n', 'f').documents;
    expect(yaml.positionOf(['b', 'c'])).toEqual({ line: 5, column: 3, text: '  c: 1' });
  });
});

test('an integer that no float can hold is unreadable, and doesn\'t crash', () => {
  expect(readManifests(`{"kind": "A", "spec": {"a": ${'9'.repeat(400)}}}`, 'f').problems).toHaveLength(1);
  expect(readManifests(`kind: A\nspec: {a: ${'9'.repeat(400)}}\n`, 'f').problems.length).toBeLessThan(2);
});
