import { Chart, Duration } from 'cdk8s';
import { actionSettings } from '../../../src/constructs/networking/http-action';
import { Backend, Destination, HttpFault, HttpRoute, HttpRouteProps, Pods, StringMatch } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

function destination(chart: Chart, name = 'reviews', client = false): Destination {
  return new Destination(chart, name, {
    host: name,
    client: client ? Pods.withLabels({ app: 'till' }) : undefined,
    subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }],
  });
}

function http(props: (reviews: Destination, chart: Chart) => Partial<HttpRouteProps>): any[] {
  const chart = chartIn('shop');
  const reviews = destination(chart);
  new HttpRoute(chart, 'route', { to: [Backend.subset(reviews.subset('v1'))], ...props(reviews, chart) });
  return only(synth(chart), 'VirtualService').spec.http;
}

const to = (subset: string) => [{ destination: { host: 'reviews.shop.svc.cluster.local', subset } }];

test('rules come before the route of all other requests', () => {
  expect(http((reviews) => ({
    rules: [
      { matches: [{ headers: { 'end-user': StringMatch.exact('jason') } }], to: [Backend.subset(reviews.subset('v2'))], timeout: Duration.seconds(1) },
      { matches: [{ uri: StringMatch.prefix('/old') }], to: [Backend.subset(reviews.subset('v1'))] },
    ],
    timeout: Duration.seconds(3),
  }))).toEqual([
    { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: to('v2'), timeout: '1s' },
    { match: [{ uri: { prefix: '/old' } }], route: to('v1') },
    { route: to('v1'), timeout: '3s' },
  ]);
});

test('the route\'s port applies to its rules and copies', () => {
  const routes = http((reviews) => ({
    port: 80, rules: [{ matches: [{ port: 8080 }], to: [Backend.subset(reviews.subset('v2'))] }], mirrors: [Backend.subset(reviews.subset('v2'))],
  }));
  const ports = routes.flatMap(({ route, mirrors = [] }) => [...route, ...mirrors]).map(({ destination: { port } }) => port.number);
  expect(ports).toEqual([80, 80, 80]);
});

test('timeouts, retries, faults and copies are written by Istio\'s names', () => {
  expect(http((reviews, chart) => ({
    timeout: Duration.millis(1500),
    retries: { attempts: 3, perTryTimeout: Duration.seconds(1), retryOn: ['5xx', '409'], backoff: Duration.millis(50) },
    faults: [HttpFault.delay(Duration.seconds(2), 0.5), HttpFault.abort(503, 10)],
    mirrors: [Backend.subset(reviews.subset('v2'), { percentage: 5 }), Backend.subset(destination(chart, 'ratings').subset('v1'))],
  }))).toEqual([{
    route: to('v1'),
    timeout: '1.5s',
    retries: { attempts: 3, perTryTimeout: '1s', retryOn: '5xx,409', backoff: '0.05s' },
    fault: { delay: { fixedDelay: '2s', percentage: { value: 0.5 } }, abort: { httpStatus: 503, percentage: { value: 10 } } },
    mirrors: [
      { destination: { host: 'reviews.shop.svc.cluster.local', subset: 'v2' }, percentage: { value: 5 } },
      { destination: { host: 'ratings.shop.svc.cluster.local', subset: 'v1' } },
    ],
  }]);
});

test('a fault of gRPC has its status', () => {
  expect(http(() => ({ faults: [HttpFault.abortGrpc('UNAVAILABLE', 100)] }))[0].fault).toEqual({ abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } } });
});

test('routeTo takes the same settings', () => {
  const chart = chartIn('shop');
  destination(chart).routeTo('v1', { timeout: Duration.seconds(3) });
  expect(only(synth(chart), 'VirtualService').spec.http).toEqual([{ route: to('v1'), timeout: '3s' }]);
});

test.each([
  ['as long as the timeout of all attempts', { timeout: Duration.seconds(1), retries: { attempts: 3, perTryTimeout: Duration.seconds(1) } },
    { timeout: '1s', retries: { attempts: 3, perTryTimeout: '1s' } }],
  ['limited without a timeout of all attempts', { retries: { attempts: 3, perTryTimeout: Duration.seconds(9) } }, { retries: { attempts: 3, perTryTimeout: '9s' } }],
  ['unlimited within the timeout of all attempts', { timeout: Duration.seconds(1), retries: { attempts: 3 } }, { timeout: '1s', retries: { attempts: 3 } }],
])('an attempt may be %s', (_, props, fields) => {
  expect(http(() => props)).toEqual([{ route: to('v1'), ...fields }]);
});

test('a timeout of 0 is no limit', () => {
  expect(actionSettings({ timeout: Duration.seconds(0), retries: { attempts: 1, perTryTimeout: Duration.seconds(1) } },
    (details) => new Error(details.code)))
    .toMatchObject({ timeout: '0s', retries: { perTryTimeout: '1s' } });
});

describe('it refuses', () => {
  test('a time for each attempt that is longer than that for all', () => {
    const retries = { attempts: 3, perTryTimeout: Duration.millis(1500) };
    expect(() => http(() => ({ timeout: Duration.seconds(1), retries }))).toThrow("VirtualService (test/route): http.retries.perTryTimeout is 1.5s; expected at most the timeout, 1s, because the request ends before its first attempt may. Fix: raise 'timeout', which includes all attempts. [API037]");
    expect(() => http(() => ({ rules: [{ matches: [{ port: 80 }], timeout: Duration.seconds(1), retries }] }))).toThrow('perTryTimeout is 1.5s');
  });

  test('two faults of the same kind', () => {
    expect(() => http(() => ({ faults: [HttpFault.abort(503, 10), HttpFault.abortGrpc('UNAVAILABLE', 1)] }))).toThrow(/http\.fault\.abort is given twice; expected at most one.*\[API037\]/);
  });

  test('a fault as in Istio\'s YAML', () => {
    expect(() => http(() => ({ faults: [{ delay: {} } as any] }))).toThrow('[API019]');
  });

  test('missing weights, subsets of another Destination, and no backends in a rule, as in a route', () => {
    const matches = [{ method: StringMatch.exact('GET') }];
    expect(() => http((reviews) => ({ rules: [{ matches, to: [Backend.subset(reviews.subset('v1')), Backend.subset(reviews.subset('v2'), { weight: 1 })] }] }))).toThrow(/weight is missing for 'v1'.*\[API037\]/);
    expect(() => http((_, chart) => ({ rules: [{ matches, to: [Backend.subset(destination(chart, 'ratings').subset('v1'))] }] }))).toThrow('[API038]');
    expect(() => http(() => ({ rules: [{ matches, to: [] }] }))).toThrow(/http\.route is empty.*\[API037\]/);
  });

  test('copies to a subset that only certain clients have', () => {
    expect(() => http((_, chart) => ({ mirrors: [Backend.subset(destination(chart, 'ratings', true).subset('v1'))] }))).toThrow('[API038]');
  });

  test.each<[string, string, Partial<HttpRouteProps>]>([
    ['a retry condition', 'retries', { retries: { attempts: 3, retryOn: ['sometimes'] } }], ['a status of an abort', 'fault', { faults: [HttpFault.abort(99, 10)] }],
    ['a percentage of a delay', 'fault', { faults: [HttpFault.delay(Duration.seconds(1), 101)] }],
  ])('at synth %s that istiod refuses', (_, field, props) => {
    expect(() => http(() => props)).toThrow(new RegExp(`VirtualService 'shop/.*' \\(test/route\\): spec\\.http\\[0\\]\\.${field}.*\\[ADMIT\\d\\d\\d\\]`));
  });
});
