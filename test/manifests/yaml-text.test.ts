import { load } from 'js-yaml';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { yamlDocument } from '../../src/manifests/yaml-text';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';

/** What some version of YAML takes for something else than text, or for a sign of its own. */
const ODD = [
  '', ' ', 'yes', 'No', 'y', 'N', 'on', 'OFF', 'true', 'False', 'null', 'Null', '~', '1e3', '0x1f', '0o17', '017', '0b1', '1_000', '12:30:45', '.5', '-1', '+1', '1.', '.inf', '-.INF', '.nan', 'NaN', 'Infinity',
  '2026-11-27', '2026-11-27T10:00:00Z', '2001-12-14 21:59:43.10 -5', 'a: b', 'a:', ': a', 'a #b', '#a', '- a', '-', '---', '...', '? a', '| a', '> a', '!a', '&a', '*a', '%a', '@a', '`a', '{a', '[a', 'a]', ',',
  'two\nlines', 'a\n\n  b\n', '\n', '\ta', 'a ', ' a', 'a\r\nb', '"a"', '\'a\'', 'a\\nb', '<<', '=', 'a\u0085b', 'a\u2028b', 'a\u2029b', '\ufeffa', 'a\u007f', 'a\u0000', 'a\u001b[31m', 'a\u202eb', 'a\u00adb', '\uffff', 'é', '😀', '\u{e0001}',
];

const texts = fc.oneof(fc.constantFrom(...ODD), fc.string(), fc.string({ unit: 'binary' }), fc.tuple(fc.constantFrom(...ODD), fc.constantFrom(...ODD)).map(([one, other]) => one + other));
const keys = texts.filter((key) => key.length < 500 && key !== '__proto__');
const numbers = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0));
const values = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, texts, numbers, fc.boolean(), fc.constant(null), tie('list'), tie('mapping')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  mapping: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test.each(ODD)('%j is read back as the same string: as a value, a key and an item', (text) => {
  const value = { key: text, list: [text, [text]], [`k${text}`]: { [text]: text } };
  const written = yamlDocument(value);
  expect([readYaml(written), load(written)]).toEqual([value, value]);
});

test('any manifest is read back unchanged by this reader and by js-yaml', () => {
  fc.assert(fc.property(fc.dictionary(keys, values.value, { maxKeys: 5, noNullPrototype: true }), (value) => {
    const written = yamlDocument(value);
    expect(asJson(readYaml(written))).toEqual(asJson(value));
    expect(asJson(load(written))).toEqual(asJson(value));
  }), { numRuns: casesOf('texts').count(2_000) });
});

test('fields without a value are left out', () => {
  expect(yamlDocument({ a: undefined, b: {}, c: [], d: null, e: [{}, []] })).toBe('b: {}\nc: []\nd: null\ne:\n  - {}\n  - []\n');
});

test('a manifest is laid out as people write it', () => {
  const rule = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', spec: { host: 'a.b', subsets: [{ name: 'v1', labels: { version: '1' } }], ports: [[1, 2]] } };
  expect(yamlDocument(rule)).toBe([
    'apiVersion: networking.istio.io/v1', 'kind: DestinationRule', 'spec:', '  host: a.b', '  subsets:', '    - name: v1', '      labels:', '        version: "1"', '  ports:', '    - ', '      - 1', '      - 2', '',
  ].join('\n'));
});
