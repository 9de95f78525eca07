import { CrdSchema } from '../../../src/admission/crds';
import { checkAlternatives } from '../../../src/admission/structure/constraints';
import { objectionsOf } from '../../support/admission/objections';

const codes = (value: unknown, schema: CrdSchema) => objectionsOf((at) => checkAlternatives(at, value, schema)).map(({ code }) => code);

const needs = (...required: string[]): CrdSchema => ({ required }) as CrdSchema;

test.each<[unknown, CrdSchema, string[]]>([
  [{ a: 1 }, { anyOf: [needs('a'), needs('b')] } as CrdSchema, []],
  [{}, { anyOf: [needs('a'), needs('b')] } as CrdSchema, ['ADMIT211']],
  [{ a: 1 }, { not: needs('a') } as CrdSchema, ['ADMIT211']],
  [{}, { not: needs('a') } as CrdSchema, []],
  [{}, { oneOf: [needs('a'), needs('b')] } as CrdSchema, ['ADMIT211']],
  [{ a: 1, b: 1 }, { oneOf: [needs('a'), needs('b')] } as CrdSchema, ['ADMIT210']],
  [{ a: 1 }, { oneOf: [needs('a'), needs('b')] } as CrdSchema, []],
])('%j against %j', (value, schema, expected) => {
  expect(codes(value, schema)).toEqual(expected);
});
