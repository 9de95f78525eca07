import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Backend, Destination, DestinationProps, HttpRoute, StringMatch } from '../../../src/index';
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

describe('a route of a host', () => {
  const service = (chart: Chart, name = 'my-service') => new kplus.Service(chart, name, { metadata: { name }, ports: [{ port: 80, name: 'http' }] });

  test('without backends routes to the Service itself', () => {
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
    expect(() => new HttpRoute(new Chart(new App(), 'none'), 'e', { host: HOST })).toThrow('[API004]');
  });

  test('by its short name is that of a Service in the route\'s namespace', () => {
    const chart = chartIn('my-namespace');
    expect(new HttpRoute(chart, 'a', { host: 'my-service' }).host).toBe(HOST);
    expect(new HttpRoute(chart, 'b', { host: 'my-service', namespace: 'b' }).host).toBe('my-service.b.svc.cluster.local');
    const { hosts, http } = new HttpRoute(chart, 'c', { host: 'c', shortHost: true, to: [Backend.service(service(chart, 'd'))] }).toJson().spec;
    expect([hosts, http[0].route[0].destination.host]).toEqual([['c'], 'd']);
  });

  test('can route to subsets of other hosts, each with one Destination', () => {
    const chart = chartIn('my-namespace');
    const others = ['a', 'b'].map((name) => destinationIn(chart, { host: `${name}.example` }, name));
    new HttpRoute(chart, 'route', { host: 'my-service', to: others.map((one) => Backend.subset(one.subset('v1'), { weight: 1 })) });
    const { hosts, exportTo, http } = route(chart).spec;
    expect([hosts, exportTo, http[0].route.map(({ destination }: any) => destination.host)]).toEqual([[HOST], undefined, ['a.example', 'b.example']]);
  });

  test('covers namespaces that see all subsets', () => {
    const chart = chartIn('my-namespace');
    const seenBy = (name: string, exportTo?: string[]) => Backend.subset(destinationIn(chart, { host: `${name}.example`, exportTo }, name).subset('v1'), { weight: 1 });
    const [a, b, c, all] = [seenBy('a', ['.', 'x', 'y']), seenBy('b', ['x', 'z']), seenBy('c', ['z']), seenBy('all')];
    expect(new HttpRoute(chart, 'one', { host: 'one', to: [a, all, b] }).toJson().spec.exportTo).toEqual(['x']);
    expect(() => new HttpRoute(chart, 'none', { host: 'none', to: [a, c] })).toThrow(
      "VirtualService (test/none): http.route is to subsets of a.example (test/a) and c.example (test/c); expected subsets of one Destination, because no client sees all of them, by their namespaces and exportTo. Fix: widen their 'exportTo'. [API038]",
    );
    expect(new HttpRoute(chart, 'said', { host: 'said', to: [a, c], exportTo: ['.'] }).toJson().spec.exportTo).toEqual(['.']);
  });

  test('is required for subsets of two hosts, or without subsets', () => {
    const chart = chartIn('my-namespace');
    const [a, b] = ['a', 'b'].map((name) => Backend.subset(destinationIn(chart, { host: `${name}.example` }, name).subset('v1'), { weight: 1 }));
    expect(() => new HttpRoute(chart, 'route', { to: [a, b] })).toThrow(
      "expected subsets of one Destination, because without a host, the route is for that of its subsets. Fix: pass 'host', or use HttpRoute.ofService. [API038]",
    );
    expect(() => new HttpRoute(chart, 'route', { timeout: Duration.seconds(1) })).toThrow("host is missing; expected a host name. Fix: pass a host name, or the Service's construct to HttpRoute.ofService. [API020]");
    expect(() => HttpRoute.ofService(chart, 'route', undefined as any, {})).toThrow('[API020]');
    expect(() => HttpRoute.ofService(chart, 'route', service(chart), { host: 'a.example' })).toThrow("host is given together with 'service'; expected exactly one of them. Fix: remove one of them. [API020]");
    expect(() => HttpRoute.ofService(chart, 'route', 'my-service' as any, {})).toThrow('Fix: pass the Service itself, or its host name to new HttpRoute. [API021]');
  });

  test('that is invalid is refused', () => {
    expect(() => new HttpRoute(chartIn('a'), 'route', { host: 'my_service' })).toThrow(/host is 'my_service', in full .*\[API022\]/);
    expect(() => new HttpRoute(chartIn('a'), 'route', { host: '*' })).toThrow(/hosts is '\*'.*\[API022\]/);
    expect(() => new HttpRoute(chartIn('a'), 'route', { host: 'b', port: 0 })).toThrow('http.route.destination.port is for port 0; expected a port from 1 to 65535');
  });

  test('has a port that the Service has', () => {
    const chart = chartIn('my-namespace');
    HttpRoute.ofService(chart, 'route', service(chart), { port: 8080 });
    expect(() => synth(chart)).toThrow(/VirtualService \(test\/route\): http.route.destination.port is for port 8080; expected a port of Service my-service: 80.*\[API036\]/);
  });
});
