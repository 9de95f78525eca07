import { toldOf, webhookObjections } from '../../../support/admission/webhook';

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

test('names the host and a fix', () => {
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

const toldOfSubsets = (...subsets: object[]) => toldOf('DestinationRule', { host: 'reviews', subsets });

test('admits subsets of different names', () => {
  expect(toldOfSubsets({ name: 'v1', labels: { version: 'v1' } }, { name: 'v2' })).toEqual([]);
});

test('refuses a name twice, at the second', () => {
  expect(toldOfSubsets({ name: 'v1' }, { name: 'v1' })).toEqual(['ADMIT410 spec.subsets[1].name']);
});

test.each([[''], ['a.b'], ['a_b'], ['-a'], ['a'.repeat(64)]])('refuses the name \'%s\'', (name) => {
  expect(toldOfSubsets({ name })).toEqual(['ADMIT409 spec.subsets[0].name']);
});

test('admits the longest names and keys', () => {
  expect(toldOfSubsets({ name: 'a'.repeat(63), labels: { [`${'a.'.repeat(126)}a/${'b'.repeat(63)}`]: '' } })).toEqual([]);
});

test('admits capitals in a name, as istiod does', () => {
  expect(toldOfSubsets({ name: 'V1' })).toEqual([]);
});

test.each([
  ['key', { 'a b': 'v1' }, 'a b'],
  ['empty key', { '': 'v1' }, ''],
  ['key without a name', { 'app/': 'v1' }, 'app/'],
  ['long key', { ['a'.repeat(64)]: 'v1' }, 'a'.repeat(64)],
  ['long domain of a key', { [`${'a.'.repeat(126)}aa/b`]: 'v1' }, `${'a.'.repeat(126)}aa/b`],
  ['value', { a: 'v*' }, 'a'],
])('refuses a bad %s of a label', (_, labels, key) => {
  expect(toldOf('DestinationRule', { host: 'a', subsets: [{ name: 'v1', labels }] })).toHaveLength(1);
  expect(toldOfSubsets({ name: 'v1', labels })[0]).toMatch(/^ADMIT406 spec\.subsets\[0\]\.labels/);
  expect(toldOfSubsets({ name: 'v1', labels })[0]).toContain(key);
});

test('admits a value longer than Kubernetes\' 63 characters, as istiod does', () => {
  expect(toldOfSubsets({ name: 'v1', labels: { a: 'v'.repeat(70) } })).toEqual([]);
});

test('judges a subset\'s policy, yet drops its warnings as istiod does', () => {
  expect(toldOfSubsets({ name: 'v1', trafficPolicy: { outlierDetection: { consecutiveErrors: 5, maxEjectionPercent: 101 } } }))
    .toEqual(['ADMIT405 spec.subsets[0].trafficPolicy.outlierDetection.maxEjectionPercent']);
});

const toldOfPolicy = (trafficPolicy: object) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy })
  .map((line) => line.replace('spec.trafficPolicy', 'policy'));

test.each([
  ['nothing', {}, ['ADMIT413 policy']],
  ['no ports', { portLevelSettings: [] }, ['ADMIT413 policy']],
  ['a retry budget', { retryBudget: {} }, []],
  ['proxy protocol', { proxyProtocol: { version: 'V2' } }, []],
  ['tls without a mode', { tls: {} }, []],
  ['a budget without a time', { retryBudget: { budgetInterval: '10' } }, ['ADMIT404 policy.retryBudget.budgetInterval']],
  ['a tunnel and proxy protocol', { tunnel: { targetHost: 'a', targetPort: 0 }, proxyProtocol: {} }, ['ADMIT414 policy.proxyProtocol']],
])('judges a policy that sets %s', (_, policy, expected) => {
  expect(toldOfPolicy(policy)).toEqual(expected);
});

test.each([
  ['a port and tls', { port: { number: 80 }, tls: {} }, []],
  ['an empty port', { port: {}, tls: {} }, []],
  ['no port', { tls: {} }, ['ADMIT415 policy.portLevelSettings[0].port']],
  ['nothing but the port', { port: { number: 80 } }, ['ADMIT413 policy.portLevelSettings[0]']],
  ['a bad pool', { port: { number: 80 }, connectionPool: {} }, ['ADMIT413 policy.portLevelSettings[0].connectionPool']],
  ['what istiod would warn of elsewhere', { port: { number: 80 }, outlierDetection: { consecutiveErrors: 1 } }, []],
])('judges settings of a port with %s', (_, port, expected) => {
  expect(toldOfPolicy({ portLevelSettings: [port] })).toEqual(expected);
});

test.each([
  ['a name', { targetHost: 'a.b', targetPort: 80 }, []],
  ['an address', { targetHost: '10.0.0.1', targetPort: 80, protocol: 'CONNECT' }, []],
  ['IPv6', { targetHost: 'fd00::1', targetPort: 80, protocol: 'POST' }, []],
  ['the last port', { targetHost: 'a', targetPort: 65535 }, []],
  ['no host', { targetPort: 80 }, ['ADMIT400 policy.tunnel.targetHost']],
  ['a wildcard', { targetHost: '*.b', targetPort: 80 }, ['ADMIT400 policy.tunnel.targetHost']],
  ['a bad port', { targetHost: 'a', targetPort: 65536 }, ['ADMIT403 policy.tunnel.targetPort']],
  ['a bad protocol', { targetHost: 'a', targetPort: 80, protocol: 'GET' }, ['ADMIT414 policy.tunnel.protocol']],
])('judges a tunnel to %s', (_, tunnel, expected) => {
  expect(toldOfPolicy({ tunnel })).toEqual(expected);
});

test.each([
  ['times', { baseEjectionTime: '1ns', interval: '0s' }, ['ADMIT404 policy.outlierDetection.baseEjectionTime', 'ADMIT404 policy.outlierDetection.interval']],
  ['shares', { maxEjectionPercent: -1, minHealthPercent: 101 },
    ['ADMIT405 policy.outlierDetection.maxEjectionPercent', 'ADMIT405 policy.outlierDetection.minHealthPercent']],
  ['good shares', { maxEjectionPercent: 0, minHealthPercent: 100 }, []],
  ['the deprecated count', { consecutiveErrors: 5 }, ['warning ADMIT416 policy.outlierDetection.consecutiveErrors']],
  ['a count of 0', { consecutiveErrors: 0, consecutiveLocalOriginFailures: 0 }, []],
  ['local failures', { consecutiveLocalOriginFailures: 5 }, ['ADMIT417 policy.outlierDetection.consecutiveLocalOriginFailures']],
  ['local failures, split', { consecutiveLocalOriginFailures: 5, splitExternalLocalOriginErrors: true }, []],
  ['no count at all', { consecutiveLocalOriginFailures: null }, []],
])('judges outlier detection by %s', (_, outlierDetection, expected) => {
  expect(toldOfPolicy({ outlierDetection })).toEqual(expected);
});
