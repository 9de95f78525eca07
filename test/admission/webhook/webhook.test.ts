import { CrdSchema } from '../../../src/admission/crds';
import { withoutNullFields } from '../../../src/admission/webhook/decoded';
import { toldOf, webhookObjections } from '../../support/admission/webhook';

test.each(['Unheard', 'constructor', '__proto__'])('accepts kind %s, which has no checks', (kind) => {
  expect(webhookObjections(kind, {})).toEqual([]);
});

const text: CrdSchema = { type: 'string' };
const map: CrdSchema = { type: 'object', additionalProperties: text };
const schema: CrdSchema = { type: 'object', properties: { a: text, b: { type: 'array', items: map }, c: { ...text, nullable: true }, e: map } };

test('drops null fields at any depth', () => {
  expect(withoutNullFields({ a: null, b: [{ c: null, d: '' }], c: null, e: { f: null } }, schema)).toEqual({ b: [{ d: '' }], e: {} });
});

test('doesn\'t descend into fields without a schema', () => {
  expect(withoutNullFields({ a: null, z: { y: null } }, schema)).toEqual({ z: { y: null } });
});

test('keeps null entries of lists, which the API server rejects', () => {
  expect(withoutNullFields({ a: null, b: [null, {}] }, schema)).toEqual({ b: [null, {}] });
});

test('returns an object without nulls unchanged', () => {
  const object = { a: '', b: [{ b: '' }] };
  expect(withoutNullFields(object, schema)).toBe(object);
});

test('keeps a field named __proto__', () => {
  const dropped = withoutNullFields(JSON.parse('{"__proto__": "a", "b": null}'), map) as object;
  expect(Object.keys(dropped)).toEqual(['__proto__']);
});

// The API server drops the field before istiod sees it: admitted by both.
test.each([
  ['PeerAuthentication', { selector: null, portLevelMtls: null }],
  ['AuthorizationPolicy', { selector: null, rules: [{ from: null, to: null, when: null }] }],
  ['Telemetry', { tracing: [{ customTags: { a: null } }], metrics: null }],
])('takes null in a %s as absent', (kind, spec) => {
  expect(toldOf(kind, spec)).toEqual([]);
});
