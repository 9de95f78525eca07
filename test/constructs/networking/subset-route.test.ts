import { App, ApiObject, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Destination, DestinationProps, HttpFault, Pods, StringMatch, SubsetRoute } from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { chartIn, only, synth } from '../../support/constructs/charts';

const HOST = 'my-service.my-namespace.svc.cluster.local';
const subsets = [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }];

function destinationIn(chart: Chart, props: Partial<DestinationProps> = {}, id = 'destination'): Destination {
  return new Destination(chart, id, { host: HOST, subsets, ...props });
}

function route(chart: Chart): any {
  const found = only(synth(chart), 'VirtualService');
  expect(schemaViolations(found)).toEqual([]);
  return found;
}

test('refuses a route for every host, as istiod does', () => {
  const destination = destinationIn(chartIn('my-namespace'), { host: '*' });
  expect(() => destination.routeTo('v1')).toThrow(/hosts is '\*'; expected one host, .*because istiod rejects a route for every host.*\[MTLS022\]/);
});

test('is one VirtualService in the Destination\'s namespace, to the subset', () => {
  const chart = chartIn('my-namespace');
  const vs = new SubsetRoute(chart, 'route', { name: 'my-service-vs', to: [{ subset: destinationIn(chart).subset('v1') }] });
  expect(route(chart)).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'my-service-vs', namespace: 'my-namespace' },
    spec: { hosts: [HOST], http: [{ route: [{ destination: { host: HOST, subset: 'v1' } }] }] },
  });
  expect([vs.host, vs.namespace]).toEqual([HOST, 'my-namespace']);
  expect(ApiObject.of(vs)).toBe(vs);
});

test('snapshot', () => {
  const chart = chartIn('my-namespace');
  const destination = destinationIn(chart);
  new SubsetRoute(chart, 'route', {
    rules: [
      {
        matches: [{
          uri: StringMatch.prefix('/ratings'),
          ignoreUriCase: true,
          method: StringMatch.exact('GET'),
          authority: StringMatch.regex('ratings.*'),
          headers: { 'x-user': StringMatch.present() },
          withoutHeaders: { 'x-old': StringMatch.exact('1') },
          queryParams: { page: StringMatch.exact('2') },
          port: 80,
          sourceLabels: { app: 'web' },
          sourceNamespace: 'shop',
        }],
        to: [{ subset: destination.subset('v2') }],
        timeout: Duration.millis(1500),
        retries: { attempts: 3, perTryTimeout: Duration.seconds(1), retryOn: ['5xx', '409'], backoff: Duration.millis(50) },
      },
      {
        matches: [{ uri: StringMatch.exact('/grpc.Ratings/Get') }],
        to: [{ subset: destination.subset('v1') }],
        faults: [HttpFault.abortGrpc('UNAVAILABLE', 0.5)],
        mirrors: [{ subset: destination.subset('v2') }],
      },
    ],
    to: [{ subset: destination.subset('v1'), weight: 90 }, { subset: destination.subset('v2'), weight: 10 }],
    faults: [HttpFault.delay(Duration.seconds(2), 0.5), HttpFault.abort(503, 10)],
    mirrors: [{ subset: destination.subset('v2'), percentage: 5 }],
    port: 80,
    gateways: ['mesh', 'istio-egress/out'],
    namespace: 'routes',
    exportTo: ['*'],
  });
  expect(route(chart)).toMatchSnapshot();
});

describe('a short host', () => {
  const written = (vs: SubsetRoute) => { const { hosts, http } = vs.toJson().spec; return [hosts[0], http[0].route[0].destination.host]; };
  const shortly = (chart: Chart) => destinationIn(chart, { shortHost: true });

  test('is written where the Destination has one, but in another namespace', () => {
    const chart = chartIn('my-namespace');
    const subset = shortly(chart).subset('v1');
    expect(written(new SubsetRoute(chart, 'a', { to: [{ subset }] }))).toEqual(['my-service', 'my-service']);
    expect(written(new SubsetRoute(chart, 'b', { to: [{ subset }], namespace: 'routes' }))).toEqual([HOST, HOST]);
    expect(written(new SubsetRoute(chart, 'c', { to: [{ subset }], shortHost: false }))).toEqual([HOST, HOST]);
  });

  test('is written where the route says so, and refused in another namespace', () => {
    const chart = chartIn('my-namespace');
    const subset = destinationIn(chart).subset('v1');
    const vs = new SubsetRoute(chart, 'a', { to: [{ subset }], shortHost: true });
    expect([written(vs), vs.host]).toEqual([['my-service', 'my-service'], HOST]);
    expect(() => new SubsetRoute(chart, 'b', { to: [{ subset }], namespace: 'routes', shortHost: true })).toThrow("expected a Service of namespace 'routes'");
  });

  test('is written of copies of requests, too, as far as they go to Services of the namespace', () => {
    const chart = chartIn('my-namespace');
    const mirrors = ['other.my-namespace.svc.cluster.local', 'other.b.svc.cluster.local'].map((host) => ({ subset: destinationIn(chart, { host }, host).subset('v1') }));
    const vs = new SubsetRoute(chart, 'a', { to: [{ subset: shortly(chart).subset('v1') }], mirrors });
    expect(vs.toJson().spec.http[0].mirrors.map(({ destination: { host } }: any) => host)).toEqual(['other', 'other.b.svc.cluster.local']);
  });

  test('doesn\'t hide that two routes are for one host', () => {
    const chart = chartIn('my-namespace');
    const subset = shortly(chart).subset('v1');
    new SubsetRoute(chart, 'a', { to: [{ subset }] });
    new SubsetRoute(chart, 'b', { to: [{ subset }], shortHost: false });
    expect(() => synth(chart)).toThrow('[MTLS039]');
  });
});

