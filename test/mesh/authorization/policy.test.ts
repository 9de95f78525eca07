import { fieldText } from '../../../src/findings/finding';
import { Atom, atomsOf, AuthorizationPolicy, readAuthorizationPolicy, isOfCertificate, isOfSni, needsTls } from '../../../src/mesh/authorization/policy';
import { readObject } from '../../../src/mesh/inventory/object';
import { authorizationPolicy } from '../../support/meshes/mesh';

const read = (spec: object): AuthorizationPolicy => readAuthorizationPolicy(readObject(authorizationPolicy('a/p', spec))!);

const shown = ({ attribute, negated, values, at: { field } }: Atom) => `${attribute} ${negated ? 'not ' : ''}${values.join()} at ${fieldText(field)}`;

/** The lists of a rule, each with its place: those of each source, of each operation, and the conditions. */
function listsOf(...rules: unknown[]): (string[] | string[][])[][] {
  const shownAll = (all: readonly (readonly Atom[])[]) => all.map((one) => one.map(shown));
  return read({ rules }).rules.map(({ sources, operations, conditions }) => [shownAll(sources), shownAll(operations), conditions.map(shown)]);
}

test.each([[undefined, 'ALLOW'], ['ALLOW', 'ALLOW'], ['DENY', 'DENY'], ['AUDIT', 'AUDIT'], ['CUSTOM', 'CUSTOM'], [7, 'ALLOW']])('an action of %p is read as %s', (action, expected) => {
  expect(read({ action }).action).toBe(expected);
});

test('distinguishes an absent selector from an empty one', () => {
  expect([read({}).selector, read({ selector: {} }).selector, read({ selector: { matchLabels: { a: 'b' } } }).selector]).toEqual([undefined, {}, { a: 'b' }]);
});

test('a policy without rules matches nothing, an empty rule matches everything', () => {
  expect(read({}).rules).toEqual([]);
  expect(read({ rules: [] }).rules).toEqual([]);
  const anything = [[[]], [[]], []];
  expect(listsOf({}, { from: [], to: [], when: [] }, { from: [{}], to: [{ operation: { ports: [] } }] })).toEqual([anything, anything, anything]);
});

test('keeps the position of each list', () => {
  const rule = {
    from: [{ source: { principals: ['a', 'b'], notNamespaces: ['c'] } }, { source: { namespaces: ['d'] } }],
    to: [{ operation: { ports: ['80'], notPaths: ['/x'] } }, { operation: { hosts: ['h'], methods: ['GET'] } }],
    when: [{ key: 'source.ip', values: ['1.2.3.4'], notValues: ['5.6.7.8'] }, { key: 'connection.sni', values: [], notValues: ['x'] }, {}],
  };
  expect(listsOf(null, rule)).toEqual([[
    [
      ['source.principal a,b at spec.rules[1].from[0].source.principals', 'source.namespace not c at spec.rules[1].from[0].source.notNamespaces'],
      ['source.namespace d at spec.rules[1].from[1].source.namespaces'],
    ],
    [
      ['request.path not /x at spec.rules[1].to[0].operation.notPaths', 'destination.port 80 at spec.rules[1].to[0].operation.ports'],
      ['request.host h at spec.rules[1].to[1].operation.hosts', 'request.method GET at spec.rules[1].to[1].operation.methods'],
    ],
    [
      'source.ip 1.2.3.4 at spec.rules[1].when[0].values', 'source.ip not 5.6.7.8 at spec.rules[1].when[0].notValues',
      'connection.sni not x at spec.rules[1].when[1].notValues',
    ],
  ]]);
  const policy = read({ rules: [rule] });
  expect(fieldText(policy.rules[0].at.field)).toBe('spec.rules[0]');
  expect(atomsOf(policy)).toHaveLength(10);
});

const both = (name: string) => [name, `not${name[0].toUpperCase()}${name.slice(1)}`];
const attributes = (atoms: readonly Atom[]) => atoms.map(({ attribute, negated }) => `${negated ? 'not ' : ''}${attribute}`);

test('reads every list of a source and of an operation', () => {
  const source = Object.fromEntries(['principals', 'namespaces', 'serviceAccounts', 'trustDomains', 'ipBlocks', 'remoteIpBlocks', 'requestPrincipals'].flatMap(both).map((name) => [name, ['x']]));
  const operation = Object.fromEntries(['hosts', 'methods', 'paths', 'ports'].flatMap(both).map((name) => [name, ['x']]));
  const [{ sources: [ofSource], operations: [ofOperation] }] = read({ rules: [{ from: [{ source }], to: [{ operation }] }] }).rules;
  expect(attributes(ofSource)).toEqual([
    'source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.ip', 'remote.ip', 'request.auth.principal',
  ].flatMap((name) => [name, `not ${name}`]));
  expect(attributes(ofOperation)).toEqual(['request.host', 'request.method', 'request.path', 'destination.port'].flatMap((name) => [name, `not ${name}`]));
  expect(ofSource.filter(isOfCertificate)).toHaveLength(8);
  expect(ofSource.filter(needsTls)).toHaveLength(8);
});

test('a condition on the SNI needs TLS, but no certificate', () => {
  const [{ conditions: [sni] }] = read({ rules: [{ when: [{ key: 'connection.sni', values: ['x'] }] }] }).rules;
  expect([isOfSni(sni), needsTls(sni), isOfCertificate(sni)]).toEqual([true, true, false]);
});
