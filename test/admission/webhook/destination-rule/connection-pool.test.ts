import { toldOf } from '../../../support/admission/webhook';

const told = (connectionPool: object) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy: { connectionPool } })
  .map((line) => line.replace('spec.trafficPolicy.connectionPool', 'pool'));

test('rejects a pool without http and tcp, and accepts either when empty', () => {
  expect(told({})).toEqual(['ADMIT413 pool']);
  expect(told({ tcp: {} })).toEqual([]);
  expect(told({ http: {} })).toEqual([]);
});

test.each(['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams'])('rejects a negative %s', (field) => {
  expect(told({ http: { [field]: -1 } })).toEqual([`ADMIT412 pool.http.${field}`]);
  expect(told({ http: { [field]: 0 } })).toEqual([]);
});

test.each([
  ['a negative maxConnections', { maxConnections: -1 }, ['ADMIT412 pool.tcp.maxConnections']],
  ['a connectTimeout under a millisecond', { connectTimeout: '1us' }, ['ADMIT404 pool.tcp.connectTimeout']],
  ['a maxConnectionDuration with a fraction of a millisecond', { maxConnectionDuration: '1.5ms' }, ['ADMIT404 pool.tcp.maxConnectionDuration']],
  ['an idleTimeout of 0', { idleTimeout: '0s' }, []],
  ['an idleTimeout under a millisecond, which counts as 0', { idleTimeout: '999us' }, []],
  ['an idleTimeout with a fraction of a millisecond', { idleTimeout: '1.5ms' }, ['ADMIT404 pool.tcp.idleTimeout']],
  ['an idleTimeout without a unit', { idleTimeout: '5' }, ['ADMIT404 pool.tcp.idleTimeout']],
  ['short times of tcpKeepalive', { tcpKeepalive: { time: '1ns', interval: '1ns' } }, ['ADMIT404 pool.tcp.tcpKeepalive.interval', 'ADMIT404 pool.tcp.tcpKeepalive.time']],
])('checks tcp with %s', (_, tcp, expected) => {
  expect(told({ tcp })).toEqual(expected);
});

test.each([
  ['an idleTimeout of 0', { idleTimeout: '0s' }, ['ADMIT404 pool.http.idleTimeout']],
  ['h2UpgradePolicy UPGRADE beside useClientProtocol', { useClientProtocol: true, h2UpgradePolicy: 'UPGRADE' }, ['ADMIT418 pool.http.useClientProtocol']],
  ['useClientProtocol alone', { useClientProtocol: true, h2UpgradePolicy: 'DEFAULT' }, []],
  ['http2KeepAlive without times', { http2KeepAlive: {} }, ['ADMIT419 pool.http.http2KeepAlive.interval', 'ADMIT419 pool.http.http2KeepAlive.timeout']],
  ['http2KeepAlive with short times', { http2KeepAlive: { interval: '1ns', timeout: '1ns' } },
    ['ADMIT404 pool.http.http2KeepAlive.interval', 'ADMIT404 pool.http.http2KeepAlive.timeout']],
  ['http2KeepAlive with valid times', { http2KeepAlive: { interval: '1s', timeout: '1s' } }, []],
])('checks http with %s', (_, http, expected) => {
  expect(told({ http })).toEqual(expected);
});
