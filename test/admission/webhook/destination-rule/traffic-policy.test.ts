import { toldOf } from '../../../support/webhook';

const told = (trafficPolicy: object) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy })
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
  expect(told(policy)).toEqual(expected);
});

test.each([
  ['a port and tls', { port: { number: 80 }, tls: {} }, []],
  ['an empty port', { port: {}, tls: {} }, []],
  ['no port', { tls: {} }, ['ADMIT415 policy.portLevelSettings[0].port']],
  ['nothing but the port', { port: { number: 80 } }, ['ADMIT413 policy.portLevelSettings[0]']],
  ['a bad pool', { port: { number: 80 }, connectionPool: {} }, ['ADMIT413 policy.portLevelSettings[0].connectionPool']],
  ['what istiod would warn of elsewhere', { port: { number: 80 }, outlierDetection: { consecutiveErrors: 1 } }, []],
])('judges settings of a port with %s', (_, port, expected) => {
  expect(told({ portLevelSettings: [port] })).toEqual(expected);
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
  expect(told({ tunnel })).toEqual(expected);
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
  expect(told({ outlierDetection })).toEqual(expected);
});
