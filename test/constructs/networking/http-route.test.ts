import { App, ApiObject, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Backend, Destination, DestinationProps, HttpFault, HttpRoute, Pods, StringMatch } from '../../../src/index';
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
  const vs = new HttpRoute(chart, 'route', { name: 'my-service-vs', to: [Backend.subset(destinationIn(chart).subset('v1'))] });
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
  new HttpRoute(chart, 'route', {
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
        to: [Backend.subset(destination.subset('v2'))],
        timeout: Duration.millis(1500),
        retries: { attempts: 3, perTryTimeout: Duration.seconds(1), retryOn: ['5xx', '409'], backoff: Duration.millis(50) },
      },
      {
        matches: [{ uri: StringMatch.exact('/grpc.Ratings/Get') }],
        to: [Backend.subset(destination.subset('v1'))],
        faults: [HttpFault.abortGrpc('UNAVAILABLE', 0.5)],
        mirrors: [Backend.subset(destination.subset('v2'))],
      },
    ],
    to: [Backend.subset(destination.subset('v1'), { weight: 90 }), Backend.subset(destination.subset('v2'), { weight: 10 })],
    faults: [HttpFault.delay(Duration.seconds(2), 0.5), HttpFault.abort(503, 10)],
    mirrors: [Backend.subset(destination.subset('v2'), { percentage: 5 })],
    port: 80,
    gateways: ['mesh', 'istio-egress/out'],
    namespace: 'routes',
    exportTo: ['*'],
  });
  expect(route(chart)).toMatchSnapshot();
});

