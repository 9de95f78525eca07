import { nearest } from '../../src/findings/nearest';

const FIELDS = ['trustDomain', 'trustDomainAliases', 'rootNamespace', 'meshMTLS', 'ca'];

test.each([
  ['trustDomian', 'trustDomain'],
  ['trustdomain', 'trustDomain'],
  ['trust-domain-aliases', 'trustDomainAliases'],
  ['meshMtls', 'meshMTLS'],
  ['rootNamespaces', 'rootNamespace'],
  ['cs', 'ca'],
])('%s is near %s', (written, meant) => {
  expect(nearest(written, FIELDS)).toBe(meant);
});

test.each(['enableAutoMtls', 'xy', ''])('%s is near nothing', (written) => {
  expect(nearest(written, FIELDS)).toBeUndefined();
});

test('of two that are equally near, the first of the alphabet is taken', () => {
  expect(nearest('bar', ['baz', 'bat'])).toBe('bat');
});
