import { withoutNulls } from '../../../src/admission/webhook/nulls';
import { toldOf } from '../../support/webhook';

test('drops fields that are null, at any depth', () => {
  expect(withoutNulls({ a: null, b: [{ c: null, d: 0 }], e: { f: null } })).toEqual({ b: [{ d: 0 }], e: {} });
});

test('keeps entries that are null: the API server refuses them', () => {
  expect(withoutNulls({ a: [null, 1] })).toEqual({ a: [null, 1] });
});

test('gives back an object without nulls as it is', () => {
  const object = { a: [{ b: '' }], c: false };
  expect(withoutNulls(object)).toBe(object);
});

test('keeps a field __proto__ a field', () => {
  const dropped = withoutNulls(JSON.parse('{"__proto__": {"a": 1}, "b": null}'));
  expect(Object.keys(dropped)).toEqual(['__proto__']);
});

// The API server drops the field before istiod sees it: admitted by both.
test.each([
  ['PeerAuthentication', { selector: null, portLevelMtls: null }],
  ['AuthorizationPolicy', { selector: null, rules: [{ from: null, to: null, when: null }] }],
  ['Telemetry', { tracing: [{ customTags: { a: null } }], metrics: null }],
])('takes null in a %s for absence', (kind, spec) => {
  expect(toldOf(kind, spec)).toEqual([]);
});
