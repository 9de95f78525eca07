import { fieldText } from '../../../src/findings/finding';
import { readObject } from '../../../src/mesh/inventory/object';
import { concernsPort, isForSomeRequests, AuthorizationPolicy, readAuthorizationPolicy, isOfCertificate, isOfSni, needsTls } from '../../../src/mesh/policies/authorization-policy';
import { authorizationPolicy } from '../../support/meshes/mesh';

const read = (spec: object): AuthorizationPolicy => readAuthorizationPolicy(readObject(authorizationPolicy('a/p', spec))!);

/** One line for each alternative: its conditions, with their fields. */
function lines(...rules: unknown[]): string[] {
  return read({ rules }).alternatives.map(({ conditions }) => conditions
    .map(({ attribute, negated, values, field }) => `${attribute} ${negated ? 'not ' : ''}${values.join()} at ${fieldText(field)}`).join('; '));
}

test.each([[undefined, 'ALLOW'], ['ALLOW', 'ALLOW'], ['DENY', 'DENY'], ['AUDIT', 'AUDIT'], ['CUSTOM', 'CUSTOM'], [7, 'ALLOW']])('action %p is %s', (action, expected) => {
  expect(read({ action }).action).toBe(expected);
});

test('a selector that is absent, and one that is empty', () => {
  expect([read({}).selector, read({ selector: {} }).selector, read({ selector: { matchLabels: { a: 'b' } } }).selector]).toEqual([undefined, {}, { a: 'b' }]);
});

test('no rules match nothing, an empty one matches everything', () => {
  expect(read({}).alternatives).toEqual([]);
  expect(read({ rules: [] }).alternatives).toEqual([]);
  expect(lines({})).toEqual(['']);
  expect(lines({ from: [], when: [] })).toEqual(['']);
});

test('each source is an alternative, with what the rule asks besides', () => {
  expect(lines(
    { from: [{ source: { principals: ['a', 'b'], notNamespaces: ['c'] } }, { source: { namespaces: ['d'] } }], when: [{ key: 'source.ip', values: ['1.2.3.4'], notValues: ['5.6.7.8'] }] },
    { when: [{ key: 'connection.sni', values: [], notValues: ['x'] }, {}] },
  )).toEqual([
    'source.principal a,b at spec.rules[0].from[0].source.principals; source.namespace not c at spec.rules[0].from[0].source.notNamespaces; '
    + 'source.ip 1.2.3.4 at spec.rules[0].when[0].values; source.ip not 5.6.7.8 at spec.rules[0].when[0].notValues',
    'source.namespace d at spec.rules[0].from[1].source.namespaces; source.ip 1.2.3.4 at spec.rules[0].when[0].values; source.ip not 5.6.7.8 at spec.rules[0].when[0].notValues',
    'connection.sni not x at spec.rules[1].when[0].notValues',
  ]);
});

test('every list of a source is read', () => {
  const names = ['principals', 'namespaces', 'serviceAccounts', 'trustDomains', 'ipBlocks', 'remoteIpBlocks', 'requestPrincipals'];
  const source = Object.fromEntries(names.flatMap((name) => [[name, ['x']], [`not${name[0].toUpperCase()}${name.slice(1)}`, ['y']]]));
  const [{ conditions }] = read({ rules: [{ from: [{ source }] }] }).alternatives;
  expect(conditions.map(({ attribute, negated }) => `${negated ? 'not ' : ''}${attribute}`)).toEqual([
    'source.principal', 'not source.principal', 'source.namespace', 'not source.namespace', 'source.serviceAccount', 'not source.serviceAccount',
    'source.trustDomain', 'not source.trustDomain', 'source.ip', 'not source.ip', 'remote.ip', 'not remote.ip', 'request.auth.principal', 'not request.auth.principal',
  ]);
  expect(conditions.filter(isOfCertificate)).toHaveLength(8);
  expect(conditions.filter(needsTls)).toHaveLength(8);
});

test('an SNI needs TLS, but no certificate', () => {
  const [{ conditions: [sni] }] = read({ rules: [{ when: [{ key: 'connection.sni', values: ['x'] }] }] }).alternatives;
  expect([isOfSni(sni), needsTls(sni), isOfCertificate(sni)]).toEqual([true, true, false]);
});

test.each([
  [{}, true, false],
  [{ to: [] }, true, false],
  [{ to: [{ operation: { ports: ['80'] } }] }, true, false],
  [{ to: [{ operation: { ports: ['81'] } }] }, false, false],
  [{ to: [{ operation: { ports: ['81'] } }, { operation: { paths: ['/'] } }] }, true, false],
  [{ to: [{ operation: { notPorts: ['80'] } }] }, false, false],
  [{ to: [{ operation: { notPaths: ['/'] } }] }, true, true],
  [{ when: [{ key: 'destination.port', values: ['80'] }] }, true, false],
  [{ when: [{ key: 'destination.port', values: ['81'] }] }, false, false],
  [{ from: [{ source: { principals: ['x'] } }] }, true, false],
])('%j is about port 80: %s, and about some requests only: %s', (rule, port, some) => {
  const [alternative] = read({ rules: [rule] }).alternatives;
  expect([concernsPort(alternative, 80), isForSomeRequests(alternative)]).toEqual([port, some]);
});

test.each(['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'])('%s of an operation fit some requests only', (list) => {
  const [alternative] = read({ rules: [{ to: [{ operation: { [list]: ['x'] } }] }] }).alternatives;
  expect([concernsPort(alternative, 80), isForSomeRequests(alternative)]).toEqual([true, true]);
});
