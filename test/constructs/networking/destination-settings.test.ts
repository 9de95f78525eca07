import { Duration } from 'cdk8s';
import { ClientTls, Destination, DestinationProps, LoadBalancing } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

const HOST = 'reviews.shop.svc.cluster.local';

function policy(props: Partial<DestinationProps>): any {
  return spec(props).trafficPolicy;
}

function spec(props: Partial<DestinationProps>): any {
  const chart = chartIn('shop');
  new Destination(chart, 'reviews', { host: HOST, ...props });
  return only(synth(chart), 'DestinationRule').spec;
}

describe('outlier detection', () => {
  test('is written by Istio\'s names', () => {
    expect(policy({
      outlierDetection: {
        consecutive5xxErrors: 3,
        consecutiveGatewayErrors: 2,
        interval: Duration.seconds(5),
        baseEjectionTime: Duration.millis(1500),
        maxEjectionPercent: 50,
        minHealthPercent: 30,
      },
    })).toEqual({
      outlierDetection: { consecutive5xxErrors: 3, consecutiveGatewayErrors: 2, interval: '5s', baseEjectionTime: '1.5s', maxEjectionPercent: 50, minHealthPercent: 30 },
    });
  });

  test('of local-origin failures sets splitExternalLocalOriginErrors', () => {
    expect(policy({ outlierDetection: { consecutiveLocalOriginFailures: 5 } }).outlierDetection)
      .toEqual({ splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 5 });
  });

  test.each([
    ['more than 100 % of the endpoints', { maxEjectionPercent: 101 }], ['a negative number of errors', { consecutive5xxErrors: -1 }], ['an interval of 0', { interval: Duration.millis(0) }],
  ])('with %s is refused at synth', (_, outlierDetection) => {
    expect(() => policy({ outlierDetection })).toThrow(/DestinationRule 'shop\/.*' \(test\/reviews\): spec\.trafficPolicy\.outlierDetection\..*\[ADMIT\d\d\d\]/);
  });
});

