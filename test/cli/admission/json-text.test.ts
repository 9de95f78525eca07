import { jsonTextOf } from '../../../src/cli/admission/json-text';

const MANY = 1_000;

test.each([
  ['texts, numbers, truths and nothing', { text: 'é\n\ud800', number: -1.5e300, is: true, isnt: false, nothing: null }],
  ['lists and objects within each other', [{ list: [[], {}, [1, [2]]] }]],
  ['names that an object has by itself', JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')],
])('%s are the same when read again', (_, value) => {
  expect(JSON.parse(jsonTextOf([value as object], MANY)!)).toEqual([value]);
});

test.each([
  ['no number', NaN], ['an infinite number', Infinity], ['minus zero', -0], ['no value', undefined], ['a large integer', BigInt(1)],
])('%s can\'t be sent', (_, value) => {
  expect([jsonTextOf([{ a: [{ b: value }] }], MANY), jsonTextOf([[value]], MANY)]).toEqual([undefined, undefined]);
});

test('neither can more values than are worth it, as aliases make', () => {
  const one = { a: [1, 2, 3] };
  expect(jsonTextOf([one, one], 13)).toBe('[{"a":[1,2,3]},{"a":[1,2,3]}]');
  expect(jsonTextOf([one, one], 12)).toBe('[{"a":[1,2,3]},{"a":[1,2,3]}]');
  expect(jsonTextOf([one, one], 10)).toBeUndefined();
});