test('routeTo leads there in short', () => {
  const chart = chartIn('my-namespace');
  destinationIn(chart).routeTo('v2', { name: 'my-service-vs', port: 80 });
  const { metadata, spec } = route(chart);
  expect(metadata.name).toBe('my-service-vs');
  expect(spec.http[0].route).toEqual([{ destination: { host: HOST, subset: 'v2', port: { number: 80 } } }]);
});

test('routeTo refuses a subset that isn\'t defined', () => {
  expect(() => destinationIn(chartIn('my-namespace')).routeTo('v3')).toThrow(/subset is 'v3'; expected one of 'v1', 'v2'.*\[MTLS035\]/);
});

describe('weights', () => {
  function weighted(...weights: (number | undefined)[]): any[] {
    const chart = chartIn('my-namespace');
    const destination = destinationIn(chart);
    new SubsetRoute(chart, 'route', { to: weights.map((weight, index) => ({ subset: destination.subset(`v${index + 1}`), weight })) });
    return route(chart).spec.http[0].route.map(({ weight }: { weight?: number }) => weight);
  }

  test.each([[[100, 0]], [[1, 2]], [[999, 1]], [[7]], [[undefined]]])('%j are written as they are', (weights) => {
    expect(weighted(...weights)).toEqual(weights);
  });

  test.each<[(number | undefined)[], RegExp]>([
    [[50, undefined], /http.route.weight is missing for 'v2'; expected an integer from 0 to 2147483647 for each subset, more than 0 for at least one, because Istio sends no requests to a subset without a weight. Fix: pass a weight for each subset. \[MTLS037\]/],
    [[-1, 101], /http.route.weight is -1 for 'v1'.*\[MTLS037\]/],
    [[0.5, 0.5], /http.route.weight is 0.5 for 'v1'.*\[MTLS037\]/],
    [[2 ** 31], /http.route.weight is 2147483648 for 'v1'.*\[MTLS037\]/],
    [[0, 0], /http.route.weight is 0 for all; .* because istiod rejects it for several subsets.*\[MTLS037\]/],
    [[0], /http.route.weight is 0 for all.*\[MTLS037\]/],
  ])('%j are refused', (weights, message) => {
    expect(() => weighted(...weights)).toThrow(message);
  });

  test('a route to nowhere is refused', () => {
    expect(() => weighted()).toThrow("VirtualService (test/route): http.route is empty; expected at least one subset, because istiod rejects a route without a destination. Fix: add a subset to 'to'. [MTLS037]");
  });
});

describe('subsets', () => {
  test('of two Destinations are refused, even for one host', () => {
    const chart = chartIn('my-namespace');
    const [one, other] = [destinationIn(chart, {}, 'one'), destinationIn(chart, { namespace: 'bank' }, 'other')];
    expect(() => new SubsetRoute(chart, 'route', { to: [{ subset: one.subset('v1'), weight: 1 }, { subset: other.subset('v2'), weight: 1 }] })).toThrow(
      `VirtualService (test/route): http.route is to subsets of ${HOST} (test/one) and ${HOST} (test/other); expected subsets of one Destination, because a client sees the subsets of only one rule. Fix: define the subsets in one Destination. [MTLS038]`,
    );
  });

  test('that only certain clients have are refused', () => {
    const destination = destinationIn(chartIn('my-namespace'), { client: Pods.withLabels({ app: 'till' }) });
    expect(() => destination.routeTo('v1')).toThrow(/http.route is to a subset of test\/destination, which is for specific clients; expected a subset of a Destination for all clients.*\[MTLS038\]/);
  });
});

describe('the port', () => {
  test('that the Service lacks is refused at synth', () => {
    const chart = chartIn('my-namespace');
    const service = new kplus.Service(chart, 'svc', { metadata: { name: 'my-service' }, ports: [{ port: 80, targetPort: 8080 }] });
    Destination.ofService(chart, 'destination', service, { subsets }).routeTo('v1', { port: 8080 });
    expect(() => synth(chart)).toThrow(/VirtualService \(test\/destination\/RouteTo-v1\): http.route.destination.port is for port 8080; expected a port of Service my-service: 80.*\[MTLS036\]/);
  });

  test.each([0, 65536, 1.5])('%d is refused', (port) => {
    expect(() => destinationIn(chartIn('my-namespace')).routeTo('v1', { port })).toThrow(`http.route.destination.port is for port ${port}; expected a port from 1 to 65535. Fix: pass the Service's port number. [MTLS006]`);
  });
});

