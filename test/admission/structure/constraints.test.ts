import { CrdSchema } from '../../../src/admission/crds';
import { checkAlternatives } from '../../../src/admission/structure/constraints';
import { objectionsOf } from '../../support/admission/objections';

const codes = (value: unknown, schema: CrdSchema) => objectionsOf((at) => checkAlternatives(at, value, schema)).map(({ code }) => code);

const needs = (...required: string[]): CrdSchema => ({ required }) as CrdSchema;

test.each<[string, unknown, CrdSchema, string[]]>([
  ['anyOf with one match', { a: 1 }, { anyOf: [needs('a'), needs('b')] } as CrdSchema, []],
  ['anyOf without a match', {}, { anyOf: [needs('a'), needs('b')] } as CrdSchema, ['ADMIT211']],
  ['not with a match', { a: 1 }, { not: needs('a') } as CrdSchema, ['ADMIT211']],
  ['not without a match', {}, { not: needs('a') } as CrdSchema, []],
  ['oneOf without a match', {}, { oneOf: [needs('a'), needs('b')] } as CrdSchema, ['ADMIT211']],
  ['oneOf with two matches', { a: 1, b: 1 }, { oneOf: [needs('a'), needs('b')] } as CrdSchema, ['ADMIT210']],
  ['oneOf with one match', { a: 1 }, { oneOf: [needs('a'), needs('b')] } as CrdSchema, []],
])('%s', (_, value, schema, expected) => {
  expect(codes(value, schema)).toEqual(expected);
});
