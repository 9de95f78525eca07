import { celValue } from '../../../src/admission/cel/cel';
import { compile } from '../../../src/admission/cel/environment';
import { plainRule } from '../../../src/admission/cel/rules';
import { CrdSchema, ISTIO_CRDS } from '../../../src/admission/crds';
import { casesOf } from '../../support/random/cases';
import { fc } from '../../support/random/fast-check';

const TEXTS = [
  '', 'a', '*', 'a*', 'NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', '10.0.0.0', '10.0.0.0/8', 'unix://', 'unix:///a', 'unix://@a', 'unix:///a/',
  'unix://a', 'a/', '1ms', '999us', '0.001s', '-1s', '10s', '1h1m', '5', '9999999h', '80', '0', '080', '+80', '65535', '65536', 'a.b', 'a-',
  'a'.repeat(62), 'a'.repeat(63), '__proto__', '😀',
];
const NUMBERS = [-1, 0, 1, 80, 65535, 65536];

/** Every rule of the CRDs once, with the schema that it is written at. */
function allRules(): Map<string, CrdSchema> {
  const rules = new Map<string, CrdSchema>();
  const collect = (schema: CrdSchema | undefined): void => {
    if (!schema) return;
    for (const { rule } of schema['x-kubernetes-validations'] ?? []) rules.set(rule, schema);
    for (const part of [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties]) collect(part);
  };
  for (const { schema } of ISTIO_CRDS) collect(schema);
  return rules;
}

/** Values that fit a schema, with those of its fields that a rule names. */
function valuesOf(schema: CrdSchema, rule: string): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'string': return fc.constantFrom(...schema.enum ?? TEXTS);
    case 'integer': return fc.constantFrom(...NUMBERS);
    case 'array': return fc.array(valuesOf(schema.items!, rule), { maxLength: 3 });
    case 'object': return objectsOf(schema, rule);
    default: return fc.constant(true);
  }
}

function objectsOf({ properties, additionalProperties, required = [] }: CrdSchema, rule: string): fc.Arbitrary<unknown> {
  if (!properties) {
    const entries = fc.array(fc.tuple(fc.constantFrom(...TEXTS), orNull(valuesOf(additionalProperties ?? { type: 'string' }, rule))), { maxLength: 3 });
    return entries.map((pairs) => Object.fromEntries(pairs));
  }
  const named = Object.entries(properties).filter(([name]) => new RegExp(`\\.${name}\\b`).test(rule));
  const fields = named.map(([name, field]) => [name, required.includes(name) ? valuesOf(field, rule) : orNull(valuesOf(field, rule))]);
  return fc.record<any>(Object.fromEntries(fields), { requiredKeys: required.filter((name) => named.some(([other]) => other === name)) });
}

function orNull(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.option(values, { freq: 8 });
}

const { seed, count } = casesOf('hostile');
const RULES = [...allRules()].filter(([rule]) => plainRule(rule));

test('the most frequent rules have a shortcut', () => {
  expect(RULES.map(([rule]) => rule)).toHaveLength(27);
});

test.each(RULES)('a shortcut accepts only what CEL accepts: %s', (rule, schema) => {
  const [program, surelyHolds] = [compile(rule), plainRule(rule)!];
  // A value that always is the same: random ones may all be without a plain answer.
  const known = fc.sample(valuesOf(schema, rule), { seed: 1, numRuns: 500 }).find((value) => surelyHolds(value));
  expect(known).toBeDefined();
  expect(program(celValue(known, schema))).toBe(true);
  fc.assert(fc.property(valuesOf(schema, rule), (value) => {
    if (!surelyHolds(value)) return;
    expect(program(celValue(value, schema))).toBe(true);
  }), { seed, numRuns: count(500) });
});

test('a rule of no vendored CRD is evaluated by CEL', () => {
  expect(plainRule('self.count < 3')).toBeUndefined();
  expect(plainRule('constructor')).toBeUndefined();
});
