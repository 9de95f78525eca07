import { fieldText } from '../../../src/findings/finding';
import { NamedCallers } from '../../../src/mesh/authorization/callers';
import { clausesOf } from '../../../src/mesh/authorization/normal-form';
import { readAuthorizationPolicy } from '../../../src/mesh/authorization/policy';
import { readObject } from '../../../src/mesh/inventory/object';
import { authorizationPolicy, deployment, injected, mesh, meshConfig } from '../../support/meshes/mesh';

const made = mesh([
  meshConfig({ trustDomain: 'new', trustDomainAliases: ['old'] }), injected('a', 'b'),
  deployment('a/web', { spec: { serviceAccountName: 'web' } }), deployment('a/job', { spec: { serviceAccountName: 'job' } }), deployment('b/web', { spec: { serviceAccountName: 'web' } }),
]);

/** The callers of each list that names any. */
function named(rule: object): string[] {
  const callers = new NamedCallers({ all: made.workloads, inNamespace: (name) => made.workloads.filter(({ namespace }) => namespace === name) });
  const [clause] = clausesOf(readAuthorizationPolicy(readObject(authorizationPolicy('a/p', { rules: [rule] }))!), 'HTTP');
  const found = callers.of(clause, ['new', 'old']);
  expect(callers.of(clause, ['new', 'old'])).toBe(found);
  return found.map(({ naming, callers: all }) => `${fieldText(naming.at.field.slice(3))}: ${all.map(({ namespace, name }) => `${namespace}/${name}`).join()}`);
}

const from = (...sources: object[]) => ({ from: sources.map((source) => ({ source })) });

test.each<[string, object, string[]]>([
  ['no source', {}, []],
  ['any principal', from({ principals: ['*'] }), []],
  ['an excluded principal', from({ notPrincipals: ['new/ns/a/sa/web'] }), []],
  ['a trust domain', from({ trustDomains: ['new'] }), []],
  ['a principal', from({ principals: ['new/ns/a/sa/web'] }), ['from[0].source.principals: a/web']],
  ['the principal in an alias of the trust domain', from({ principals: ['old/ns/a/sa/web'] }), ['from[0].source.principals: a/web']],
  ['a pattern in an alias, which is literal', from({ principals: ['old/ns/a/*'] }), ['from[0].source.principals: ']],
  ['a pattern of principals', from({ principals: ['*/sa/web'] }), ['from[0].source.principals: a/web,b/web']],
  ['a namespace', from({ namespaces: ['a'] }), ['from[0].source.namespaces: a/job,a/web']],
  ['a namespace and a pattern of namespaces', from({ namespaces: ['a', '*b'] }), ['from[0].source.namespaces: a/job,a/web,b/web']],
  ['service accounts of its own and of another namespace', from({ serviceAccounts: ['job', 'b/web'] }), ['from[0].source.serviceAccounts: a/job,b/web']],
  ['several sources', from({ namespaces: ['b'] }, { principals: ['*'] }, { serviceAccounts: ['web'] }), ['from[0].source.namespaces: b/web', 'from[2].source.serviceAccounts: a/web']],
  ['a namespace without one of its service accounts', from({ namespaces: ['a'], notServiceAccounts: ['job'] }), ['from[0].source.namespaces: a/web']],
  ['a namespace in another trust domain', from({ namespaces: ['a'], trustDomains: ['other'] }), ['from[0].source.namespaces: ']],
  ['a condition on source.namespace', { when: [{ key: 'source.namespace', values: ['b'] }] }, ['when[0].values: b/web']],
])('a rule that names %s names the clients of it', (_, rule, expected) => {
  expect(named(rule)).toEqual(expected);
});