describe('a short host', () => {
  const written = (vs: HttpRoute) => { const { hosts, http } = vs.toJson().spec; return [hosts[0], http[0].route[0].destination.host]; };
  const shortly = (chart: Chart) => destinationIn(chart, { shortHost: true });

  test('is written where the Destination has one, but in another namespace', () => {
    const chart = chartIn('my-namespace');
    const subset = shortly(chart).subset('v1');
    expect(written(new HttpRoute(chart, 'a', { to: [Backend.subset(subset)] }))).toEqual(['my-service', 'my-service']);
    expect(written(new HttpRoute(chart, 'b', { to: [Backend.subset(subset)], namespace: 'routes' }))).toEqual([HOST, HOST]);
    expect(written(new HttpRoute(chart, 'c', { to: [Backend.subset(subset)], shortHost: false }))).toEqual([HOST, HOST]);
  });

  test('is written where the route says so, and refused in another namespace', () => {
    const chart = chartIn('my-namespace');
    const subset = destinationIn(chart).subset('v1');
    const vs = new HttpRoute(chart, 'a', { to: [Backend.subset(subset)], shortHost: true });
    expect([written(vs), vs.host]).toEqual([['my-service', 'my-service'], HOST]);
    expect(() => new HttpRoute(chart, 'b', { to: [Backend.subset(subset)], namespace: 'routes', shortHost: true })).toThrow("expected a Service of namespace 'routes'");
  });

  test('is written of copies of requests, too, as far as they go to Services of the namespace', () => {
    const chart = chartIn('my-namespace');
    const mirrors = ['other.my-namespace.svc.cluster.local', 'other.b.svc.cluster.local'].map((host) => Backend.subset(destinationIn(chart, { host }, host).subset('v1')));
    const vs = new HttpRoute(chart, 'a', { to: [Backend.subset(shortly(chart).subset('v1'))], mirrors });
    expect(vs.toJson().spec.http[0].mirrors.map(({ destination: { host } }: any) => host)).toEqual(['other', 'other.b.svc.cluster.local']);
  });

  test('doesn\'t hide that two routes are for one host', () => {
    const chart = chartIn('my-namespace');
    const subset = shortly(chart).subset('v1');
    new HttpRoute(chart, 'a', { to: [Backend.subset(subset)] });
    new HttpRoute(chart, 'b', { to: [Backend.subset(subset)], shortHost: false });
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

test.each([
  ['to', { to: [] }, "requests go to subset 'v1'"],
  ['host', { host: 'other' }, `the route is for ${HOST}`],
])('routeTo refuses %s, which it knows', (field, options, because) => {
  expect(() => destinationIn(chartIn('my-namespace')).routeTo('v1', options)).toThrow(
    `VirtualService (test/destination/RouteTo-v1): ${field} is given to routeTo; expected no '${field}', because ${because}. Fix: remove '${field}', or use HttpRoute. [MTLS037]`,
  );
});

test('routeTo refuses a subset that isn\'t defined', () => {
  expect(() => destinationIn(chartIn('my-namespace')).routeTo('v3')).toThrow(/subset is 'v3'; expected one of 'v1', 'v2'.*\[MTLS035\]/);
});

describe('weights', () => {
  function weighted(...weights: (number | undefined)[]): any[] {
    const chart = chartIn('my-namespace');
    const destination = destinationIn(chart);
    new HttpRoute(chart, 'route', { to: weights.map((weight, index) => Backend.subset(destination.subset(`v${index + 1}`), { weight })) });
    return route(chart).spec.http[0].route.map(({ weight }: { weight?: number }) => weight);
  }

  test.each([[[100, 0]], [[1, 2]], [[999, 1]], [[7]], [[undefined]]])('%j are written as they are', (weights) => {
    expect(weighted(...weights)).toEqual(weights);
  });

  test.each<[(number | undefined)[], RegExp]>([
    [[50, undefined], /http.route.weight is missing for 'v2'; expected an integer from 0 to 2147483647 for each backend, more than 0 for at least one, because Istio sends no requests to a backend without a weight. Fix: pass a weight for each backend. \[MTLS037\]/],
    [[-1, 101], /http.route.weight is -1 for 'v1'.*\[MTLS037\]/],
    [[0.5, 0.5], /http.route.weight is 0.5 for 'v1'.*\[MTLS037\]/],
    [[2 ** 31], /http.route.weight is 2147483648 for 'v1'.*\[MTLS037\]/],
    [[0, 0], /http.route.weight is 0 for all; .* because istiod rejects it for several backends.*\[MTLS037\]/],
    [[0], /http.route.weight is 0 for all.*\[MTLS037\]/],
  ])('%j are refused', (weights, message) => {
    expect(() => weighted(...weights)).toThrow(message);
  });

  test('a route to nowhere is refused', () => {
    expect(() => weighted()).toThrow("VirtualService (test/route): http.route is empty; expected at least one backend, because istiod rejects a route without a destination. Fix: add a backend to 'to', or omit 'to' for the Service itself. [MTLS037]");
  });
});

describe('subsets', () => {
  test('of two Destinations are refused, even for one host', () => {
    const chart = chartIn('my-namespace');
    const [one, other] = [destinationIn(chart, {}, 'one'), destinationIn(chart, { namespace: 'bank' }, 'other')];
    expect(() => new HttpRoute(chart, 'route', { to: [Backend.subset(one.subset('v1'), { weight: 1 }), Backend.subset(other.subset('v2'), { weight: 1 })] })).toThrow(
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
    new HttpRoute(chart, 'one', { ...first, to: [Backend.subset(destination.subset('v1'))] });
    new HttpRoute(chart, 'two', { ...second, to: [Backend.subset(destination.subset('v2'))] });
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

describe('a route of a host', () => {
  const service = (chart: Chart, name = 'my-service') => new kplus.Service(chart, name, { metadata: { name }, ports: [{ port: 80, name: 'http' }] });

  test('without backends leads to the Service itself, with its settings', () => {
    const chart = chartIn('my-namespace');
    const vs = HttpRoute.ofService(chart, 'route', service(chart), {
      rules: [{ matches: [{ uri: StringMatch.prefix('/slow') }], timeout: Duration.seconds(9) }], timeout: Duration.seconds(3),
    });
    expect(route(chart).spec).toEqual({
      hosts: [HOST],
      http: [
        { match: [{ uri: { prefix: '/slow' } }], route: [{ destination: { host: HOST } }], timeout: '9s' },
        { route: [{ destination: { host: HOST } }], timeout: '3s' },
      ],
    });
    expect([vs.host, vs.namespace]).toEqual([HOST, 'my-namespace']);
  });

  test('has the Service\'s namespace, the chart\'s for a host, or that of its subsets\' Destination', () => {
    const chart = chartIn('my-namespace');
    const other = new Chart(chart, 'other', { namespace: 'other' });
    const namespaces = [
      HttpRoute.ofService(other, 'a', service(chart), {}),
      new HttpRoute(other, 'b', { host: HOST, exportTo: ['.'] }),
      HttpRoute.ofService(chart, 'route-c', service(chart, 'c'), {
        to: [Backend.subset(destinationIn(chart, { host: 'c.my-namespace.svc.cluster.local', namespace: 'till' }).subset('v1'))],
      }),
      new HttpRoute(chart, 'route-d', { host: 'd', namespace: 'routes' }),
    ].map(({ namespace }) => namespace);
    expect(namespaces).toEqual(['my-namespace', 'other', 'till', 'routes']);
    expect(() => new HttpRoute(new Chart(new App(), 'none'), 'e', { host: HOST })).toThrow('[MTLS004]');
  });

  test('by its short name is that of a Service in the route\'s namespace', () => {
    const chart = chartIn('my-namespace');
    expect(new HttpRoute(chart, 'a', { host: 'my-service' }).host).toBe(HOST);
    expect(new HttpRoute(chart, 'b', { host: 'my-service', namespace: 'b' }).host).toBe('my-service.b.svc.cluster.local');
    const { hosts, http } = new HttpRoute(chart, 'c', { host: 'c', shortHost: true, to: [Backend.service(service(chart, 'd'))] }).toJson().spec;
    expect([hosts, http[0].route[0].destination.host]).toEqual([['c'], 'd']);
  });

  test('may lead to subsets of other hosts, each with one Destination', () => {
    const chart = chartIn('my-namespace');
    const others = ['a', 'b'].map((name) => destinationIn(chart, { host: `${name}.example` }, name));
    new HttpRoute(chart, 'route', { host: 'my-service', to: others.map((one) => Backend.subset(one.subset('v1'), { weight: 1 })) });
    const { hosts, exportTo, http } = route(chart).spec;
    expect([hosts, exportTo, http[0].route.map(({ destination }: any) => destination.host)]).toEqual([[HOST], undefined, ['a.example', 'b.example']]);
  });

  test('is for those who see all subsets', () => {
    const chart = chartIn('my-namespace');
    const seenBy = (name: string, exportTo?: string[]) => Backend.subset(destinationIn(chart, { host: `${name}.example`, exportTo }, name).subset('v1'), { weight: 1 });
    const [a, b, c, all] = [seenBy('a', ['.', 'x', 'y']), seenBy('b', ['x', 'z']), seenBy('c', ['z']), seenBy('all')];
    expect(new HttpRoute(chart, 'one', { host: 'one', to: [a, all, b] }).toJson().spec.exportTo).toEqual(['x']);
    expect(() => new HttpRoute(chart, 'none', { host: 'none', to: [a, c] })).toThrow(
      "VirtualService (test/none): http.route is to subsets of a.example (test/a) and c.example (test/c); expected subsets of one Destination, because no client sees all of them, by their namespaces and exportTo. Fix: widen their 'exportTo'. [MTLS038]",
    );
    expect(new HttpRoute(chart, 'said', { host: 'said', to: [a, c], exportTo: ['.'] }).toJson().spec.exportTo).toEqual(['.']);
  });

  test('isn\'t clear for subsets of two hosts, or for none', () => {
    const chart = chartIn('my-namespace');
    const [a, b] = ['a', 'b'].map((name) => Backend.subset(destinationIn(chart, { host: `${name}.example` }, name).subset('v1'), { weight: 1 }));
    expect(() => new HttpRoute(chart, 'route', { to: [a, b] })).toThrow(
      "expected subsets of one Destination, because without a host, the route is for that of its subsets. Fix: pass 'host', or use HttpRoute.ofService. [MTLS038]",
    );
    expect(() => new HttpRoute(chart, 'route', { timeout: Duration.seconds(1) })).toThrow("host is missing; expected a host name. Fix: pass a host name, or the Service's construct to HttpRoute.ofService. [MTLS020]");
    expect(() => HttpRoute.ofService(chart, 'route', undefined as any, {})).toThrow('[MTLS020]');
    expect(() => HttpRoute.ofService(chart, 'route', service(chart), { host: 'a.example' })).toThrow("host is given together with 'service'; expected exactly one of them. Fix: remove one of them. [MTLS020]");
    expect(() => HttpRoute.ofService(chart, 'route', 'my-service' as any, {})).toThrow('Fix: pass the Service itself, or its host name to new HttpRoute. [MTLS021]');
  });

  test('that can be none is refused', () => {
    expect(() => new HttpRoute(chartIn('a'), 'route', { host: 'my_service' })).toThrow(/host is 'my_service', in full .*\[MTLS022\]/);
    expect(() => new HttpRoute(chartIn('a'), 'route', { host: '*' })).toThrow(/hosts is '\*'.*\[MTLS022\]/);
    expect(() => new HttpRoute(chartIn('a'), 'route', { host: 'b', port: 0 })).toThrow('http.route.destination.port is for port 0; expected a port from 1 to 65535');
  });

  test('has a port that the Service has', () => {
    const chart = chartIn('my-namespace');
    HttpRoute.ofService(chart, 'route', service(chart), { port: 8080 });
    expect(() => synth(chart)).toThrow(/VirtualService \(test\/route\): http.route.destination.port is for port 8080; expected a port of Service my-service: 80.*\[MTLS036\]/);
  });
});
