import { toldOf } from '../../../support/admission/webhook';

const told = (connectionPool: object) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy: { connectionPool } })
  .map((line) => line.replace('spec.trafficPolicy.connectionPool', 'pool'));

test('refuses a pool without http and tcp, and admits either empty', () => {
  expect(told({})).toEqual(['ADMIT413 pool']);
  expect(told({ tcp: {} })).toEqual([]);
  expect(told({ http: {} })).toEqual([]);
});

test.each(['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams'])('refuses a negative %s', (field) => {
  expect(told({ http: { [field]: -1 } })).toEqual([`ADMIT412 pool.http.${field}`]);
  expect(told({ http: { [field]: 0 } })).toEqual([]);
});

test.each([
  ['a negative number of connections', { maxConnections: -1 }, ['ADMIT412 pool.tcp.maxConnections']],
  ['a short timeout', { connectTimeout: '1us' }, ['ADMIT404 pool.tcp.connectTimeout']],
  ['a fine duration', { maxConnectionDuration: '1.5ms' }, ['ADMIT404 pool.tcp.maxConnectionDuration']],
  ['no idle timeout', { idleTimeout: '0s' }, []],
  ['less than a millisecond for none', { idleTimeout: '999us' }, []],
  ['a fine idle timeout', { idleTimeout: '1.5ms' }, ['ADMIT404 pool.tcp.idleTimeout']],
  ['an idle timeout without unit', { idleTimeout: '5' }, ['ADMIT404 pool.tcp.idleTimeout']],
  ['short keepalives', { tcpKeepalive: { time: '1ns', interval: '1ns' } }, ['ADMIT404 pool.tcp.tcpKeepalive.interval', 'ADMIT404 pool.tcp.tcpKeepalive.time']],
])('judges tcp with %s', (_, tcp, expected) => {
  expect(told({ tcp })).toEqual(expected);
});

test.each([
  ['a short idle timeout', { idleTimeout: '0s' }, ['ADMIT404 pool.http.idleTimeout']],
  ['the client\'s protocol upgraded', { useClientProtocol: true, h2UpgradePolicy: 'UPGRADE' }, ['ADMIT418 pool.http.useClientProtocol']],
  ['the client\'s protocol', { useClientProtocol: true, h2UpgradePolicy: 'DEFAULT' }, []],
  ['pings without times', { http2KeepAlive: {} }, ['ADMIT419 pool.http.http2KeepAlive.interval', 'ADMIT419 pool.http.http2KeepAlive.timeout']],
  ['pings with short times', { http2KeepAlive: { interval: '1ns', timeout: '1ns' } },
    ['ADMIT404 pool.http.http2KeepAlive.interval', 'ADMIT404 pool.http.http2KeepAlive.timeout']],
  ['pings', { http2KeepAlive: { interval: '1s', timeout: '1s' } }, []],
])('judges http with %s', (_, http, expected) => {
  expect(told({ http })).toEqual(expected);
});
