import { applied, changed, changeText, failsOn, FieldChange, readFailOn } from '../../src/findings/finding';

const object = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', namespace: 'shop', name: 'ratings' };
const set = (path: (string | number)[], value: unknown): FieldChange => ({ op: 'set', path, value });
const remove = (...path: (string | number)[]): FieldChange => ({ op: 'remove', path });

test.each<[string, FieldChange[], object, object]>([
  ['sets a field', [set(['spec', 'a'], 1)], { spec: { a: 0, b: 2 } }, { spec: { a: 1, b: 2 } }],
  ['makes what is on the way', [set(['spec', 'list', 0, 'a'], 1)], {}, { spec: { list: [{ a: 1 }] } }],
  ['adds to a list', [set(['list', 1], 'b')], { list: ['a'] }, { list: ['a', 'b'] }],
  ['removes a field', [remove('spec', 'a')], { spec: { a: 0, b: 2 } }, { spec: { b: 2 } }],
  ['removes an item of a list', [remove('list', 0)], { list: ['a', 'b'] }, { list: ['b'] }],
  ['does one after the other', [remove('a'), set(['b'], 1)], { a: 1 }, { b: 1 }],
])('%s, without changing the original object', (_, fields, before, after) => {
  const kept = JSON.stringify(before);
  expect(changed(before, fields)).toEqual(after);
  expect(JSON.stringify(before)).toBe(kept);
});

test.each([
  [{ object, fields: [set(['spec', 'mode'], 'STRICT')] }, 'set spec.mode to STRICT'],
  [{ object, fields: [remove('spec', 'a'), set(['spec', 'b', 0], { c: true })] }, 'remove spec.a, and set spec.b[0] to {"c":true}'],
  [{ object, fields: [set(['a'], 'true')] }, 'set a to \'true\''],
  [{ object: { ...object, name: 'other' }, fields: [remove('spec')] }, 'remove spec in DestinationRule shop/other'],
  [{ object: { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'shop' }, fields: [remove('spec')] }, 'remove spec in Namespace shop'],
  [{ object, manifest: { spec: { host: 'x' } } }, 'add DestinationRule shop/ratings with spec {"host":"x"}'],
  [{ object, delete: true as const }, 'delete DestinationRule shop/ratings'],
])('describes a change in words', (change, text) => expect(changeText(change, object)).toBe(text));

test('applies a change to an object', () => {
  expect(applied({ object, fields: [set(['a'], 1)] }, { b: 2 })).toEqual({ a: 1, b: 2 });
  expect(applied({ object, manifest: { a: 1 } })).toEqual({ a: 1 });
  expect(applied({ object, delete: true }, { a: 1 })).toBeUndefined();
});

test.each([
  ['error', ['error']],
  ['error,undecided', ['error', 'undecided']],
  [' warning , skipped ', ['warning', 'skipped']],
  ['never', ['never']],
])('%j is read', (list, words) => {
  expect(readFailOn(list)).toEqual(words);
  expect(readFailOn(words)).toEqual(words);
});

test.each<[string | unknown[], string]>([
  ['eror', 'failOn is \'eror\'; expected one or more of error, warning, info, undecided, conditional, skipped, never'],
  ['error,,info', 'failOn is \'\'; expected one or more of'],
  [[], 'failOn is empty; expected one or more of'],
  [[1], 'failOn is 1; expected'],
  [[undefined], 'failOn is '],
  ['never,error', 'failOn is \'never\' together with others; expected \'never\' alone'],
])('%j is refused', (list, message) => {
  expect(() => readFailOn(list)).toThrow(message);
});

test('only the words that there are are taken', () => {
  expect(() => readFailOn('undecided', ['error', 'never'])).toThrow('failOn is \'undecided\'; expected one or more of error, never');
});

test.each([
  ['error', ['error'], true], ['warning', ['error'], false], ['warning', ['warning'], true], ['error', ['warning'], true], ['info', ['warning'], false], ['info', ['undecided', 'info'], true],
  ['error', ['never'], false], ['error', ['undecided', 'skipped'], false],
] as const)('a finding of severity %s fails a run on %j: %j', (severity, failOn, fails) => {
  expect(failsOn({ severity }, failOn)).toBe(fails);
});
