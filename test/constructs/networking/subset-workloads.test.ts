import { ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as kplus33 from 'cdk8s-plus-33';
import { Backend, Destination, ExternalProtocol, ExternalService, HttpRoute, IWorkload, Pods, Services } from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { toldOf } from '../../support/admission/webhook';
import { chartIn, only, synth } from '../../support/constructs/charts';

const containers = [{ image: 'reviews:1', portNumber: 9080 }];

function deployment(chart: Chart, id: string, labels: Record<string, string>): kplus.Deployment {
  return new kplus.Deployment(chart, id, { containers, metadata: { name: id }, podMetadata: { labels: { app: 'reviews', ...labels } } });
}

/** An ApiObject, which has no label of cdk8s-plus. */
function raw(chart: Chart, id: string, labels: Record<string, string>): ApiObject {
  const metadata = { labels: { app: 'reviews', ...labels } };
  return new ApiObject(chart, id, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: id }, spec: { selector: { matchLabels: metadata.labels }, template: { metadata } } });
}

function reviews(chart: Chart, selector: Record<string, string> | undefined = { app: 'reviews' }): Services {
  const spec = { selector, ports: [{ name: 'http', port: 80 }] };
  return Services.of(new ApiObject(chart, 'reviews', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'reviews' }, spec }));
}

function labelsIn(chart: Chart, workloads: Record<string, IWorkload>, service = reviews(chart)): Record<string, unknown> {
  const subsets = Object.entries(workloads).map(([name, workload]) => ({ name, workload }));
  Destination.ofService(chart, 'subsets', service, { subsets });
  const rule = only(synth(chart), 'DestinationRule');
  expect([schemaViolations(rule), toldOf(rule.kind, rule.spec)]).toEqual([[], []]);
  return Object.fromEntries(rule.spec.subsets.map(({ name, labels }: any) => [name, labels]));
}

describe('the labels of a subset', () => {
  test('are the version, if it is enough', () => {
    const chart = chartIn('shop');
    const v2 = new kplus33.Deployment(chart, 'v2', { containers, podMetadata: { labels: { app: 'reviews', version: 'v2', team: 'b' } } });
    expect(labelsIn(chart, { v1: deployment(chart, 'v1', { version: 'v1', team: 'a' }), v2 })).toEqual({ v1: { version: 'v1' }, v2: { version: 'v2' } });
  });

  test('are all that differ otherwise, without the addresses of cdk8s-plus', () => {
    const chart = chartIn('shop');
    const stable = deployment(chart, 'stable', { version: 'v1', track: 'stable', zone: 'a' });
    const canary = deployment(chart, 'canary', { version: 'v1', track: 'canary', zone: 'b' });
    expect(labelsIn(chart, { stable, canary })).toEqual({ stable: { track: 'stable', zone: 'a' }, canary: { track: 'canary', zone: 'b' } });
  });

  test('are the address of cdk8s-plus where nothing else differs', () => {
    const chart = chartIn('shop');
    const [one, two] = ['one', 'two'].map((id) => deployment(chart, id, {}));
    expect(labelsIn(chart, { one, two })).toEqual({
      one: { 'cdk8s.io/metadata.addr': expect.stringMatching(/one/) }, two: { 'cdk8s.io/metadata.addr': expect.stringMatching(/two/) },
    });
  });

  test('tell its pods from those of workloads that are no subset, but that the Service selects', () => {
    const chart = chartIn('shop');
    raw(chart, 'old', { version: 'v1', track: 'old' });
    raw(chart, 'other-app', { app: 'other', version: 'v1', track: 'stable' });
    raw(new Chart(chart.node.root, 'bank', { namespace: 'bank' }), 'elsewhere', { version: 'v1', track: 'stable' });
    expect(labelsIn(chart, { stable: Pods.of(raw(chart, 'stable', { version: 'v1', track: 'stable' })) })).toEqual({ stable: { track: 'stable' } });
  });

  test('of the only workload are its version, or all', () => {
    const chart = chartIn('shop');
    expect(labelsIn(chart, { v1: Pods.of(raw(chart, 'v1', { version: 'v1' })) })).toEqual({ v1: { version: 'v1' } });
    const other = chartIn('shop');
    expect(labelsIn(other, { all: Pods.of(raw(other, 'all', {})) })).toEqual({ all: { app: 'reviews' } });
  });

  test('are read at synth', () => {
    const chart = chartIn('shop');
    const [v1, v2] = ['v1', 'v2'].map((version) => deployment(chart, version, {}));
    const service = reviews(chart);
    Destination.ofService(chart, 'subsets', service, { subsets: [{ name: 'v1', workload: v1 }, { name: 'v2', workload: v2 }] });
    v1.podMetadata.addLabel('version', 'v1');
    v2.podMetadata.addLabel('version', 'v2');
    expect(only(synth(chart), 'DestinationRule').spec.subsets.map(({ labels }: any) => labels)).toEqual([{ version: 'v1' }, { version: 'v2' }]);
  });

  test('are compared among subsets of a host that isn\'t in the app', () => {
    const chart = chartIn('shop');
    const [v1, v2] = ['v1', 'v2'].map((version) => Pods.of(raw(chart, version, { version })));
    expect(labelsIn(chart, { v1, v2 }, Services.named('other', 'reviews', 80))).toEqual({ v1: { version: 'v1' }, v2: { version: 'v2' } });
  });
});

