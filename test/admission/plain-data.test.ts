import { isPlainData } from '../../src/admission/plain-data';

const cyclic: any = { a: [] };
cyclic.a.push(cyclic);

test.each([
  ['null', null], ['a number', 5], ['nothing', undefined], ['a list', []], ['a map', { a: [{ b: null }] }],
  ['a circle', cyclic], ['what is deep', JSON.parse('['.repeat(5000) + ']'.repeat(5000))],
])('%s is plain data', (_, value) => {
  expect(isPlainData(value)).toBe(true);
});

test.each([
  ['a BigInt', 5n], ['a symbol', Symbol('a')], ['a function', () => 1], ['a BigInt deep within', { a: [5n] }],
  ['a getter that throws', { a: { get b(): unknown { throw new Error('x'); } } }],
  ['a proxy that throws', new Proxy({}, { ownKeys: () => { throw new Error('x'); } })],
])('%s is none', (_, value) => {
  expect(isPlainData(value)).toBe(false);
});
