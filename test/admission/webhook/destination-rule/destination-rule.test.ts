import { destinationRuleObjections } from '../../../../src/admission/webhook/destination-rule/destination-rule';
import { toldOf } from '../../../support/webhook';

const told = (spec: object, metadata?: object) => toldOf('DestinationRule', { host: 'reviews', ...spec }, metadata);

test.each([
  ['reviews'], ['reviews.prod.svc.cluster.local'], ['*.local'], ['*'], ['istio.io.'], ['*-a.b'], ['*a.b'], ['123'], ['REVIEWS.prod'], ['a'.repeat(63)], [`${'a.'.repeat(127)}b`],
  ['a.99999999999999999999'],
])('admits the host %s', (host) => {
  expect(told({ host })).toEqual([]);
});

test.each([[''], ['a_b'], ['a.*'], ['a..b'], ['10.0.0.1'], ['a.1'], ['a.+1'], ['a.-1'], ['-a'], ['**.a'], [`${'a'.repeat(64)}.b`], [`${'a.'.repeat(128)}b`], ['a b'], ['.a'], ['ä.b']])(
  'refuses the host %s', (host) => {
    expect(told({ host })).toEqual(['ADMIT400 spec.host']);
  });

test('names the host and one way to mend it', () => {
  expect(destinationRuleObjections({ spec: { host: 'a_b' } })).toEqual([{
    code: 'ADMIT400',
    severity: 'error',
    field: ['spec', 'host'],
    actual: '\'a_b\'',
    expected: 'a DNS name, optionally with a wildcard as its first label, of at most 255 characters',
    because: 'no service can be found under it',
    fix: 'write a host such as \'reviews.prod.svc.cluster.local\' or \'*.prod.svc.cluster.local\'',
  }]);
});

test.each([
  ['no entry', [], []],
  ['its own namespace', ['.'], []],
  ['several namespaces', ['.', 'other'], []],
  ['everyone', ['*'], []],
  ['no one', ['~'], ['ADMIT407 spec.exportTo[0]']],
  ['no namespace', ['a_b', ''], ['ADMIT407 spec.exportTo[0]', 'ADMIT407 spec.exportTo[1]']],
  ['one twice', ['other', 'other'], ['ADMIT408 spec.exportTo[1]']],
  ['itself twice', ['prod', '.'], ['ADMIT408 spec.exportTo[1]']],
  ['everyone and itself', ['*', '.'], ['ADMIT408 spec.exportTo']],
])('judges an export to %s', (_, exportTo, expected) => {
  expect(told({ exportTo })).toEqual(expected);
});

test('doesn\'t take a namespace that isn\'t known for a bad one', () => {
  expect(told({ exportTo: ['.'] }, { namespace: undefined })).toEqual([]);
});

test.each([
  ['nowhere', undefined, []],
  ['itself', ['.'], []],
  ['itself by name', ['prod'], []],
  ['another', ['other'], ['ADMIT408 spec.exportTo']],
  ['itself and another', ['.', 'other'], ['ADMIT408 spec.exportTo']],
])('keeps a rule for selected workloads at home: exported to %s', (_, exportTo, expected) => {
  expect(told({ exportTo, workloadSelector: { matchLabels: { app: 'a' } } })).toEqual(expected);
});

test('warns of a selector without labels', () => {
  expect(told({ workloadSelector: {} })).toEqual(['warning ADMIT451 spec.workloadSelector.matchLabels']);
});