describe('a subset\'s workload is refused', () => {
  const refused = (workloads: (chart: Chart) => Record<string, IWorkload>, service?: (chart: Chart) => Services) => () => {
    const chart = chartIn('shop');
    return labelsIn(chart, workloads(chart), (service ?? reviews)(chart));
  };

  test('if the Service doesn\'t select it', () => {
    expect(refused((chart) => ({ v1: Pods.of(raw(chart, 'v1', { app: 'other' })) }))).toThrow(
      "DestinationRule (test/subsets): subsets.workload is Deployment v1 for subset 'v1', which Service reviews doesn't select; expected a workload in its namespace with app=reviews, because the subset would have no endpoints. Fix: correct the selector of the Service or the labels of the pods. [API840]");
  });

  test('if it is in another namespace', () => {
    expect(refused((chart) => ({ v1: Pods.of(raw(new Chart(chart.node.root, 'bank', { namespace: 'bank' }), 'v1', {})) }))).toThrow(/which Service reviews doesn't select.*\[API840\]/);
  });

  test('if the Service has no selector, or the host is external', () => {
    expect(refused((chart) => ({ v1: Pods.of(raw(chart, 'v1', {})) }), (chart) => reviews(chart, {}))).toThrow(/expected a Service with a selector.*\[API840\]/);
    const bank = (chart: Chart) => Services.of(new ExternalService(chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] }));
    expect(refused((chart) => ({ v1: Pods.of(raw(chart, 'v1', {})) }), bank)).toThrow(/expected a ServiceEntry with a selector.*\[API840\]/);
  });

  test('if no label tells its pods from those of another', () => {
    expect(refused((chart) => ({ v1: Pods.of(raw(chart, 'v1', { version: 'v1' })), v2: Pods.of(raw(chart, 'v2', { version: 'v1', team: 'b' })) }))).toThrow(
      "subsets.workload is Deployment v1 for subset 'v1', whose pods have no label that those of Deployment v2 lack; expected a workload with a label of its own, because the subset would have pods of the other workload too. Fix: add a label such as 'version' to its pods. [API840]");
    expect(refused((chart) => ({ v1: Pods.of(raw(chart, 'v1', {})), again: Pods.of(chart.node.findChild('v1')) }))).toThrow('no label that those of Deployment v1 lack');
  });

  test('if it has labels too, or is none', () => {
    const chart = chartIn('shop');
    const subset = { name: 'v1', workload: Pods.of(raw(chart, 'v1', {})), labels: { a: 'b' } };
    expect(() => new Destination(chart, 'a', { host: 'reviews', subsets: [subset] })).toThrow(/subsets\.labels is given together with 'workload' for subset 'v1'.*\[API840\]/);
    expect(() => new Destination(chart, 'b', { host: 'reviews', subsets: [{ name: 'v1', workload: Pods.withLabels({ a: 'b' }) }] })).toThrow(
      /subsets\.workload is Pods\.withLabels, which isn't a workload;.*Fix: pass the labels as 'labels'\. \[API008\]/);
  });
});

test('snapshot of a canary', () => {
  const chart = chartIn('shop');
  const [v1, v2] = ['v1', 'v2'].map((version) => deployment(chart, version, { version }));
  const service = new kplus.Service(chart, 'svc', {
    metadata: { name: 'reviews' }, selector: kplus.Pods.select(chart, 'pods', { labels: { app: 'reviews' } }), ports: [{ name: 'http', port: 80 }],
  });
  const rule = Destination.ofService(chart, 'rule', service, { subsets: [{ name: 'v1', workload: v1 }, { name: 'v2', workload: v2 }], name: 'reviews' });
  HttpRoute.ofService(chart, 'canary', service, {
    to: [Backend.subset(rule.subset('v1'), { weight: 90 }), Backend.subset(rule.subset('v2'), { weight: 10 })], name: 'reviews',
  });
  expect(synth(chart).filter(({ apiVersion }) => apiVersion.startsWith('networking.istio.io'))).toMatchSnapshot();
});
