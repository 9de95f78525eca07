import { ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import {
  Backend, ClientTls, Destination, ExternalProtocol, ExternalService, HttpRoute, ICallable, IstioMesh, Services, SidecarScope,
} from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

const tls = ClientTls.istioMutual();
const ports = [{ port: 9080 }, { port: 9090, name: 'metrics' }];
const bank = (chart: Chart) => (
  new ExternalService(chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }, { port: 8443, protocol: ExternalProtocol.TLS }] }));

function raw(chart: Chart, kind: 'Service' | 'ServiceEntry', spec: object): ApiObject {
  return new ApiObject(chart, 'it', { apiVersion: kind === 'Service' ? 'v1' : 'networking.istio.io/v1', kind, metadata: { name: 'it' }, spec });
}

describe('the type of what is called', () => {
  test.each<[string, (chart: Chart) => ICallable, [string, number]]>([
    ['a Service of cdk8s-plus 28', (chart) => new kplus.Service(chart, 'it', { ports: [{ port: 9080 }] }), ['Service', 9080]],
    ['a Service of cdk8s-plus 33', (chart) => new kplus33.Service(chart, 'it', { ports: [{ port: 9080 }] }), ['Service', 9080]],
    ['an ExternalService', bank, ['ServiceEntry', 443]],
    ['Services.of a Service of cdk8s-plus', (chart) => Services.of(new kplus33.Service(chart, 'it', { ports: [{ port: 9080 }] })), ['Service', 9080]],
    ['Services.of an ExternalService', (chart) => Services.of(bank(chart)), ['ServiceEntry', 443]],
    ['Services.of a raw Service', (chart) => Services.of(raw(chart, 'Service', { ports })), ['Service', 9080]],
    ['Services.of a raw ServiceEntry', (chart) => Services.of(raw(chart, 'ServiceEntry', { hosts: ['a.example'], ports: [{ number: 5432, name: 'tcp', protocol: 'TCP' }] })), ['ServiceEntry', 5432]],
    ['Services.named', () => Services.named('shop', 'reviews', 9080), ['Service', 9080]],
  ])('is that of %s', (_, serviceIn, [kind, port]) => {
    const { apiVersion, ...service } = { ...pick(serviceIn(chartIn('shop'))) };
    expect(service).toEqual({ kind, port });
    expect(apiVersion).toBe(kind === 'Service' ? 'v1' : 'networking.istio.io/v1');
  });

  test('is not that of a Deployment, a Chart or an ApiObject', () => {
    const chart = chartIn('shop');
    const deployment = new kplus.Deployment(chart, 'app', { containers: [{ image: 'app:1' }] });
    const service = raw(chart, 'Service', { ports });
    // @ts-expect-error a Deployment has no port
    expect(() => Destination.ofService(chart, 'a', deployment, { tls })).toThrow('[API021]');
    // @ts-expect-error nor has a Chart
    expect(() => HttpRoute.ofService(chart, 'b', chart, {})).toThrow('[API021]');
    // @ts-expect-error nor has an ApiObject
    Backend.service(service);
    // @ts-expect-error here either
    new SidecarScope(chart, 'scope', { calls: [service] });
    new SidecarScope(chart, 'scope-of-it', { calls: [Services.of(service)], name: 'other' });
  });

  test('is not that of nothing', () => {
    expect(() => Services.of(undefined as any)).toThrow(new Error(
      'Services: service is missing; expected a Service (v1), a ServiceEntry or an ExternalService. Fix: pass the construct of the Service. [API021]'));
  });
});

function pick({ apiVersion, kind, port }: ICallable): ICallable {
  return { apiVersion, kind, port };
}

test('the port is read anew, and one is required', () => {
  const chart = chartIn('shop');
  const service = new kplus.Service(chart, 'service', { ports: [{ port: 80 }] });
  const spec: any = { ports: [] };
  const late = Services.of(raw(chart, 'Service', spec));
  expect(() => late.port).toThrow('Services (test/it): spec.ports is empty in test/it (v1 Service); expected at least one port, because clients call a port. Fix: add a port to the Service. [API036]');
  spec.ports.push({ port: 81 });
  expect([late.port, Services.of(service).port]).toEqual([81, 80]);
  expect(() => Services.of(chart).port).toThrow('spec.ports is missing in test (no API object)');
});

describe('a Service that isn\'t in the app', () => {
  test('is called by its full name, and rules for it are in its namespace', () => {
    const chart = chartIn('platform');
    new IstioMesh(chart, 'mesh', { clusterDomain: 'k8s.example' });
    const reviews = Services.named('shop', 'reviews', 9080);
    const destination = Destination.ofService(chart, 'destination', reviews, { tls, ports: [{ port: 7, tls }] });
    const route = HttpRoute.ofService(chart, 'route', reviews, { port: 8 });
    expect([destination.host, route.host]).toEqual(Array(2).fill('reviews.shop.svc.k8s.example'));
    expect([destination.namespace, route.namespace]).toEqual(['shop', 'shop']);
    expect(only(synth(chart), 'VirtualService').spec.http).toEqual([{ route: [{ destination: { host: 'reviews.shop.svc.k8s.example', port: { number: 8 } } }] }]);
  });

  test('gets requests on the named port, if it is a backend and no other is given', () => {
    const chart = chartIn('shop');
    const [reviews, old] = ['reviews', 'old'].map((name) => Services.named('shop', name, 9080));
    HttpRoute.ofService(chart, 'route', reviews, { port: 80, to: [Backend.service(old, { weight: 1 }), Backend.service(old, { port: 81, weight: 1 })] });
    expect(only(synth(chart), 'VirtualService').spec.http[0].route.map(({ destination }: any) => destination.port.number)).toEqual([9080, 81]);
  });

  test('is in a scope with its namespace', () => {
    const chart = chartIn('web');
    new SidecarScope(chart, 'scope', { calls: [Services.named('shop', 'reviews', 9080)] });
    expect(only(synth(chart), 'Sidecar').spec.egress[0].hosts).toContain('shop/reviews.shop.svc.cluster.local');
  });

  test.each<[string, [string, string, number], RegExp]>([
    ['a namespace that can\'t exist', ['*', 'reviews', 80], /service\.namespace is '\*'.*\[API018\]/],
    ['a host as its name', ['shop', 'reviews.shop', 80], /service\.name is 'reviews\.shop'; expected the name of a Service.*\[API022\]/],
    ['no name', ['shop', undefined as any, 80], /service\.name is missing.*\[API022\]/],
    ['no port', ['shop', 'reviews', undefined as any], /service\.port is for port missing.*\[API006\]/],
    ['a port that can\'t exist', ['shop', 'reviews', 0], /service\.port is for port 0.*\[API006\]/],
  ])('is refused with %s', (_, names, error) => {
    expect(() => HttpRoute.ofService(chartIn('shop'), 'route', Services.named(...names), {})).toThrow(error);
  });
});
