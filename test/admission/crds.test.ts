import { compile } from '../../src/admission/cel/environment';
import { hasRuleText } from '../../src/admission/cel/rules';
import { CrdSchema, ISTIO_CRDS, ValidationRule } from '../../src/admission/crds';

function everyNode(schema: CrdSchema): CrdSchema[] {
  const children = [
    ...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties, schema.not,
    ...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? []),
  ].filter((child) => child !== undefined);
  return [schema, ...children.flatMap(everyNode)];
}

const nodes = ISTIO_CRDS.flatMap(({ schema }) => everyNode(schema));
const rules = nodes.flatMap((node): readonly ValidationRule[] => node['x-kubernetes-validations'] ?? []);

// When this fails after `npm run import -- --api`, teach structure/ the new keyword or format.
test('the vendored CRDs use only keywords and formats that structure/ implements', () => {
  expect([...new Set(nodes.flatMap((node) => Object.keys(node)))].sort()).toEqual([
    'additionalProperties', 'allOf', 'anyOf', 'enum', 'format', 'items', 'maxItems', 'maxLength', 'maxProperties', 'maximum',
    'minItems', 'minLength', 'minProperties', 'minimum', 'not', 'nullable', 'oneOf', 'pattern', 'properties', 'required', 'type',
    'x-istio-since', 'x-istio-values-since', 'x-kubernetes-int-or-string', 'x-kubernetes-list-map-keys', 'x-kubernetes-list-type', 'x-kubernetes-preserve-unknown-fields',
    'x-kubernetes-validations',
  ]);
  const formats = nodes.filter(({ format }) => format).map(({ type, format }) => `${type}:${format}`);
  expect([...new Set(formats)].sort()).toEqual(['integer:int32', 'number:double', 'string:byte', 'string:date-time']);
  expect(nodes.filter((node) => node['x-kubernetes-list-type']).map((node) => node['x-kubernetes-list-type'])).toEqual(Array(5).fill('map'));
});

test('every rule of the vendored CRDs compiles and has a text', () => {
  expect(rules.length).toBeGreaterThan(100);
  expect(rules.filter((rule) => !hasRuleText(rule))).toEqual([]);
  for (const { rule } of rules) expect(compile(rule)).toBeInstanceOf(Function);
});

test('the rules of the vendored CRDs use only features that cel/ implements', () => {
  expect([...new Set(rules.flatMap((rule) => Object.keys(rule)))].sort()).toEqual(['message', 'rule']);
  expect(rules.filter(({ rule }) => rule.includes('oldSelf'))).toEqual([]);
  expect(nodes.filter((node) => 'default' in node)).toEqual([]);
});
