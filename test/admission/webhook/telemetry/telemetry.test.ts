import { toldOf } from '../../../support/admission/webhook';

const told = (spec: object) => toldOf('Telemetry', spec);
const override = (tagOverrides: object) => told({ metrics: [{ overrides: [{ tagOverrides }] }] })
  .map((line) => line.replace('spec.metrics[0].overrides[0].tagOverrides', 'tags'));

test.each([
  ['nothing', {}, []],
  ['all three', { tracing: [{}], metrics: [{ overrides: [{}] }], accessLogging: [{}] }, []],
  ['two tracings', { tracing: [{}, {}] }, ['warning ADMIT497 spec.tracing']],
  ['two providers', { tracing: [{ providers: [{ name: 'a' }, { name: 'b' }] }] }, ['warning ADMIT497 spec.tracing[0].providers']],
  ['a nameless tag', { tracing: [{ customTags: { '': { literal: { value: 'a' } } } }] }, ['ADMIT495 spec.tracing[0].customTags[]']],
  ['an expression', { accessLogging: [{ filter: { expression: 'response.code >= 400' } }] }, []],
  ['no expression', { accessLogging: [{}, { filter: {} }] }, ['ADMIT496 spec.accessLogging[1].filter.expression']],
  ['a broken expression', { accessLogging: [{ filter: { expression: 'a +' } }] }, ['ADMIT496 spec.accessLogging[0].filter.expression']],
])('judges a Telemetry with %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});

test.each([
  ['a value', { a: { value: 'b' } }, []],
  ['a value to set', { a: { operation: 'UPSERT', value: 'b' } }, []],
  ['nothing, which the CRD admits though UPSERT is meant', { a: {} }, ['ADMIT495 tags.a.value']],
  ['an empty value', { a: { value: '' } }, ['ADMIT495 tags.a.value']],
  ['a removal', { a: { operation: 'REMOVE' } }, []],
  ['a removal with a value', { a: { operation: 'REMOVE', value: 'b' } }, ['ADMIT495 tags.a.value']],
  ['an empty name', { '': { value: 'b' } }, ['warning ADMIT495 tags[]']],
])('judges an override with %s', (_, tags, expected) => {
  expect(override(tags)).toEqual(expected);
});
