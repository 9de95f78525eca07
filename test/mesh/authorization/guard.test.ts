import { guardOf, UNGUARDED } from '../../../src/mesh/authorization/guard';
import { readAuthorizationPolicy } from '../../../src/mesh/authorization/policy';
import { readObject } from '../../../src/mesh/inventory/object';
import { authorizationPolicy } from '../../support/meshes/mesh';

const guard = (spec: object) => guardOf([readAuthorizationPolicy(readObject(authorizationPolicy('a/p', spec))!)]);
const from = (...sources: object[]) => ({ from: sources.map((source) => ({ source })) });

test('policies in dry-run and AUDIT policies require nothing', () => {
  expect(guardOf([])).toBe(UNGUARDED);
  expect(guard({ action: 'AUDIT', rules: [from({ principals: ['x'] })] })).toBe(UNGUARDED);
});

test('equal requirements have equal texts, and principals of an ALLOW may have spiffe:// or not', () => {
  const allow = (principal: string) => guard({ action: 'ALLOW', rules: [from({ principals: [principal] })] }).policies;
  const deny = (principal: string) => guard({ action: 'DENY', rules: [from({ principals: [principal] })] }).policies;
  expect(allow('spiffe://x')).toBe(allow('x'));
  expect(deny('spiffe://x')).not.toBe(deny('x'));
});

test.each<[string, object, boolean]>([
  ['a DENY of a principal', { action: 'DENY', rules: [from({ principals: ['x'] })] }, true],
  ['a DENY of an SNI', { action: 'DENY', rules: [{ when: [{ key: 'connection.sni', values: ['x'] }] }] }, true],
  ['a DENY of all other principals', { action: 'DENY', rules: [from({ notPrincipals: ['x'] })] }, false],
  ['a DENY of any principal', { action: 'DENY', rules: [from({ principals: ['x'] }, {})] }, false],
  ['a DENY of a principal for requests that can\'t be, but for all TCP', { action: 'DENY', rules: [{ ...from({ principals: ['x'] }), to: [{ operation: { notMethods: ['*'] } }] }] }, true],
  ['an ALLOW of a principal', { action: 'ALLOW', rules: [from({ namespaces: ['x'] })] }, false],
  ['an ALLOW of all other principals', { action: 'ALLOW', rules: [from({ notNamespaces: ['x'] })] }, true],
  ['an ALLOW of some requests of all other principals', { action: 'ALLOW', rules: [{ ...from({ notNamespaces: ['x'] }), to: [{ operation: { methods: ['GET'] } }] }] }, true],
  ['a provider for principals', { action: 'CUSTOM', rules: [{ when: [{ key: 'connection.sni', notValues: ['x'] }] }] }, true],
  ['a provider for requests', { action: 'CUSTOM', rules: [{ to: [{ operation: { paths: ['/'] } }] }] }, false],
])('whether %s may refuse a caller because of its certificate', (_, spec, expected) => {
  expect(guard(spec).refusesIdentities).toBe(expected);
});
