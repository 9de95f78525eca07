import { toldOf } from '../../../support/webhook';

const told = (...subsets: object[]) => toldOf('DestinationRule', { host: 'reviews', subsets });

test('admits subsets of different names', () => {
  expect(told({ name: 'v1', labels: { version: 'v1' } }, { name: 'v2' })).toEqual([]);
});

test('refuses a name twice, at the second', () => {
  expect(told({ name: 'v1' }, { name: 'v1' })).toEqual(['ADMIT410 spec.subsets[1].name']);
});

test.each([[''], ['a.b'], ['a_b'], ['-a'], ['a'.repeat(64)]])('refuses the name \'%s\'', (name) => {
  expect(told({ name })).toEqual(['ADMIT409 spec.subsets[0].name']);
});

test('admits the longest names and keys', () => {
  expect(told({ name: 'a'.repeat(63), labels: { [`${'a.'.repeat(126)}a/${'b'.repeat(63)}`]: '' } })).toEqual([]);
});

test('admits capitals in a name, as istiod does', () => {
  expect(told({ name: 'V1' })).toEqual([]);
});

test.each([
  ['key', { 'a b': 'v1' }, 'a b'],
  ['empty key', { '': 'v1' }, ''],
  ['key without a name', { 'app/': 'v1' }, 'app/'],
  ['long key', { ['a'.repeat(64)]: 'v1' }, 'a'.repeat(64)],
  ['long domain of a key', { [`${'a.'.repeat(126)}aa/b`]: 'v1' }, `${'a.'.repeat(126)}aa/b`],
  ['value', { a: 'v*' }, 'a'],
])('refuses a bad %s of a label', (_, labels, key) => {
  expect(toldOf('DestinationRule', { host: 'a', subsets: [{ name: 'v1', labels }] })).toHaveLength(1);
  expect(told({ name: 'v1', labels })[0]).toMatch(/^ADMIT406 spec\.subsets\[0\]\.labels/);
  expect(told({ name: 'v1', labels })[0]).toContain(key);
});

test('admits a value longer than Kubernetes\' 63 characters, as istiod does', () => {
  expect(told({ name: 'v1', labels: { a: 'v'.repeat(70) } })).toEqual([]);
});

test('judges a subset\'s policy, yet drops its warnings as istiod does', () => {
  expect(told({ name: 'v1', trafficPolicy: { outlierDetection: { consecutiveErrors: 5, maxEjectionPercent: 101 } } }))
    .toEqual(['ADMIT405 spec.subsets[0].trafficPolicy.outlierDetection.maxEjectionPercent']);
});
