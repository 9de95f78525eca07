import { guardOf, UNGUARDED } from '../../../src/mesh/authorization/guard';
import { readAuthorizationPolicy } from '../../../src/mesh/authorization/policy';
import { readObject } from '../../../src/mesh/inventory/object';
import { authorizationPolicy } from '../../support/meshes/mesh';

const guard = (spec: object) => guardOf([readAuthorizationPolicy(readObject(authorizationPolicy('a/p', spec))!)]);
const from = (...sources: object[]) => ({ from: sources.map((source) => ({ source })) });

test('policies that only log require nothing', () => {
  expect(guardOf([])).toBe(UNGUARDED);
  expect(guard({ action: 'AUDIT', rules: [from({ principals: ['x'] })] })).toBe(UNGUARDED);
});

test('equal requirements have equal texts, and an ALLOW\'s principals one with and without spiffe://', () => {
  const allow = (principal: string) => guard({ action: 'ALLOW', rules: [from({ principals: [principal] })] }).policies;
  const deny = (principal: string) => guard({ action: 'DENY', rules: [from({ principals: [principal] })] }).policies;
  expect(allow('spiffe://x')).toBe(allow('x'));
  expect(deny('spiffe://x')).not.toBe(deny('x'));
});

test.each<[string, object, boolean]>([
  ['a DENY by name', { action: 'DENY', rules: [from({ principals: ['x'] })] }, true],
  ['a DENY by SNI', { action: 'DENY', rules: [{ when: [{ key: 'connection.sni', values: ['x'] }] }] }, true],
  ['a DENY by exclusion', { action: 'DENY', rules: [from({ notPrincipals: ['x'] })] }, false],
  ['a DENY by name, whoever calls', { action: 'DENY', rules: [from({ principals: ['x'] }, {})] }, false],
  ['a DENY by name for no request, but any TCP', { action: 'DENY', rules: [{ ...from({ principals: ['x'] }), to: [{ operation: { notMethods: ['*'] } }] }] }, true],
  ['an ALLOW by name', { action: 'ALLOW', rules: [from({ namespaces: ['x'] })] }, false],
  ['an ALLOW by exclusion', { action: 'ALLOW', rules: [from({ notNamespaces: ['x'] })] }, true],
  ['an ALLOW of requests by exclusion', { action: 'ALLOW', rules: [{ ...from({ notNamespaces: ['x'] }), to: [{ operation: { methods: ['GET'] } }] }] }, true],
  ['a provider for names', { action: 'CUSTOM', rules: [{ when: [{ key: 'connection.sni', notValues: ['x'] }] }] }, true],
  ['a provider for requests', { action: 'CUSTOM', rules: [{ to: [{ operation: { paths: ['/'] } }] }] }, false],
])('%s may refuse a caller because of its certificate: %3$s', (_, spec, expected) => {
  expect(guard(spec).refusesIdentities).toBe(expected);
});
