import { listsIdentity, matchesAnywhere, matchesPattern, matchesTrustDomain, readPrincipal, readServiceAccount } from '../../../src/mesh/authorization/identity';

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
])('the principal %s is parsed', (text, expected) => {
  expect(readPrincipal(text)).toEqual(expected);
});

test('a serviceAccounts entry may include a namespace; the policy\'s own is the default', () => {
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
])('value %s fits pattern %s with any *: %s', (value, pattern, expected) => {
  expect(matchesAnywhere(value, pattern)).toBe(expected);
});

test.each([
  ['a.b', 'a.b', true], ['a.b', 'a', false], ['a.b', '*', true], ['a.b', 'a*', true], ['a.b', '*b', true], ['a.b', 'a*b', true], ['ab', 'ab*b', false], ['a.b', 'a*b*', false],
])('trust domain %s fits pattern %s: %s', (trustDomain, pattern, expected) => {
  expect(matchesTrustDomain(trustDomain, pattern)).toBe(expected);
});

const WEB = 'new/ns/shop/sa/web';

test.each<[string, string, string, boolean]>([
  ['principal', '*', WEB, true],
  ['principal', '*', '', false],
  ['principal', WEB, WEB, true],
  ['principal', `spiffe://${WEB}`, WEB, false],
  ['principal', 'cluster.local/ns/shop/sa/web', WEB, true],
  ['principal', 'cluster.local/ns/shop/*', WEB, false],
  ['principal', 'old/ns/shop/sa/web', WEB, true],
  ['principal', 'old/ns/shop/sa/w*', WEB, true],
  ['principal', 'old/ns/shop/*', WEB, false],
  ['principal', 'o*/ns/shop/sa/web', WEB, true],
  ['principal', '*ld/ns/shop/sa/web', WEB, true],
  ['principal', '*ld/ns/shop/sa/web', 'cold/ns/shop/sa/web', true],
  ['principal', '*/ns/shop/sa/web', 'other/ns/shop/sa/web', true],
  ['principal', 'other/ns/shop/sa/web', WEB, false],
  ['principal', 'other/ns/shop/sa/web', 'other/ns/shop/sa/web', true],
  ['principal', 'new/ns/*/sa/web', WEB, false],
  ['namespace', 'shop', WEB, true],
  ['namespace', 's*p', WEB, true],
  ['namespace', '*', WEB, true],
  ['namespace', '*', '', false],
  ['namespace', 'web', WEB, false],
  ['namespace', '*a', WEB, true], // It reaches as far as `shop/sa`.
  ['namespace', 'x*a', WEB, false],
  ['namespace', 'sa', 'new/ns/ns/sa/web', true],
  ['serviceAccount', 'shop/web', WEB, true],
  ['serviceAccount', 'shop/we', WEB, false],
  ['serviceAccount', 'web', WEB, false],
  ['serviceAccount', 'web', 'new/ns/policies/sa/web', true],
  ['serviceAccount', 'shop/web', '/ns/shop/sa/web', false],
  ['trustDomain', 'old', WEB, true],
  ['trustDomain', 'n*', WEB, true],
  ['trustDomain', 'cluster.local', WEB, false],
  ['trustDomain', 'other', WEB, false],
])('a source.%s of %s lists %s: %s', (attribute, value, name, expected) => {
  const identity = name && `spiffe://${name}`;
  expect(listsIdentity({ attribute: `source.${attribute}`, values: ['nobody', value] }, identity, ['new', 'old'], 'policies')).toBe(expected);
});

test('an alias may be a pattern, too', () => {
  expect(listsIdentity({ attribute: 'source.principal', values: ['older/ns/shop/sa/web'] }, `spiffe://${WEB}`, ['new', 'old*'], 'policies')).toBe(true);
});