describe('load balancing', () => {
  test.each<[string, LoadBalancing, object]>([
    ['by least request', LoadBalancing.leastRequest(), { simple: 'LEAST_REQUEST' }],
    ['by round robin', LoadBalancing.roundRobin(), { simple: 'ROUND_ROBIN' }],
    ['at random', LoadBalancing.random(), { simple: 'RANDOM' }],
    ['by passthrough', LoadBalancing.passthrough(), { simple: 'PASSTHROUGH' }],
    ['by a header', LoadBalancing.byHeader('x-user'), { consistentHash: { httpHeaderName: 'x-user' } }],
    ['by a cookie', LoadBalancing.byCookie('session'), { consistentHash: { httpCookie: { name: 'session' } } }],
    ['by a cookie with a lifetime and a path', LoadBalancing.byCookie('session', { ttl: Duration.seconds(0), path: '/' }), { consistentHash: { httpCookie: { name: 'session', path: '/', ttl: '0s' } } }],
    ['by a query parameter', LoadBalancing.byQueryParameter('user'), { consistentHash: { httpQueryParameterName: 'user' } }],
    ['by source address', LoadBalancing.bySourceIp(), { consistentHash: { useSourceIp: true } }],
  ])('%s is written by Istio\'s names', (_, loadBalancing, loadBalancer) => {
    expect(policy({ loadBalancing })).toEqual({ loadBalancer });
  });

  test('as in Istio\'s YAML is refused', () => {
    expect(() => policy({ loadBalancing: { simple: 'RANDOM' } as any })).toThrow(/loadBalancing is a value of type object that LoadBalancing didn't create; expected a value created by LoadBalancing.*\[API019\]/);
  });
});

describe('other settings', () => {
  test('merge with properties', () => {
    expect(policy({
      loadBalancing: LoadBalancing.roundRobin(),
      otherSettings: { loadBalancer: { warmup: { duration: '60s' } }, proxyProtocol: { version: 'V2' } },
    })).toEqual({ loadBalancer: { simple: 'ROUND_ROBIN', warmup: { duration: '60s' } }, proxyProtocol: { version: 'V2' } });
  });

  test('alone are enough', () => {
    expect(policy({ otherSettings: { retryBudget: { percent: 20 } } })).toEqual({ retryBudget: { percent: 20 } });
    expect(() => policy({ otherSettings: {} })).toThrow('[API029]');
  });

  test('can\'t set a field that a property sets', () => {
    expect(() => policy({ loadBalancing: LoadBalancing.random(), otherSettings: { loadBalancer: { simple: 'RANDOM' } } })).toThrow(
      "DestinationRule (test/reviews): trafficPolicy.loadBalancer.simple is set by a property and by 'otherSettings'; expected only one of them, because only one value can be written. Fix: remove it from 'otherSettings'. [API042]",
    );
  });

  test.each([['tls', 'tls'], ['portLevelSettings', 'ports']])('can\'t be %s', (field, property) => {
    expect(() => policy({ otherSettings: { [field]: {} } })).toThrow(`${field} is in 'otherSettings'; expected the property '${property}', because only the property is validated. Fix: use '${property}'. [API042]`);
  });

  test('that are unknown are refused at synth', () => {
    expect(() => policy({ otherSettings: { outliers: {} } })).toThrow(/\(test\/reviews\): spec\.trafficPolicy\.outliers is an unknown field.*\[ADMIT201\]/);
  });
});

describe('an entry of a port', () => {
  test('copies the host\'s settings, except those that a port can\'t have', () => {
    expect(policy({
      outlierDetection: { consecutive5xxErrors: 3 },
      loadBalancing: LoadBalancing.random(),
      otherSettings: { loadBalancer: { warmup: { duration: '60s' } }, proxyProtocol: { version: 'V2' } },
      ports: [{ port: 80, tls: ClientTls.disable() }],
    }).portLevelSettings).toEqual([{
      port: { number: 80 }, tls: { mode: 'DISABLE' }, outlierDetection: { consecutive5xxErrors: 3 }, loadBalancer: { simple: 'RANDOM', warmup: { duration: '60s' } },
    }]);
  });

  test('replaces each of the host\'s settings as a whole', () => {
    expect(policy({
      outlierDetection: { consecutive5xxErrors: 3, maxEjectionPercent: 100 },
      otherSettings: { loadBalancer: { localityLbSetting: { enabled: false } } },
      ports: [{ port: 80, outlierDetection: { consecutive5xxErrors: 1 } }, { port: 90, loadBalancing: LoadBalancing.random() }],
    }).portLevelSettings).toEqual([
      { port: { number: 80 }, outlierDetection: { consecutive5xxErrors: 1 }, loadBalancer: { localityLbSetting: { enabled: false } } },
      { port: { number: 90 }, outlierDetection: { consecutive5xxErrors: 3, maxEjectionPercent: 100 }, loadBalancer: { simple: 'RANDOM' } },
    ]);
  });

  test('of a subset uses its own settings, then the subset\'s, the host\'s for that port and the host\'s', () => {
    const { subsets } = spec({
      tls: ClientTls.istioMutual(),
      loadBalancing: LoadBalancing.roundRobin(),
      ports: [{ port: 80, outlierDetection: { consecutive5xxErrors: 1 } }],
      subsets: [{ name: 'v1', labels: { version: 'v1' }, loadBalancing: LoadBalancing.random(), ports: [{ port: 80, connectionPool: { tcp: { maxConnections: 1 } } }] }],
    });
    expect(subsets[0].trafficPolicy).toEqual({
      loadBalancer: { simple: 'RANDOM' },
      portLevelSettings: [{
        port: { number: 80 }, tls: { mode: 'ISTIO_MUTUAL' }, outlierDetection: { consecutive5xxErrors: 1 }, loadBalancer: { simple: 'RANDOM' }, connectionPool: { tcp: { maxConnections: 1 } },
      }],
    });
  });

  test('without any setting is refused', () => {
    expect(() => policy({ ports: [{ port: 80 }] })).toThrow('expected tls, connectionPool, outlierDetection, loadBalancing or otherSettings');
  });
});
