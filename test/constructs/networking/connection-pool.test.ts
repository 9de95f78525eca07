import { Duration } from 'cdk8s';
import { ConnectionPool, Destination, Http2UpgradePolicy } from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { chartIn, only, synth } from '../../support/constructs/charts';

function rendered(connectionPool: ConnectionPool): any {
  const chart = chartIn('shop');
  new Destination(chart, 'reviews', { host: 'reviews', connectionPool });
  const rule = only(synth(chart), 'DestinationRule');
  expect(schemaViolations(rule)).toEqual([]);
  return rule.spec.trafficPolicy.connectionPool;
}

test('every setting is written by Istio\'s name, durations in seconds', () => {
  expect(rendered({
    tcp: {
      maxConnections: 100,
      connectTimeout: Duration.millis(30),
      idleTimeout: Duration.minutes(15),
      maxConnectionDuration: Duration.hours(1),
      tcpKeepalive: { probes: 3, time: Duration.hours(2), interval: Duration.seconds(75) },
    },
    http: {
      http1MaxPendingRequests: 1,
      http2MaxRequests: 2,
      maxRequestsPerConnection: 100,
      maxRetries: 3,
      idleTimeout: Duration.millis(1500),
      maxConcurrentStreams: 4,
      h2UpgradePolicy: Http2UpgradePolicy.UPGRADE,
      useClientProtocol: false,
      http2KeepAlive: { interval: Duration.seconds(10), timeout: Duration.seconds(1) },
    },
  })).toEqual({
    tcp: {
      maxConnections: 100,
      connectTimeout: '0.03s',
      idleTimeout: '900s',
      maxConnectionDuration: '3600s',
      tcpKeepalive: { probes: 3, time: '7200s', interval: '75s' },
    },
    http: {
      http1MaxPendingRequests: 1,
      http2MaxRequests: 2,
      maxRequestsPerConnection: 100,
      maxRetries: 3,
      idleTimeout: '1.5s',
      maxConcurrentStreams: 4,
      h2UpgradePolicy: 'UPGRADE',
      useClientProtocol: false,
      http2KeepAlive: { interval: '10s', timeout: '1s' },
    },
  });
});

test('adds no defaults', () => {
  expect(rendered({ http: { maxRequestsPerConnection: 100 } })).toEqual({ http: { maxRequestsPerConnection: 100 } });
});

test('keeps an empty part, since in Istio it replaces the host\'s', () => {
  expect(rendered({ tcp: {} })).toEqual({ tcp: {} });
});

test('writes zero if it has a meaning', () => {
  expect(rendered({ tcp: { idleTimeout: Duration.seconds(0) }, http: { maxRequestsPerConnection: 0 } })).toEqual({ tcp: { idleTimeout: '0s' }, http: { maxRequestsPerConnection: 0 } });
});

describe('it refuses', () => {
  test('an empty pool', () => {
    expect(() => rendered({})).toThrow("DestinationRule (test/reviews): connectionPool is empty; expected tcp, http or both, because istiod rejects an empty one. Fix: remove 'connectionPool'. [API028]");
  });

  test.each([
    ['tcp.maxConnections', { tcp: { maxConnections: 0 } }],
    ['tcp.tcpKeepalive.probes', { tcp: { tcpKeepalive: { probes: 0 } } }],
    ['http.http1MaxPendingRequests', { http: { http1MaxPendingRequests: 0 } }],
    ['http.http2MaxRequests', { http: { http2MaxRequests: 0 } }],
    ['http.maxRetries', { http: { maxRetries: 0 } }],
    ['http.maxConcurrentStreams', { http: { maxConcurrentStreams: 0 } }],
  ])('%s 0, which Istio reads as its default', (field, pool) => {
    expect(() => rendered(pool)).toThrow(`connectionPool.${field} is 0; expected an integer from 1 to 2147483647, because Istio reads 0 as its default`);
  });

  test.each([-1, 1.5, 2 ** 31, NaN])('%d requests per connection', (maxRequestsPerConnection) => {
    expect(() => rendered({ http: { maxRequestsPerConnection } })).toThrow(`connectionPool.http.maxRequestsPerConnection is ${maxRequestsPerConnection}; expected an integer from 0 to 2147483647. Fix`);
  });

  const zero = Duration.seconds(0);
  test.each<[string, ConnectionPool]>([
    ['tcp.connectTimeout', { tcp: { connectTimeout: zero } }],
    ['tcp.maxConnectionDuration', { tcp: { maxConnectionDuration: zero } }],
    ['tcp.tcpKeepalive.time', { tcp: { tcpKeepalive: { time: zero } } }],
    ['tcp.tcpKeepalive.interval', { tcp: { tcpKeepalive: { interval: zero } } }],
    ['http.idleTimeout', { http: { idleTimeout: zero } }],
    ['http.http2KeepAlive.interval', { http: { http2KeepAlive: { interval: zero, timeout: Duration.seconds(1) } } }],
    ['http.http2KeepAlive.timeout', { http: { http2KeepAlive: { interval: Duration.seconds(1), timeout: zero } } }],
  ])('%s of 0', (field, pool) => {
    expect(() => rendered(pool)).toThrow(`connectionPool.${field} is 0 ms; expected whole milliseconds, 1 or more`);
  });

  test('a duration with a part of a millisecond', () => {
    expect(() => rendered({ tcp: { idleTimeout: Duration.millis(0.5) } })).toThrow(/tcp.idleTimeout is 0.5 ms; expected whole milliseconds, 0 or more.*\[API028\]/);
  });

  test('useClientProtocol with UPGRADE', () => {
    expect(() => rendered({ http: { useClientProtocol: true, h2UpgradePolicy: Http2UpgradePolicy.UPGRADE } })).toThrow(/http.useClientProtocol is true with h2UpgradePolicy UPGRADE.*\[API028\]/);
    expect(rendered({ http: { useClientProtocol: true, h2UpgradePolicy: Http2UpgradePolicy.DO_NOT_UPGRADE } })).toEqual({ http: { useClientProtocol: true, h2UpgradePolicy: 'DO_NOT_UPGRADE' } });
  });
});
