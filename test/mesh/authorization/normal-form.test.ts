import { clausesOf, refusedTemplate, ruleProtocolsOf } from '../../../src/mesh/authorization/normal-form';
import { readAuthorizationPolicy } from '../../../src/mesh/authorization/policy';
import { readObject } from '../../../src/mesh/inventory/object';
import { Protocol } from '../../../src/mesh/services/service';
import { authorizationPolicy } from '../../support/meshes/mesh';

test.each<[Protocol, Protocol[] | undefined, string[]]>([
  ['HTTP', undefined, ['HTTP']], ['TCP', undefined, ['TCP']], ['MONGO', undefined, ['TCP']], ['MYSQL', undefined, ['TCP']], ['TLS', undefined, ['TCP']],
  ['AUTO', undefined, ['HTTP', 'TCP']], ['UDP', undefined, ['HTTP', 'TCP']], ['HTTP', ['HTTP'], ['HTTP']], ['TCP', ['TLS'], ['TCP']], ['HTTP', ['TCP'], ['HTTP', 'TCP']],
])('a port of protocol %s, with possible protocols %j, gets rules for %j', (protocol, others, expected) => {
  expect(ruleProtocolsOf({ protocol, others })).toEqual(expected);
});

const MIXED = {
  from: [{ source: { principals: ['x'], requestPrincipals: ['*'] } }, { source: { namespaces: ['n'] } }],
  to: [{ operation: { methods: ['GET'] } }, { operation: { ports: ['80'], paths: ['/'] } }],
  when: [{ key: 'source.ip', values: ['10.0.0.1'] }, { key: 'request.headers[x]', values: ['1'] }],
};

function lists(action: string, protocol: 'HTTP' | 'TCP', ...rules: unknown[]): string[] {
  const policy = readAuthorizationPolicy(readObject(authorizationPolicy('a/p', { action, rules }))!);
  expect(clausesOf(policy, protocol)).toBe(clausesOf(policy, protocol));
  return clausesOf(policy, protocol).map(({ namespace, sources, operations, conditions }) =>
    [namespace, ...[sources, operations, [conditions]].map((entries) => entries.map((atoms) => atoms.map(({ attribute }) => attribute).join('+')).join(' or '))].join('; '));
}

const WHOLE = 'a; source.principal+request.auth.principal or source.namespace; request.method or request.path+destination.port; source.ip+request.headers[x]';

test.each(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'])('the HTTP rules of %s have all lists', (action) => {
  expect(lists(action, 'HTTP', MIXED, {})).toEqual([WHOLE, 'a; ; ; ']);
});

test.each(['DENY', 'AUDIT', 'CUSTOM'])('the TCP rules of %s keep only fields of connections', (action) => {
  expect(lists(action, 'TCP', MIXED, {})).toEqual(['a; source.principal or source.namespace;  or destination.port; source.ip', 'a; ; ; ']);
});

test.each<[string, object]>([
  ['hosts', { to: [{ operation: { hosts: ['x'] } }] }],
  ['one of two operations', { to: [{ operation: { ports: ['80'] } }, { operation: { notMethods: ['GET'] } }] }],
  ['a source', { from: [{ source: { notRequestPrincipals: ['*'] } }] }],
  ['a condition', { when: [{ key: 'request.auth.claims[x]', notValues: ['y'] }] }],
])('the TCP rules of ALLOW leave out a rule that names requests: by %s', (_, rule) => {
  expect(lists('ALLOW', 'TCP', rule, { to: [{ operation: { ports: ['80'], paths: [] } }] })).toEqual(['a; ; destination.port; ']);
});

test.each<[string, string, boolean]>([
  ['paths', '/a/{*}', false], ['paths', '/a/{**}', false], ['paths', 'a/{*}', true], ['paths', '{**}', true], ['paths', '//{*}', true], ['notPaths', '/a/{*}//', true],
  ['paths', 'a', false], ['paths', '/a//b', false], ['hosts', 'a/{*}', false],
])('Envoy rejects the template in %s %s: %s', (list, path, expected) => {
  const policy = readAuthorizationPolicy(readObject(authorizationPolicy('a/p', { rules: [{ to: [{ operation: { [list]: ['/x', path] } }] }] }))!);
  expect(clausesOf(policy, 'HTTP').map(refusedTemplate).map((atom) => atom?.at.field.at(-1))).toEqual([expected ? list : undefined]);
});
