import { Objections } from '../../../../src/admission/objection';
import { judgeCondition } from '../../../../src/admission/webhook/values/matches';
import { toldOf } from '../../../support/admission/webhook';

const told = (condition: object) => toldOf('AuthorizationPolicy', { rules: [{ when: [condition] }] })
  .map((line) => line.replace('spec.rules[0].when[0]', 'when'));

test.each([
  'request.headers[x-a]', 'request.auth.principal', 'request.auth.audiences', 'request.auth.presenter', 'request.auth.claims[a][b]',
  'source.namespace', 'source.principal', 'connection.sni', 'experimental.envoy.filters.a[b]',
])('accepts any non-empty value for %s', (key) => {
  expect(told({ key, values: ['**'], notValues: ['a/b/c'] })).toEqual([]);
  expect(told({ key, values: [''] })).toEqual(['ADMIT463 when.values[0]']);
  expect(told({ key, notValues: ['a', ''] })).toEqual(['ADMIT463 when.notValues[1]']);
});

test.each(['source.ip', 'remote.ip', 'destination.ip'])('accepts addresses for %s', (key) => {
  expect(told({ key, values: ['10.0.0.0/8'], notValues: ['::1'] })).toEqual([]);
  expect(told({ key, values: ['a'], notValues: ['1.2.3'] })).toEqual(['ADMIT454 when.notValues[0]', 'ADMIT454 when.values[0]']);
});

test('accepts ports, service accounts and trust domains for their keys', () => {
  expect(told({ key: 'destination.port', values: ['80', 'http'] })).toEqual(['ADMIT453 when.values[1]']);
  expect(told({ key: 'source.serviceAccount', notValues: ['a/b', '*'] })).toEqual(['ADMIT464 when.notValues[1]']);
  expect(told({ key: 'source.trustDomain', values: ['a/b', 'a*b'] })).toEqual(['ADMIT463 when.values[1]']);
});

test.each([
  '', 'foo', 'Source.ip', 'source.ip ', 'request.headers', 'request.headers[]', 'request.headers[a]b', 'request.auth.claims', 'request.auth.foo',
  'experimental.envoy.filters.a', 'destination.namespace', 'destination.labels[a]', 'destination.name', 'destination.user', 'constructor',
])('rejects the key %p', (key) => {
  expect(told({ key, values: ['a'] })).toEqual(['ADMIT466 when.key']);
});

test.each([{ key: 'source.ip' }, { key: 'source.ip', values: [], notValues: [] }])('requires values: %j', (condition) => {
  expect(told(condition)).toEqual(['ADMIT467 when']);
});

test.each([
  ['Source.IP', 'write \'source.ip\''],
  ['request.header', 'write \'request.headers[…]\''],
  ['request.headers', 'name the entry in brackets: \'request.headers[name]\''],
  ['destination.namespace', 'create the policy in that namespace'],
  ['destination.name', 'select the workloads by their labels with \'selector\''],
  ['destination.user', 'select the workloads by their labels with \'selector\''],
  ['', 'write the attribute, for example \'request.headers[x-team]\''],
  ['destination.labels[app]', 'select the workloads by their labels with \'selector\''],
])('suggests a replacement for the key %s', (key, fix) => {
  const objections = new Objections();
  judgeCondition(objections, { key, values: ['a'] });
  expect(objections.all.map((objection) => objection.fix)).toEqual([fix]);
});
