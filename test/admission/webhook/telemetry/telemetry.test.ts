import { toldOf } from '../../../support/admission/webhook';

const told = (spec: object) => toldOf('Telemetry', spec);
const override = (tagOverrides: object) => told({ metrics: [{ overrides: [{ tagOverrides }] }] })
  .map((line) => line.replace('spec.metrics[0].overrides[0].tagOverrides', 'tags'));

test.each([
  ['no fields', {}, []],
  ['metrics, tracing and access logging', { tracing: [{}], metrics: [{ overrides: [{}] }], accessLogging: [{}] }, []],
  ['two tracings', { tracing: [{}, {}] }, ['warning ADMIT497 spec.tracing']],
  ['two providers', { tracing: [{ providers: [{ name: 'a' }, { name: 'b' }] }] }, ['warning ADMIT497 spec.tracing[0].providers']],
  ['a custom tag without a name', { tracing: [{ customTags: { '': { literal: { value: 'a' } } } }] }, ['ADMIT495 spec.tracing[0].customTags[]']],
  ['a filter expression', { accessLogging: [{ filter: { expression: 'response.code >= 400' } }] }, []],
  ['an empty filter expression', { accessLogging: [{}, { filter: {} }] }, ['ADMIT496 spec.accessLogging[1].filter.expression']],
  ['an invalid filter expression', { accessLogging: [{ filter: { expression: 'a +' } }] }, ['ADMIT496 spec.accessLogging[0].filter.expression']],
])('checks a Telemetry with %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});

test.each([
  ['a value', { a: { value: 'b' } }, []],
  ['UPSERT with a value', { a: { operation: 'UPSERT', value: 'b' } }, []],
  ['UPSERT without a value, which the CRD accepts', { a: {} }, ['ADMIT495 tags.a.value']],
  ['UPSERT with an empty value', { a: { value: '' } }, ['ADMIT495 tags.a.value']],
  ['REMOVE', { a: { operation: 'REMOVE' } }, []],
  ['REMOVE with a value', { a: { operation: 'REMOVE', value: 'b' } }, ['ADMIT495 tags.a.value']],
  ['an empty tag name', { '': { value: 'b' } }, ['warning ADMIT495 tags[]']],
])('checks a tag override with %s', (_, tags, expected) => {
  expect(override(tags)).toEqual(expected);
});
