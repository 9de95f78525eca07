import { ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Backend, BackendOptions, ClientTls, Destination, ExternalProtocol, ExternalService, HttpRoute, HttpRouteProps, IstioMesh,
  Services,
} from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { chartIn, only, synth } from '../../support/constructs/charts';

function service(chart: Chart, name: string, port = 80): kplus.Service {
  return new kplus.Service(chart, name, { metadata: { name }, ports: [{ port, name: 'http' }] });
}

function routed(chart: Chart, props: HttpRouteProps): any[] {
  HttpRoute.ofService(chart, 'route', service(chart, 'reviews'), props);
  const route = only(synth(chart), 'VirtualService');
  expect(schemaViolations(route)).toEqual([]);
  return route.spec.http;
}

const host = (name: string, namespace = 'shop') => `${name}.${namespace}.svc.cluster.local`;

test('a Service is written by its host, without a subset', () => {
  const chart = chartIn('shop');
  expect(routed(chart, { to: [Backend.service(service(chart, 'ratings'))] })).toEqual([{ route: [{ destination: { host: host('ratings') } }] }]);
});

test('Services and subsets share requests by weight', () => {
  const chart = chartIn('shop');
  const archive = new Destination(chart, 'archive', { host: 'archive.bank.svc.cluster.local', subsets: [{ name: 'v1', labels: { v: '1' } }], exportTo: ['shop'] });
  expect(routed(chart, { to: [Backend.service(service(chart, 'ratings'), { weight: 3 }), Backend.subset(archive.subset('v1'), { weight: 1 })], exportTo: ['.'] })).toEqual([{
    route: [
      { destination: { host: host('ratings') }, weight: 3 },
      { destination: { host: host('archive', 'bank'), subset: 'v1' }, weight: 1 },
    ],
  }]);
});

test('a backend uses its own port, or the route\'s', () => {
  const chart = chartIn('shop');
  const [ratings, archive] = [service(chart, 'ratings', 9080), service(chart, 'archive')];
  const [{ route, mirrors }] = routed(chart, {
    to: [Backend.service(ratings, { port: 9080, weight: 1 }), Backend.service(archive, { weight: 1 })], mirrors: [Backend.service(archive)], port: 80,
  });
  expect([...route, ...mirrors].map(({ destination }) => destination.port)).toEqual([{ number: 9080 }, { number: 80 }, { number: 80 }]);
});

test('a mirror gets a percentage of the requests', () => {
  const chart = chartIn('shop');
  expect(routed(chart, { mirrors: [Backend.service(service(chart, 'ratings'), { percentage: 5 })] })).toEqual([
    { route: [{ destination: { host: host('reviews') } }], mirrors: [{ destination: { host: host('ratings') }, percentage: { value: 5 } }] },
  ]);
});

test('an ExternalService is written by its host, and a Service by the cluster\'s domain', () => {
  const chart = chartIn('shop');
  new IstioMesh(chart, 'mesh', { clusterDomain: 'k8s.example' });
  const bank = new ExternalService(chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 80, protocol: ExternalProtocol.HTTP, tls: ClientTls.disable() }] });
  const http = routed(chart, { to: [Backend.service(bank, { weight: 1 }), Backend.service(service(chart, 'ratings'), { weight: 1 })] });
  expect(http[0].route.map(({ destination }: any) => destination.host)).toEqual(['bank.example', 'ratings.shop.svc.k8s.example']);
});

describe('it refuses', () => {
  const use = (backend: (chart: Chart) => Backend, field: 'to' | 'mirrors' = 'to') => () => {
    const chart = chartIn('shop');
    return new HttpRoute(chart, 'route', { host: 'reviews', [field]: [backend(chart)] });
  };

  test.each(['to', 'mirrors'] as const)('an object that isn\'t a Service, in %s', (field) => {
    expect(use((chart) => Backend.service(Services.of(new ApiObject(chart, 'it', { apiVersion: 'v1', kind: 'Secret' }))), field)).toThrow(
      `VirtualService (test/route): ${field}.service is test/it (v1 Secret); expected a Service (v1), a ServiceEntry or an ExternalService. Fix: pass the Service itself, or its host name to new Destination. [API021]`,
    );
    expect(use(() => Backend.service(undefined as any), field)).toThrow(`${field}.service is of type undefined, not a construct`);
    expect(use(() => Backend.subset(undefined as any), field)).toThrow(`${field}.subset is missing; expected a value created by Destination.subset`);
    expect(use(() => ({ host: 'ratings' }) as any, field)).toThrow(`${field} is a value of type object that Backend didn't create`);
  });

  test('a Service without a namespace, and a ServiceEntry of two hosts', () => {
    const entry = (chart: Chart) => new ApiObject(chart, 'it', { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', spec: { hosts: ['a.example', 'b.example'] } });
    expect(use(() => Backend.service(service(new Chart(chartIn('shop'), 'other'), 'ratings')))).toThrow(/to\.service is Service ratings, which has no namespace.*\[API004\]/);
    expect(use((chart) => Backend.service(Services.of(entry(chart))))).toThrow(/to\.service is ServiceEntry .* with the hosts 'a\.example', 'b\.example'; expected a ServiceEntry with a single host.*\[API021\]/);
  });

  test('a subset of host *', () => {
    const all = (chart: Chart) => new Destination(chart, 'all', { host: '*', subsets: [{ name: 'v1', labels: { v: '1' } }] }).subset('v1');
    for (const field of ['to', 'mirrors'] as const) expect(use((chart) => Backend.subset(all(chart)), field)).toThrow('[API022]');
  });

  test.each<[string, 'to' | 'mirrors', BackendOptions, string]>([
    ['a percentage in to', 'to', { percentage: 5 },
      "http.route.percentage is given for 'ratings' in 'to'; expected 'weight' in 'to', 'percentage' in 'mirrors', because it would be ignored. Fix: pass 'weight', or move it to 'mirrors'. [API037]"],
    ['a weight in mirrors', 'mirrors', { weight: 5 },
      "http.mirrors.weight is given for 'ratings' in 'mirrors'; expected 'weight' in 'to', 'percentage' in 'mirrors', because it would be ignored. Fix: pass 'percentage', or move it to 'to'. [API037]"],
    ['port 0', 'to', { port: 0 }, 'http.route.destination.port is for port 0; expected a port from 1 to 65535'],
    ['port 65536 of a mirror', 'mirrors', { port: 65536 }, 'http.route.destination.port is for port 65536'],
    ['a negative weight', 'to', { weight: -1 }, "http.route.weight is -1 for 'ratings'"],
  ])('%s', (_, field, options, message) => {
    expect(use((chart) => Backend.service(service(chart, 'ratings'), options), field)).toThrow(message);
  });

  test.each(['to', 'mirrors'] as const)('a port that its Service lacks, in %s, at synth', (field) => {
    const chart = chartIn('shop');
    HttpRoute.ofService(chart, 'route', service(chart, 'reviews', 9080), { [field]: [Backend.service(service(chart, 'ratings'), { port: 9080 })] });
    expect(() => synth(chart)).toThrow(/VirtualService \(test\/route\): http\.route\.destination\.port is for port 9080; expected a port of Service ratings: 80.*\[API036\]/);
  });
});
