import { matchesNamespace, matchesPattern, readPrincipal, readServiceAccount } from '../../../src/mesh/policies/authorization';

test.each([
  ['cluster.local/ns/a/sa/b', { trustDomain: 'cluster.local', namespace: 'a', serviceAccount: 'b' }],
  ['*/ns/a*/sa/*', { trustDomain: '*', namespace: 'a*', serviceAccount: '*' }],
  ['spiffe://cluster.local/ns/a/sa/b', undefined],
  ['cluster.local/ns/a/sa/b/c', undefined],
  ['cluster.local/ns/a/sa/', undefined],
  ['cluster.local/ns//sa/b', undefined],
  ['/ns/a/sa/b', undefined],
  ['cluster.local/sa/a/ns/b', undefined],
  ['cluster.local/ns/a/ns/b', undefined],
  ['cluster.local/sa/a/sa/b', undefined],
  ['*', undefined],
])('principal %s', (text, expected) => {
  expect(readPrincipal(text)).toEqual(expected);
});

test('a service account may say its namespace', () => {
  expect([readServiceAccount('a/b', 'own'), readServiceAccount('b', 'own'), readServiceAccount('/b', 'own')]).toEqual([
    { namespace: 'a', serviceAccount: 'b' }, { namespace: 'own', serviceAccount: 'b' }, { namespace: '', serviceAccount: 'b' },
  ]);
});

test.each([
  ['abc', 'abc', true], ['abc', 'ab', false], ['abc', '*', true], ['', '*', false], ['abc', 'ab*', true], ['ab', 'ab*', true], ['abc', 'bc*', false], ['ac', 'ab*', false],
  ['abc', '*bc', true], ['bc', '*bc', true], ['abc', '*ab', false], ['abc', 'a*c', false], ['a*c', 'a*c', true], ['xb*', '*b*', true],
])('value %s fits pattern %s: %s', (value, pattern, expected) => {
  expect(matchesPattern(value, pattern)).toBe(expected);
});

test.each([
  ['abc', 'abc', true], ['abc', 'ab', false], ['abc', '*', true], ['abc', 'a*c', true], ['abc', 'a*b*c', true], ['abc', 'a*x*c', false], ['abcbd', 'a*b*d', true],
  ['abc', '*b*', true], ['aba', 'ab*ba', false], ['abc', 'x*', false], ['abc', '*x', false], ['a.c', 'a.c', true], ['abc', 'a.c', false], ['abab', 'a*b*b', true], ['ab', 'a*b*b', false],
  ['abba', 'ab*ba', true], ['abc', '*a*', true], ['xabx', '*ab*ab*', false],
])('namespace %s fits pattern %s: %s', (namespace, pattern, expected) => {
  expect(matchesNamespace(namespace, pattern)).toBe(expected);
});
