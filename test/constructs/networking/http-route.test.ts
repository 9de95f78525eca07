import { ApiObject, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Backend, Destination, DestinationProps, HttpFault, HttpRoute, StringMatch } from '../../../src/index';
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
  expect(() => destination.routeTo('v1')).toThrow(/hosts is '\*'; expected one host, .*because istiod rejects a route for every host.*\[API022\]/);
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

  test('is emitted if the Destination has one, except in another namespace', () => {
    const chart = chartIn('my-namespace');
    const subset = shortly(chart).subset('v1');
    expect(written(new HttpRoute(chart, 'a', { to: [Backend.subset(subset)] }))).toEqual(['my-service', 'my-service']);
    expect(written(new HttpRoute(chart, 'b', { to: [Backend.subset(subset)], namespace: 'routes' }))).toEqual([HOST, HOST]);
    expect(written(new HttpRoute(chart, 'c', { to: [Backend.subset(subset)], shortHost: false }))).toEqual([HOST, HOST]);
  });

  test('is emitted if the route sets it, and refused in another namespace', () => {
    const chart = chartIn('my-namespace');
    const subset = destinationIn(chart).subset('v1');
    const vs = new HttpRoute(chart, 'a', { to: [Backend.subset(subset)], shortHost: true });
    expect([written(vs), vs.host]).toEqual([['my-service', 'my-service'], HOST]);
    expect(() => new HttpRoute(chart, 'b', { to: [Backend.subset(subset)], namespace: 'routes', shortHost: true })).toThrow("expected a Service of namespace 'routes'");
  });

  test('also applies to mirrors to Services in the namespace', () => {
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
    expect(() => synth(chart)).toThrow('[API039]');
  });
});

test('routeTo creates a route to a subset', () => {
  const chart = chartIn('my-namespace');
  destinationIn(chart).routeTo('v2', { name: 'my-service-vs', port: 80 });
  const { metadata, spec } = route(chart);
  expect(metadata.name).toBe('my-service-vs');
  expect(spec.http[0].route).toEqual([{ destination: { host: HOST, subset: 'v2', port: { number: 80 } } }]);
});

test.each([
  ['to', { to: [] }, "requests go to subset 'v1'"],
  ['host', { host: 'other' }, `the route is for ${HOST}`],
])('routeTo refuses property %s, which it sets itself', (field, options, because) => {
  expect(() => destinationIn(chartIn('my-namespace')).routeTo('v1', options)).toThrow(
    `VirtualService (test/destination/RouteTo-v1): ${field} is given to routeTo; expected no '${field}', because ${because}. Fix: remove '${field}', or use HttpRoute. [API037]`,
  );
});

test('routeTo refuses a subset that isn\'t defined', () => {
  expect(() => destinationIn(chartIn('my-namespace')).routeTo('v3')).toThrow(/subset is 'v3'; expected one of 'v1', 'v2'.*\[API035\]/);
});

describe('the port', () => {
  test('that the Service lacks is refused at synth', () => {
    const chart = chartIn('my-namespace');
    const service = new kplus.Service(chart, 'svc', { metadata: { name: 'my-service' }, ports: [{ port: 80, targetPort: 8080 }] });
    Destination.ofService(chart, 'destination', service, { subsets }).routeTo('v1', { port: 8080 });
    expect(() => synth(chart)).toThrow(/VirtualService \(test\/destination\/RouteTo-v1\): http.route.destination.port is for port 8080; expected a port of Service my-service: 80.*\[API036\]/);
  });

  test.each([0, 65536, 1.5])('%d is refused', (port) => {
    expect(() => destinationIn(chartIn('my-namespace')).routeTo('v1', { port })).toThrow(`http.route.destination.port is for port ${port}; expected a port from 1 to 65535. Fix: pass the Service's port number. [API006]`);
  });
});

describe('a route\'s exportTo matches that of its subsets', () => {
  function exportTo(destination: Partial<DestinationProps>, options: { namespace?: string; exportTo?: string[] } = {}): string[] | undefined {
    const chart = chartIn('my-namespace');
    destinationIn(chart, destination).routeTo('v1', options);
    return route(chart).spec.exportTo;
  }

  test('all namespaces, for a rule in the Service\'s or the root namespace', () => {
    expect(exportTo({})).toBeUndefined();
    expect(exportTo({ namespace: 'istio-system' })).toBeUndefined();
  });

  test('all, for a host outside the cluster', () => {
    expect(exportTo({ host: 'api.bank.example' })).toBeUndefined();
  });

  test('the rule\'s namespace if it isn\'t the Service\'s, since no other clients see such a rule', () => {
    expect(exportTo({ namespace: 'till' })).toEqual(['.']);
    expect(exportTo({ namespace: 'till' }, { namespace: 'routes' })).toEqual(['till']);
  });

  test('the rule\'s exportTo, relative to the route\'s namespace', () => {
    expect(exportTo({ exportTo: ['.', 'bank'] })).toEqual(['.', 'bank']);
    expect(exportTo({ exportTo: ['.', 'bank'] }, { namespace: 'bank' })).toEqual(['my-namespace', '.']);
    expect(exportTo({ exportTo: ['*'] })).toBeUndefined();
  });

  test('unless the user sets exportTo', () => {
    expect(exportTo({ namespace: 'till' }, { exportTo: ['*'] })).toEqual(['*']);
    expect(() => exportTo({}, { exportTo: [] })).toThrow(/VirtualService \(test\/destination\/RouteTo-v1\): exportTo is \[\].*\[API032\]/);
  });
});