describe('those who see a route are those who find its subsets', () => {
  function exportTo(destination: Partial<DestinationProps>, options: { namespace?: string; exportTo?: string[] } = {}): string[] | undefined {
    const chart = chartIn('my-namespace');
    destinationIn(chart, destination).routeTo('v1', options);
    return route(chart).spec.exportTo;
  }

  test('all, for a rule beside its Service or in the root namespace', () => {
    expect(exportTo({})).toBeUndefined();
    expect(exportTo({ namespace: 'istio-system' })).toBeUndefined();
  });

  test('all, for a host outside the cluster', () => {
    expect(exportTo({ host: 'api.bank.example' })).toBeUndefined();
  });

  test('the rule\'s namespace, if it isn\'t the Service\'s: no other client finds such a rule', () => {
    expect(exportTo({ namespace: 'till' })).toEqual(['.']);
    expect(exportTo({ namespace: 'till' }, { namespace: 'routes' })).toEqual(['till']);
  });

  test('those of the rule\'s exportTo, told from the route\'s namespace', () => {
    expect(exportTo({ exportTo: ['.', 'bank'] })).toEqual(['.', 'bank']);
    expect(exportTo({ exportTo: ['.', 'bank'] }, { namespace: 'bank' })).toEqual(['my-namespace', '.']);
    expect(exportTo({ exportTo: ['*'] })).toBeUndefined();
  });

  test('unless the user says who', () => {
    expect(exportTo({ namespace: 'till' }, { exportTo: ['*'] })).toEqual(['*']);
    expect(() => exportTo({}, { exportTo: [] })).toThrow(/VirtualService \(test\/destination\/RouteTo-v1\): exportTo is \[\].*\[MTLS032\]/);
  });
});

describe('a second route for a host and its clients', () => {
  function twoRoutes(first: object, second: object): Chart {
    const chart = chartIn('my-namespace');
    const destination = destinationIn(chart);
    new SubsetRoute(chart, 'one', { ...first, to: [{ subset: destination.subset('v1') }] });
    new SubsetRoute(chart, 'two', { ...second, to: [{ subset: destination.subset('v2') }] });
    return chart;
  }

  test.each<[string, object, object]>([
    ['both public', {}, {}],
    ['both public, in two namespaces', {}, { namespace: 'routes' }],
    ['mesh said by one', {}, { gateways: ['out', 'mesh'] }],
    ['one gateway, named in two ways', { gateways: ['out'] }, { gateways: ['my-namespace/out'] }],
    ['both private', { exportTo: ['.'] }, { exportTo: ['my-namespace'] }],
    ['both exported to one namespace', { exportTo: ['a', 'b'] }, { exportTo: ['b', 'c'] }],
  ])('is refused at synth: %s', (_, first, second) => {
    expect(() => synth(twoRoutes(first, second))).toThrow(
      /VirtualService '.*' \(test\/two\): hosts is 'my-service.my-namespace.svc.cluster.local', as in VirtualService 'my-namespace\/.*' \(test\/one\), for the same clients; expected one VirtualService for each host and set of clients, because Istio applies the routes of the oldest and silently ignores the others\. Fix: merge the two\. \[MTLS039\]/,
    );
  });

  test.each<[string, object, object]>([
    ['other gateways', {}, { gateways: ['out'] }],
    ['gateways of one name in two namespaces', { gateways: ['out'] }, { gateways: ['istio-egress/out'] }],
    ['private beside public: private wins in its namespace', {}, { exportTo: ['.'] }],
    ['private beside exported by name: private wins', { exportTo: ['.'] }, { namespace: 'routes', exportTo: ['my-namespace'] }],
    ['other namespaces', { exportTo: ['a'] }, { exportTo: ['b'] }],
    ['private in two namespaces', { exportTo: ['.'] }, { exportTo: ['.'], namespace: 'routes' }],
  ])('is fine for %s', (_, first, second) => {
    expect(synth(twoRoutes(first, second)).filter(({ kind }) => kind === 'VirtualService')).toHaveLength(2);
  });

  test('is refused beside a hand-written one', () => {
    const chart = chartIn('my-namespace');
    new ApiObject(chart, 'raw', { apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService', spec: { hosts: ['other.example', 'my-service'] } });
    destinationIn(chart).routeTo('v1');
    expect(() => synth(chart)).toThrow(/as in VirtualService 'my-namespace\/test-raw-\w+' \(test\/raw\).*\[MTLS039\]/);
  });

  test('of another app, or beside a delegate without hosts, is fine', () => {
    const chart = chartIn('my-namespace');
    new ApiObject(chart, 'raw', { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: { http: [{ route: [{ destination: { host: 'a' } }] }] } });
    destinationIn(chart).routeTo('v1');
    destinationIn(new Chart(new App(), 'other', { namespace: 'my-namespace' })).routeTo('v1');
    expect(() => synth(chart)).not.toThrow();
  });
});
