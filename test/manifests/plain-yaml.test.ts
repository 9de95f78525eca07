import { plainYaml } from '../../src/manifests/plain-yaml';
import { PlaceIndex } from '../../src/manifests/yaml/place-index';
import { readYaml, tellYaml } from '../../src/manifests/yaml/read-yaml';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';

const SIMPLE = `---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {}
  annotations:
    note: 'one # of "two"'
    "9090": "it's: so"
spec:
  replicas: 3
  paused: no
  weight: 1.5
  mode: 0777
  nothing:
  none: null
  template:
    spec:
      containers:
      - name: app
        image: registry:5000/app@sha256:0a # never
      - image: app:1 beta
        args: []
        ports:

          - containerPort: 8080
          - 9090
`.replace(' # never', '');

test('reads simple YAML like the full parser', () => {
  expect(plainYaml(SIMPLE)).toEqual(readYaml(SIMPLE));
  expect(plainYaml(SIMPLE.trimEnd())).toEqual(readYaml(SIMPLE));
  expect(plainYaml(SIMPLE)).toMatchObject({ metadata: { labels: {} }, spec: { mode: 511, paused: false, nothing: null, weight: 1.5 } });
});

/** Where a value and those within it are written; -1 of what isn't found. */
function placesIn(index: PlaceIndex, value: unknown, node: number | undefined): number[] {
  if (node === undefined) return [-1];
  const steps = Array.isArray(value) ? [...value.keys()] : typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return [index.placeOf(node), ...steps.flatMap((step) => placesIn(index, (value as any)[step], index.childOf(node, step)))];
}

/** Where what is read of a text is written; undefined: it isn't simple. */
function plainPlaces(text: string): number[] | undefined {
  const index = new PlaceIndex();
  const value = plainYaml(text, undefined, index);
  return value === undefined ? undefined : placesIn(index, value, index.root);
}

function parsedPlaces(text: string): number[] {
  const index = new PlaceIndex();
  tellYaml(text.endsWith('\n') ? text : `${text}\n`, index);
  return placesIn(index, readYaml(text), index.root);
}

test('finds the same positions as the full parser in simple YAML', () => {
  expect(plainPlaces(SIMPLE)).toEqual(parsedPlaces(SIMPLE));
  expect(plainPlaces(SIMPLE)).toContain(SIMPLE.indexOf('9090\n'));
});

test.each([
  ['an empty text', ''],
  ['a list as the document', '- a: 1\n'],
  ['a scalar as the document', 'a\n'],
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n'],
  ['a key that YAML 1.1 reads as a boolean', 'on: 1\n'],
  ['an anchor', 'a: &b c\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a block scalar', 'a: |\n  b\n'],
  ['a flow collection', 'a: {b: c}\n'],
  ['an escape', 'a: "\\n"\n'],
  ['a comment beside a value', 'a: b # c\n'],
  ['a scalar of two lines', 'a: b\n  c\n'],
  ['a field below a scalar', 'a: b\n  c: d\n'],
  ['a field with too little indentation', 'a:\n    b: 1\n  c: 2\n'],
  ['an item among fields', 'a: 1\n- b\n'],
  ['a tab', 'a:\tb\n'],
  ['a carriage return', 'a: b\r\n'],
  ['a letter outside ASCII', 'a: é\n'],
  ['a list in a list', 'a:\n- - b\n'],
  ['a merge key', 'a:\n  <<: b\n'],
  ['the key __proto__', '"__proto__": 1\n'],
  ['a second document', 'a: 1\n---\nb: 2\n'],
  ['a document end mark', 'a: 1\n...\n'],
  ['a colon at the end of a value', 'a: b:\n'],
  ['deep nesting', Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
])('leaves to the full parser: %s', (_, text) => {
  expect(plainYaml(text)).toBeUndefined();
});

test.each(['a', 'a ', 'a:'])('a long line of repeated %j is either read correctly or left to the full parser', (part) => {
  for (const size of [500_000, 1_100_000]) {
    const text = `a: ${part.repeat(size / part.length)}a\n`;
    expect([undefined, text.slice(3, -1)]).toContain((plainYaml(text) as any)?.a);
  }
});

test('random texts are read as the full parser reads them, with equal positions, or left to it', () => {
  const indent = fc.constantFrom('', '', '  ', '  ', '    ', '      ', ' ');
  const dash = fc.constantFrom('', '', '', '- ', '-', '-  ');
  const key = fc.constantFrom('a:', 'b:', 'c.d/e-f:', '"80":', 'yes:', 'a :', '', '', 'null:', '"a":', '80:', 'constructor:');
  const gap = fc.constantFrom(' ', ' ', '', '  ');
  const value = fc.constantFrom(
    '', '', '', 'x', '1', '010', '0x1f', '1_000', '1e3', '1.5', '08', 'no', '~', 'Null', '{}', '[]', '"q: #"', "'s \\ '", "''", 'a b', 'a:b', 'a: b', 'a #b', 'a#b',
    'http://x:80/*', '#c', '/x', '2020-01-01', '12:30', '0b1', '1.', '"a" ', '-1', '.5', 'a ', '*x', '&x y', '!x', '|', '>', '...', '---', '%a', '0o7', '(', 'a(', '1e', '_', '0_', '__proto__');
  const line = fc.tuple(indent, dash, key, gap, value).map((parts) => parts.join(''));
  const text = fc.tuple(fc.constantFrom('', '', '---\n', '# c\n'), fc.array(line, { minLength: 1, maxLength: 7 }), fc.constantFrom('\n', '', '\n\n')).map(([start, lines, end]) => start + lines.join('\n') + end);
  fc.assert(fc.property(text, (each) => {
    const value_ = plainYaml(each);
    if (value_ === undefined) return;
    expect(readYaml(each)).toEqual(value_);
    expect(plainPlaces(each)).toEqual(parsedPlaces(each));
  }), { numRuns: casesOf('texts').count(5000) });
});

test('long texts are read, with any number of comments, but no long lines', () => {
  const [items, comments] = ['- a: 1\n'.repeat(200_000), '# nothing\n'.repeat(300_000)];
  expect(plainYaml(`list:\n${items}`)).toMatchObject({ list: { length: 200_000 } });
  expect(plainYaml(`${comments}a: 1\n${comments}`)).toEqual({ a: 1 });
  expect(plainYaml(`a: ${'x'.repeat(2 ** 20 + 1)}\n`)).toBeUndefined();
  expect(plainYaml(`a: 1\n${'b: 2\n'.replace('2', 'x'.repeat(2 ** 20 + 1))}`)).toBeUndefined();
});
