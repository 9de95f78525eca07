import { ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Backend, ClientTls, Destination, ExternalProtocol, ExternalService, HttpRoute, HttpRouteProps, IstioMesh, Services } from '../../../src/index';
import { appOfMeshes, chartIn, synth } from '../../support/constructs/charts';

/** The synth of a route for a Service with these ports. */
function routed(ports: object[], props: HttpRouteProps = {}): () => unknown {
  return () => {
    const chart = chartIn('shop');
    const service = new ApiObject(chart, 'db', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' }, spec: { ports } });
    HttpRoute.ofService(chart, 'route', Services.of(service), props);
    return synth(chart);
  };
}

const TCP = { name: 'tcp-db', port: 5432 };
const HTTP = { name: 'http', port: 80 };

test.each<[string, object[], string]>([
  ['a name', [TCP], '5432 (tcp-db)'],
  ['an appProtocol', [{ name: 'http', port: 80, appProtocol: 'tcp' }], '80 (tcp)'],
  ['TLS of the applications', [{ name: 'https', port: 443 }], '443 (https)'],
  ['a port where servers speak first', [{ port: 3306 }], '3306'],
  ['UDP', [{ name: 'http', port: 80, protocol: 'UDP' }], '80 (http)'],
  ['each of several ports', [TCP, { name: 'redis', port: 6379 }], '5432 (tcp-db), 6379 (redis)'],
])('a route for a Service without HTTP, by %s, is refused', (_, ports, shown) => {
  expect(routed(ports)).toThrow(`VirtualService (test/route): hosts is that of Service db, with port ${shown}; expected a Service that has a port with HTTP, because Istio applies HTTP routes only to ports with HTTP. Fix: give the port a name such as 'http-web' or an appProtocol if it has HTTP, or remove the route. [API841]`);
});

test.each<[string, object[]]>([
  ['a name', [HTTP]],
  ['gRPC', [{ name: 'grpc-api', port: 9000 }]],
  ['an appProtocol', [{ name: 'tcp', port: 80, appProtocol: 'kubernetes.io/h2c' }]],
  ['detection', [{ port: 9000 }]],
  ['one of several ports', [TCP, HTTP]],
])('a route for a Service with HTTP, by %s, is fine', (_, ports) => {
  expect(routed(ports)).not.toThrow();
});

test('a rule or a destination at a port without HTTP is refused', () => {
  expect(routed([TCP, HTTP], { rules: [{ matches: [{ port: 80 }, { port: 5432 }] }] })).toThrow(
    'http.match.port is port 5432 (tcp-db) of Service db; expected a port with HTTP');
  expect(routed([TCP, HTTP], { port: 5432 })).toThrow('http.route.destination.port is port 5432 (tcp-db) of Service db; expected a port with HTTP');
  expect(routed([TCP, HTTP], { port: 80, rules: [{ matches: [{ port: 80 }] }] })).not.toThrow();
});

test('a route of gateways is fine, since these read HTTP', () => {
  expect(routed([TCP], { gateways: ['istio-ingress/edge'] })).not.toThrow();
  expect(routed([TCP], { gateways: ['mesh', 'istio-ingress/edge'] })).not.toThrow();
  expect(routed([TCP], { gateways: ['mesh'] })).toThrow('[API841]');
});

test('a backend may be any port, and a Service that isn\'t in the app', () => {
  const chart = chartIn('shop');
  const database = new kplus.Service(chart, 'db', { ports: [TCP] });
  HttpRoute.ofService(chart, 'route', Services.named('shop', 'web', 80), { to: [Backend.service(database)] });
  expect(() => synth(chart)).not.toThrow();
});

test('ports of an external host count by their protocol', () => {
  const routeOf = (...protocols: ExternalProtocol[]) => () => {
    const chart = chartIn('shop');
    const ports = protocols.map((protocol, index) => (
      { port: 8000 + index, protocol, tls: protocol === ExternalProtocol.TLS ? undefined : ClientTls.disable() }));
    HttpRoute.ofService(chart, 'route', new ExternalService(chart, 'bank', { hosts: ['bank.example'], ports }), {});
    return synth(chart);
  };
  expect(routeOf(ExternalProtocol.TLS)).toThrow('hosts is that of ServiceEntry test-bank');
  expect(routeOf(ExternalProtocol.TLS)).toThrow('8000 (TLS); expected a ServiceEntry that has a port with HTTP');
  expect(routeOf(ExternalProtocol.TCP)).toThrow('8000 (TCP)');
  expect(routeOf(ExternalProtocol.TLS, ExternalProtocol.HTTP)).not.toThrow();
});

describe('a Service of the same mesh that is named, not passed', () => {
  type Route = (chart: Chart) => unknown;
  const HOST = 'db.shop.svc.cluster.local';
  const withService = (chart: Chart, ports: object[]) => new ApiObject(chart, 'db', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'shop' }, spec: { ports } });

  /** The synth of a route that stands before the Service. */
  const synthOf = (route: Route, ports: object[]) => () => {
    const chart = chartIn('shop');
    route(chart);
    withService(chart, ports);
    return synth(chart);
  };

  const ROUTES: readonly [string, (props: HttpRouteProps) => Route][] = [
    ['by its host', (props) => (chart) => new HttpRoute(chart, 'route', { ...props, host: HOST })],
    ['by its short name', (props) => (chart) => new HttpRoute(chart, 'route', { ...props, host: 'db' })],
    ['by Services.named', (props) => (chart) => HttpRoute.ofService(chart, 'route', Services.named('shop', 'db', 5432), props)],
  ];

  test.each(ROUTES)('is refused without HTTP, with a rule or a destination without HTTP, and without the port: %s', (_, routeWith) => {
    expect(synthOf(routeWith({}), [TCP])).toThrow(/VirtualService \(test\/.*route\): hosts is that of Service db, with port 5432 \(tcp-db\); expected a Service that has a port with HTTP, because Istio applies HTTP routes only to ports with HTTP\. Fix: give the port a name such as 'http-web' or an appProtocol if it has HTTP, or remove the route\. \[API841\]/);
    expect(synthOf(routeWith({ rules: [{ matches: [{ port: 5432 }] }] }), [TCP, HTTP])).toThrow('http.match.port is port 5432 (tcp-db) of Service db; expected a port with HTTP');
    expect(synthOf(routeWith({ port: 5432 }), [TCP, HTTP])).toThrow('http.route.destination.port is port 5432 (tcp-db) of Service db; expected a port with HTTP');
    expect(synthOf(routeWith({ port: 81 }), [HTTP])).toThrow(/route\): http\.route\.destination\.port is for port 81; expected a port of Service db: 80, because .*Fix: pass the Service's port number\. \[API036\]/);
  });

  test.each(ROUTES)('is fine with HTTP: %s', (_, routeWith) => {
    expect(synthOf(routeWith({}), [HTTP])).not.toThrow();
    expect(synthOf(routeWith({ port: 80, rules: [{ matches: [{ port: 80 }] }] }), [TCP, HTTP])).not.toThrow();
    expect(synthOf(routeWith({ gateways: ['istio-ingress/edge'] }), [TCP])).not.toThrow();
  });

  test('is looked up for a subset of its Destination, too', () => {
    const route: Route = (chart) => {
      const rule = new Destination(chart, 'rule', { host: HOST, subsets: [{ name: 'v1', labels: { version: 'v1' } }] });
      return new HttpRoute(chart, 'route', { to: [Backend.subset(rule.subset('v1'), { port: 80 })] });
    };
    expect(synthOf(route, [TCP])).toThrow('VirtualService (test/route): hosts is that of Service db, with port 5432 (tcp-db)');
    expect(synthOf(route, [{ ...HTTP, port: 8080 }])).toThrow('VirtualService (test/route): http.route.destination.port is for port 80; expected a port of Service db: 8080');
    expect(synthOf(route, [HTTP])).not.toThrow();
  });

  test('as a backend has the port', () => {
    const routeTo = (port: number): Route => (chart) => HttpRoute.ofService(chart, 'route', Services.named('shop', 'web', 80), { to: [Backend.service(Services.named('shop', 'db', port))] });
    expect(synthOf(routeTo(81), [HTTP])).toThrow('http.route.destination.port is for port 81; expected a port of Service db: 80');
    expect(synthOf(routeTo(80), [HTTP])).not.toThrow();
  });

  test('has the cluster domain of the mesh, and its namespace', () => {
    const synthWith = (host: string) => () => {
      const chart = chartIn('shop');
      new IstioMesh(chart, 'mesh', { clusterDomain: 'corp.local' });
      new HttpRoute(chart, 'route', { host });
      withService(chart, [TCP]);
      return synth(chart);
    };
    expect(synthWith('db.shop.svc.corp.local')).toThrow('[API841]');
    expect(synthWith('db.shop.svc.cluster.local')).not.toThrow();
    expect(synthWith('db.bank.svc.corp.local')).not.toThrow();
  });

  test('of another mesh of the app doesn\'t count', () => {
    const { app, dev, prod } = appOfMeshes();
    withService(dev, [TCP]);
    new HttpRoute(prod, 'route', { host: HOST, port: 80 });
    expect(() => app.synth()).not.toThrow();
    new HttpRoute(dev, 'route', { host: HOST });
    expect(() => app.synth()).toThrow('VirtualService (dev/shop/route): hosts is that of Service db');
  });
});
