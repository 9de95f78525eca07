import { App, ApiObject, Chart } from 'cdk8s';
import { Backend, Destination, DestinationProps, HttpRoute, Pods } from '../../../src/index';
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

describe('weights', () => {
  function weighted(...weights: (number | undefined)[]): any[] {
    const chart = chartIn('my-namespace');
    const destination = destinationIn(chart);
    new HttpRoute(chart, 'route', { to: weights.map((weight, index) => Backend.subset(destination.subset(`v${index + 1}`), { weight })) });
    return route(chart).spec.http[0].route.map(({ weight }: { weight?: number }) => weight);
  }

  test.each([
    ['100 and 0', [100, 0]], ['1 and 2', [1, 2]], ['999 and 1', [999, 1]], ['7 for the only backend', [7]], ['none for the only backend', [undefined]],
  ])('%s are written unchanged', (_, weights) => {
    expect(weighted(...weights)).toEqual(weights);
  });

  test.each<[string, (number | undefined)[], RegExp]>([
    ['missing for one of two backends', [50, undefined], /http.route.weight is missing for 'v2'; expected an integer from 0 to 2147483647 for each backend, more than 0 for at least one, because Istio sends no requests to a backend without a weight. Fix: pass a weight for each backend. \[API037\]/],
    ['below 0', [-1, 101], /http.route.weight is -1 for 'v1'.*\[API037\]/],
    ['that are fractions', [0.5, 0.5], /http.route.weight is 0.5 for 'v1'.*\[API037\]/],
    ['above 2147483647', [2 ** 31], /http.route.weight is 2147483648 for 'v1'.*\[API037\]/],
    ['of 0 for all backends', [0, 0], /http.route.weight is 0 for all; .* because istiod rejects it for several backends.*\[API037\]/],
    ['of 0 for the only backend', [0], /http.route.weight is 0 for all.*\[API037\]/],
  ])('%s are refused', (_, weights, message) => {
    expect(() => weighted(...weights)).toThrow(message);
  });

  test('a route to nowhere is refused', () => {
    expect(() => weighted()).toThrow("VirtualService (test/route): http.route is empty; expected at least one backend, because istiod rejects a route without a destination. Fix: add a backend to 'to', or omit 'to' for the Service itself. [API037]");
  });
});

describe('subsets', () => {
  test('of two Destinations are refused, even for one host', () => {
    const chart = chartIn('my-namespace');
    const [one, other] = [destinationIn(chart, {}, 'one'), destinationIn(chart, { namespace: 'bank' }, 'other')];
    expect(() => new HttpRoute(chart, 'route', { to: [Backend.subset(one.subset('v1'), { weight: 1 }), Backend.subset(other.subset('v2'), { weight: 1 })] })).toThrow(
      `VirtualService (test/route): http.route is to subsets of ${HOST} (test/one) and ${HOST} (test/other); expected subsets of one Destination, because a client sees the subsets of only one rule. Fix: define the subsets in one Destination. [API038]`,
    );
  });

  test('that only certain clients have are refused', () => {
    const destination = destinationIn(chartIn('my-namespace'), { client: Pods.withLabels({ app: 'till' }) });
    expect(() => destination.routeTo('v1')).toThrow(/http.route is to a subset of test\/destination, which is for specific clients; expected a subset of a Destination for all clients.*\[API038\]/);
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
    ['both exported to all namespaces', {}, {}],
    ['both exported to all namespaces from different ones', {}, { namespace: 'routes' }],
    ['one of them naming gateway mesh, the default', {}, { gateways: ['out', 'mesh'] }],
    ['both for one gateway, with and without its namespace', { gateways: ['out'] }, { gateways: ['my-namespace/out'] }],
    ['both exported to their own namespace', { exportTo: ['.'] }, { exportTo: ['my-namespace'] }],
    ['both exported to a common namespace', { exportTo: ['a', 'b'] }, { exportTo: ['b', 'c'] }],
  ])('is refused at synth: %s', (_, first, second) => {
    expect(() => synth(twoRoutes(first, second))).toThrow(
      /VirtualService '.*' \(test\/two\): hosts is 'my-service.my-namespace.svc.cluster.local', as in VirtualService 'my-namespace\/.*' \(test\/one\), for the same clients; expected one VirtualService for each host and set of clients, because Istio applies the routes of the oldest and silently ignores the others\. Fix: merge the two\. \[API039\]/,
    );
  });

  test.each<[string, object, object]>([
    ['other gateways', {}, { gateways: ['out'] }],
    ['gateways with the same name in two namespaces', { gateways: ['out'] }, { gateways: ['istio-egress/out'] }],
    ['one namespace beside all, where the first wins', {}, { exportTo: ['.'] }],
    ['its own namespace beside another\'s export to it, where the first wins', { exportTo: ['.'] }, { namespace: 'routes', exportTo: ['my-namespace'] }],
    ['exports to different namespaces', { exportTo: ['a'] }, { exportTo: ['b'] }],
    ['two namespaces, each exporting to itself', { exportTo: ['.'] }, { exportTo: ['.'], namespace: 'routes' }],
  ])('is accepted for %s', (_, first, second) => {
    expect(synth(twoRoutes(first, second)).filter(({ kind }) => kind === 'VirtualService')).toHaveLength(2);
  });

  test('is refused beside a hand-written one', () => {
    const chart = chartIn('my-namespace');
    new ApiObject(chart, 'raw', { apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService', spec: { hosts: ['other.example', 'my-service'] } });
    destinationIn(chart).routeTo('v1');
    expect(() => synth(chart)).toThrow(/as in VirtualService 'my-namespace\/test-raw-\w+' \(test\/raw\).*\[API039\]/);
  });

  test('is accepted in another app, or next to a delegate without hosts', () => {
    const chart = chartIn('my-namespace');
    new ApiObject(chart, 'raw', { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: { http: [{ route: [{ destination: { host: 'a' } }] }] } });
    destinationIn(chart).routeTo('v1');
    destinationIn(new Chart(new App(), 'other', { namespace: 'my-namespace' })).routeTo('v1');
    expect(() => synth(chart)).not.toThrow();
  });
});
