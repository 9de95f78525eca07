import { toldOf, webhookObjections } from '../../../support/admission/webhook';

const told = (spec: object, metadata?: object) => toldOf('DestinationRule', { host: 'reviews', ...spec }, metadata);

test.each([
  ['reviews'], ['reviews.prod.svc.cluster.local'], ['*.local'], ['*'], ['istio.io.'], ['*-a.b'], ['*a.b'], ['123'], ['REVIEWS.prod'], ['a'.repeat(63)], [`${'a.'.repeat(127)}b`],
  ['a.99999999999999999999'],
])('accepts the host %s', (host) => {
  expect(told({ host })).toEqual([]);
});

test.each([[''], ['a_b'], ['a.*'], ['a..b'], ['10.0.0.1'], ['a.1'], ['a.+1'], ['a.-1'], ['-a'], ['**.a'], [`${'a'.repeat(64)}.b`], [`${'a.'.repeat(128)}b`], ['a b'], ['.a'], ['ä.b']])(
  'rejects the host %s', (host) => {
    expect(told({ host })).toEqual(['ADMIT400 spec.host']);
  });

test('names the host and a fix in its objection', () => {
  expect(webhookObjections('DestinationRule', { spec: { host: 'a_b' } })).toEqual([{
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
  ['an empty namespace', [], []],
  ['its own namespace', ['.'], []],
  ['several namespaces', ['.', 'other'], []],
  ['all namespaces', ['*'], []],
  ['no namespace (~)', ['~'], ['ADMIT407 spec.exportTo[0]']],
  ['invalid namespaces', ['a_b', ''], ['ADMIT407 spec.exportTo[0]', 'ADMIT407 spec.exportTo[1]']],
  ['the same namespace twice', ['other', 'other'], ['ADMIT408 spec.exportTo[1]']],
  ['its own namespace twice', ['prod', '.'], ['ADMIT408 spec.exportTo[1]']],
  ['all namespaces and its own', ['*', '.'], ['ADMIT408 spec.exportTo']],
])('checks an export to %s', (_, exportTo, expected) => {
  expect(told({ exportTo })).toEqual(expected);
});

test('doesn\'t reject `.` if the rule\'s namespace is unknown', () => {
  expect(told({ exportTo: ['.'] }, { namespace: undefined })).toEqual([]);
});

test.each([
  ['no namespace', undefined, []],
  ['its own namespace', ['.'], []],
  ['its own namespace by name', ['prod'], []],
  ['another namespace', ['other'], ['ADMIT408 spec.exportTo']],
  ['its own namespace and another one', ['.', 'other'], ['ADMIT408 spec.exportTo']],
])('a rule for selected workloads must stay in its namespace: exported to %s', (_, exportTo, expected) => {
  expect(told({ exportTo, workloadSelector: { matchLabels: { app: 'a' } } })).toEqual(expected);
});

test('warns about a selector without labels', () => {
  expect(told({ workloadSelector: {} })).toEqual(['warning ADMIT451 spec.workloadSelector.matchLabels']);
});

const toldOfSubsets = (...subsets: object[]) => toldOf('DestinationRule', { host: 'reviews', subsets });

test('accepts subsets of different names', () => {
  expect(toldOfSubsets({ name: 'v1', labels: { version: 'v1' } }, { name: 'v2' })).toEqual([]);
});

test('rejects a repeated subset name, at its second use', () => {
  expect(toldOfSubsets({ name: 'v1' }, { name: 'v1' })).toEqual(['ADMIT410 spec.subsets[1].name']);
});

test.each([[''], ['a.b'], ['a_b'], ['-a'], ['a'.repeat(64)]])('rejects the subset name \'%s\'', (name) => {
  expect(toldOfSubsets({ name })).toEqual(['ADMIT409 spec.subsets[0].name']);
});

test('accepts names and keys of the greatest length', () => {
  expect(toldOfSubsets({ name: 'a'.repeat(63), labels: { [`${'a.'.repeat(126)}a/${'b'.repeat(63)}`]: '' } })).toEqual([]);
});

test('accepts capital letters in a subset name, as istiod does', () => {
  expect(toldOfSubsets({ name: 'V1' })).toEqual([]);
});

test.each([
  ['a key with invalid characters', { 'a b': 'v1' }, 'a b'],
  ['an empty key', { '': 'v1' }, ''],
  ['a key without a name', { 'app/': 'v1' }, 'app/'],
  ['a key that is too long', { ['a'.repeat(64)]: 'v1' }, 'a'.repeat(64)],
  ['a key whose domain is too long', { [`${'a.'.repeat(126)}aa/b`]: 'v1' }, `${'a.'.repeat(126)}aa/b`],
  ['an invalid value', { a: 'v*' }, 'a'],
])('rejects a label of a subset with %s', (_, labels, key) => {
  expect(toldOf('DestinationRule', { host: 'a', subsets: [{ name: 'v1', labels }] })).toHaveLength(1);
  expect(toldOfSubsets({ name: 'v1', labels })[0]).toMatch(/^ADMIT406 spec\.subsets\[0\]\.labels/);
  expect(toldOfSubsets({ name: 'v1', labels })[0]).toContain(key);
});

test('accepts a label value of more than 63 characters, as istiod does', () => {
  expect(toldOfSubsets({ name: 'v1', labels: { a: 'v'.repeat(70) } })).toEqual([]);
});

test('checks a subset\'s traffic policy, but drops its warnings, as istiod does', () => {
  expect(toldOfSubsets({ name: 'v1', trafficPolicy: { outlierDetection: { consecutiveErrors: 5, maxEjectionPercent: 101 } } }))
    .toEqual(['ADMIT405 spec.subsets[0].trafficPolicy.outlierDetection.maxEjectionPercent']);
});

const toldOfPolicy = (trafficPolicy: object) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy })
  .map((line) => line.replace('spec.trafficPolicy', 'policy'));

test.each([
  ['no fields', {}, ['ADMIT413 policy']],
  ['an empty list of port settings', { portLevelSettings: [] }, ['ADMIT413 policy']],
  ['a retryBudget', { retryBudget: {} }, []],
  ['proxyProtocol', { proxyProtocol: { version: 'V2' } }, []],
  ['tls without a mode', { tls: {} }, []],
  ['a retryBudget without minRetryConcurrency', { retryBudget: { budgetInterval: '10' } }, ['ADMIT404 policy.retryBudget.budgetInterval']],
  ['a tunnel beside proxyProtocol', { tunnel: { targetHost: 'a', targetPort: 0 }, proxyProtocol: {} }, ['ADMIT414 policy.proxyProtocol']],
])('checks a traffic policy with %s', (_, policy, expected) => {
  expect(toldOfPolicy(policy)).toEqual(expected);
});

test.each([
  ['a port and tls', { port: { number: 80 }, tls: {} }, []],
  ['an empty port', { port: {}, tls: {} }, []],
  ['no port', { tls: {} }, ['ADMIT415 policy.portLevelSettings[0].port']],
  ['only the port', { port: { number: 80 } }, ['ADMIT413 policy.portLevelSettings[0]']],
  ['an invalid connection pool', { port: { number: 80 }, connectionPool: {} }, ['ADMIT413 policy.portLevelSettings[0].connectionPool']],
  ['fields that istiod warns about elsewhere', { port: { number: 80 }, outlierDetection: { consecutiveErrors: 1 } }, []],
])('checks settings of a port with %s', (_, port, expected) => {
  expect(toldOfPolicy({ portLevelSettings: [port] })).toEqual(expected);
});

test.each([
  ['a host name', { targetHost: 'a.b', targetPort: 80 }, []],
  ['an IPv4 address', { targetHost: '10.0.0.1', targetPort: 80, protocol: 'CONNECT' }, []],
  ['an IPv6 address', { targetHost: 'fd00::1', targetPort: 80, protocol: 'POST' }, []],
  ['port 65535', { targetHost: 'a', targetPort: 65535 }, []],
  ['no host', { targetPort: 80 }, ['ADMIT400 policy.tunnel.targetHost']],
  ['a wildcard host', { targetHost: '*.b', targetPort: 80 }, ['ADMIT400 policy.tunnel.targetHost']],
  ['an invalid port', { targetHost: 'a', targetPort: 65536 }, ['ADMIT403 policy.tunnel.targetPort']],
  ['an invalid protocol', { targetHost: 'a', targetPort: 80, protocol: 'GET' }, ['ADMIT414 policy.tunnel.protocol']],
])('checks a tunnel to %s', (_, tunnel, expected) => {
  expect(toldOfPolicy({ tunnel })).toEqual(expected);
});

test.each([
  ['short times', { baseEjectionTime: '1ns', interval: '0s' }, ['ADMIT404 policy.outlierDetection.baseEjectionTime', 'ADMIT404 policy.outlierDetection.interval']],
  ['invalid percentages', { maxEjectionPercent: -1, minHealthPercent: 101 },
    ['ADMIT405 policy.outlierDetection.maxEjectionPercent', 'ADMIT405 policy.outlierDetection.minHealthPercent']],
  ['valid percentages', { maxEjectionPercent: 0, minHealthPercent: 100 }, []],
  ['the deprecated consecutiveErrors', { consecutiveErrors: 5 }, ['warning ADMIT416 policy.outlierDetection.consecutiveErrors']],
  ['counts of 0', { consecutiveErrors: 0, consecutiveLocalOriginFailures: 0 }, []],
  ['consecutiveLocalOriginFailures alone', { consecutiveLocalOriginFailures: 5 }, ['ADMIT417 policy.outlierDetection.consecutiveLocalOriginFailures']],
  ['consecutiveLocalOriginFailures with splitExternalLocalOriginErrors', { consecutiveLocalOriginFailures: 5, splitExternalLocalOriginErrors: true }, []],
  ['a count of null', { consecutiveLocalOriginFailures: null }, []],
])('checks outlierDetection with %s', (_, outlierDetection, expected) => {
  expect(toldOfPolicy({ outlierDetection })).toEqual(expected);
});
