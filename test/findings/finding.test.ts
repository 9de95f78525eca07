import { applied, changed, changeText, failsOn, FieldChange, readFailOn } from '../../src/findings/finding';

const object = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', namespace: 'shop', name: 'ratings' };
const set = (path: (string | number)[], value: unknown): FieldChange => ({ op: 'set', path, value });
const remove = (...path: (string | number)[]): FieldChange => ({ op: 'remove', path });

test.each<[string, FieldChange[], object, object]>([
  ['sets a field', [set(['spec', 'a'], 1)], { spec: { a: 0, b: 2 } }, { spec: { a: 1, b: 2 } }],
  ['sets a field and creates its parents', [set(['spec', 'list', 0, 'a'], 1)], {}, { spec: { list: [{ a: 1 }] } }],
  ['adds to a list', [set(['list', 1], 'b')], { list: ['a'] }, { list: ['a', 'b'] }],
  ['removes a field', [remove('spec', 'a')], { spec: { a: 0, b: 2 } }, { spec: { b: 2 } }],
  ['removes an item of a list', [remove('list', 0)], { list: ['a', 'b'] }, { list: ['b'] }],
  ['makes several changes in order', [remove('a'), set(['b'], 1)], { a: 1 }, { b: 1 }],
])('a change %s, without changing the original object', (_, fields, before, after) => {
  const kept = JSON.stringify(before);
  expect(changed(before, fields)).toEqual(after);
  expect(JSON.stringify(before)).toBe(kept);
});

test.each([
  ['a field that is set', { object, fields: [set(['spec', 'mode'], 'STRICT')] }, 'set spec.mode to STRICT'],
  ['fields that are removed and set', { object, fields: [remove('spec', 'a'), set(['spec', 'b', 0], { c: true })] }, 'remove spec.a, and set spec.b[0] to {"c":true}'],
  ['a field that is set to a string like a boolean', { object, fields: [set(['a'], 'true')] }, 'set a to \'true\''],
  ['a removal in another object', { object: { ...object, name: 'other' }, fields: [remove('spec')] }, 'remove spec in DestinationRule shop/other'],
  ['a removal in an object without a namespace', { object: { apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'shop' }, fields: [remove('spec')] }, 'remove spec in Namespace shop'],
  ['a new object', { object, manifest: { spec: { host: 'x' } } }, 'add DestinationRule shop/ratings with spec {"host":"x"}'],
  ['a deleted object', { object, delete: true as const }, 'delete DestinationRule shop/ratings'],
])('describes in words %s', (_, change, text) => expect(changeText(change, object)).toBe(text));

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
])('reads failOn \'%s\'', (list, words) => {
  expect(readFailOn(list)).toEqual(words);
  expect(readFailOn(words)).toEqual(words);
});

test.each<[string, string | unknown[], string]>([
  ['a misspelt word', 'eror', 'failOn is \'eror\'; expected one or more of error, warning, info, undecided, conditional, skipped, never'],
  ['an empty word', 'error,,info', 'failOn is \'\'; expected one or more of'],
  ['an empty list', [], 'failOn is empty; expected one or more of'],
  ['a number', [1], 'failOn is 1; expected'],
  ['a missing word', [undefined], 'failOn is '],
  ['never with another word', 'never,error', 'failOn is \'never\' together with others; expected \'never\' alone'],
])('failOn with %s is refused', (_, list, message) => {
  expect(() => readFailOn(list)).toThrow(message);
});

test('only the words that there are are taken', () => {
  expect(() => readFailOn('undecided', ['error', 'never'])).toThrow('failOn is \'undecided\'; expected one or more of error, never');
});

test.each([
  ['error', ['error'], true], ['warning', ['error'], false], ['warning', ['warning'], true], ['error', ['warning'], true], ['info', ['warning'], false], ['info', ['undecided', 'info'], true],
  ['error', ['never'], false], ['error', ['undecided', 'skipped'], false],
] as const)('whether a finding of severity %s fails a run with failOn %j: %s', (severity, failOn, fails) => {
  expect(failsOn({ severity }, failOn)).toBe(fails);
});
