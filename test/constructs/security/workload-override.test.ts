import { App, ApiObject, Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { IWorkload, MtlsMode, NamespaceOverride, Pods, WorkloadOverride } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

const { STRICT, PERMISSIVE, DISABLE } = MtlsMode;
const containers = [{ image: 'app:1', portNumber: 8080 }];

function deployment(scope: Construct, labels?: Record<string, string>, namespace?: string): ApiObject {
  return new ApiObject(scope, 'app', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace },
    spec: { selector: { matchLabels: { only: 'these' } }, template: { metadata: { labels } } },
  });
}

test('by labels: the policy selects them in the chart\'s namespace', () => {
  const chart = chartIn('shop');
  new WorkloadOverride(chart, 'override', { workload: Pods.withLabels({ app: 'ratings' }), mode: STRICT, name: 'ratings' });
  expect(synth(chart)).toEqual([{
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'ratings', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'ratings' } }, mtls: { mode: 'STRICT' } },
  }]);
});

test('exceptions are keyed by container port, and without a mode there is no mtls block', () => {
  const chart = chartIn('shop');
  new WorkloadOverride(chart, 'override', { workload: Pods.withLabels({ app: 'a' }), ports: [{ port: 9090, mode: PERMISSIVE }, { port: 65535, mode: DISABLE }] });
  expect(synth(chart)[0].spec).toEqual({
    selector: { matchLabels: { app: 'a' } },
    portLevelMtls: { 9090: { mode: 'PERMISSIVE' }, 65535: { mode: 'DISABLE' } },
  });
});

test('without exceptions there is no portLevelMtls, which Istio refuses when empty', () => {
  const chart = chartIn('shop');
  new WorkloadOverride(chart, 'override', { workload: Pods.withLabels({ app: 'a' }), mode: STRICT, ports: [] });
  expect(synth(chart)[0].spec).not.toHaveProperty('portLevelMtls');
});

test('null, which JavaScript may pass, equals absence', () => {
  const chart = chartIn('shop');
  new WorkloadOverride(chart, 'override', { workload: Pods.withLabels({ app: 'a' }), mode: STRICT, ports: null as any });
  expect(synth(chart)[0].spec).toEqual({ selector: { matchLabels: { app: 'a' } }, mtls: { mode: 'STRICT' } });
});

test('snapshot', () => {
  const chart = chartIn('shop');
  const workload = new kplus.Deployment(chart, 'ratings', { containers });
  new WorkloadOverride(chart, 'override', { workload, mode: STRICT, ports: [{ port: 9090, mode: PERMISSIVE }] });
  expect(only(synth(chart), 'PeerAuthentication')).toMatchSnapshot();
});

describe('by a workload', () => {
  const workloads: [string, (chart: Chart) => Construct & IWorkload][] = [
    ['Deployment', (chart) => new kplus.Deployment(chart, 'app', { containers })],
    ['StatefulSet', (chart) => new kplus.StatefulSet(chart, 'app', { containers, service: new kplus.Service(chart, 'svc', { ports: [{ port: 80 }] }) })],
    ['DaemonSet', (chart) => new kplus.DaemonSet(chart, 'app', { containers })],
    ['Job', (chart) => new kplus.Job(chart, 'app', { containers })],
    ['CronJob', (chart) => new kplus.CronJob(chart, 'app', { containers, schedule: { expressionString: '0 * * * *' } as any })],
    ['Pod', (chart) => new kplus.Pod(chart, 'app', { containers })],
    ['Deployment without select', (chart) => new kplus.Deployment(chart, 'app', { containers, select: false })],
  ];

  test.each(workloads)('the labels of a cdk8s-plus %s are its pod template\'s', (_, create) => {
    const chart = chartIn('shop');
    const workload = create(chart);
    new WorkloadOverride(chart, 'override', { workload, mode: STRICT });
    const objects = synth(chart);
    const { matchLabels } = only(objects, 'PeerAuthentication').spec.selector;
    const { kind } = ApiObject.of(workload);
    const { metadata, spec } = only(objects, kind);
    const template = kind === 'Pod' ? metadata : (kind === 'CronJob' ? spec.jobTemplate.spec : spec).template.metadata;
    expect(Object.keys(matchLabels)).not.toHaveLength(0);
    expect(matchLabels).toEqual(template.labels);
  });

  test('labels that join after the override are selected too', () => {
    const chart = chartIn('shop');
    const workload = new kplus.Deployment(chart, 'app', { containers });
    new WorkloadOverride(chart, 'override', { workload, mode: STRICT });
    workload.podMetadata.addLabel('late', 'yes');
    expect(only(synth(chart), 'PeerAuthentication').spec.selector.matchLabels).toHaveProperty('late', 'yes');
  });

  test('labels that a JSON patch changes are selected as the manifest has them', () => {
    const chart = chartIn('shop');
    const workload = new kplus.Deployment(chart, 'app', { containers });
    new WorkloadOverride(chart, 'override', { workload, mode: STRICT });
    ApiObject.of(workload).addJsonPatch(JsonPatch.replace('/spec/template/metadata/labels', { app: 'patched' }));
    expect(only(synth(chart), 'PeerAuthentication').spec.selector).toEqual({ matchLabels: { app: 'patched' } });
  });

  test('a raw ApiObject is accepted', () => {
    const chart = chartIn('shop');
    new WorkloadOverride(chart, 'override', { workload: Pods.of(deployment(chart, { app: 'raw' })), mode: STRICT });
    expect(only(synth(chart), 'PeerAuthentication').spec.selector).toEqual({ matchLabels: { app: 'raw' } });
  });

  test('the workload in a construct of any other library is accepted', () => {
    class Custom extends Construct {
      constructor(scope: Construct) {
        super(scope, 'custom');
        this.node.defaultChild = deployment(this, { app: 'custom' });
      }
    }
    const chart = chartIn('shop');
    new WorkloadOverride(chart, 'override', { workload: Pods.of(new Custom(chart)), mode: STRICT });
    expect(only(synth(chart), 'PeerAuthentication').spec.selector).toEqual({ matchLabels: { app: 'custom' } });
  });

  test('reading the labels doesn\'t change a Deployment spread over nodes', () => {
    const manifest = (override: boolean) => {
      const chart = chartIn('shop');
      const workload = new kplus.Deployment(chart, 'app', { containers, spread: true });
      if (override) new WorkloadOverride(chart, 'override', { workload, mode: STRICT });
      return only(synth(chart), 'Deployment');
    };
    expect(manifest(true)).toEqual(manifest(false));
  });

  test('the policy goes to the workload\'s namespace, wherever the override is written', () => {
    const app = new App();
    const shop = new Chart(app, 'shop', { namespace: 'shop' });
    const platform = new Chart(app, 'platform', { namespace: 'platform' });
    const override = new WorkloadOverride(platform, 'override', { workload: Pods.of(deployment(shop, { app: 'a' })), mode: STRICT });
    expect(synth(platform)[0].metadata.namespace).toBe('shop');
    expect(override.namespace).toBe('shop');
  });

  test('namespace applies to a workload without one', () => {
    const chart = chartIn();
    new WorkloadOverride(chart, 'override', { workload: Pods.of(deployment(chart, { app: 'a' })), namespace: 'shop', mode: STRICT });
    expect(only(synth(chart), 'PeerAuthentication').metadata.namespace).toBe('shop');
  });
});

describe('refuses', () => {
  test('an empty label set, which would mean the whole namespace', () => {
    expect(() => new WorkloadOverride(chartIn('shop'), 'override', { workload: Pods.withLabels({}), mode: STRICT })).toThrow(
      'PeerAuthentication (test/override): selector.matchLabels is empty; expected at least one label, because an empty selector selects the whole namespace.',
    );
  });

  test('a pod template without labels, at synth', () => {
    const chart = chartIn('shop');
    new WorkloadOverride(chart, 'override', { workload: Pods.of(deployment(chart)), mode: STRICT });
    expect(() => synth(chart)).toThrow(/selector.matchLabels is empty \(the pod template of Deployment test-app-\w+ has no labels\).*\[API003\]/);
  });

  test('labels without a namespace, rather than using default', () => {
    expect(() => new WorkloadOverride(chartIn(), 'override', { workload: Pods.withLabels({ app: 'a' }), mode: STRICT })).toThrow('metadata.namespace is missing; expected a namespace');
  });

  test('a workload without a namespace, whatever the override\'s chart has', () => {
    const app = new App();
    const workload = deployment(new Chart(app, 'nowhere'), { app: 'a' });
    const shop = new Chart(app, 'shop', { namespace: 'shop' });
    expect(() => new WorkloadOverride(shop, 'override', { workload: Pods.of(workload), mode: STRICT })).toThrow(/metadata.namespace is missing, and Deployment nowhere-app-\w+ has none.*\[API004\]/);
  });

  test('a namespace that is not the workload\'s', () => {
    const chart = chartIn('shop');
    expect(() => new WorkloadOverride(chart, 'override', { workload: Pods.of(deployment(chart, { app: 'a' })), namespace: 'bank', mode: STRICT })).toThrow(
      /metadata.namespace is 'bank'; expected 'shop', the namespace of Deployment .*.*\[API012\]/,
    );
  });

  test('the root namespace, where Istio never applies a selector', () => {
    const chart = chartIn('istio-system');
    new WorkloadOverride(chart, 'override', { workload: Pods.withLabels({ app: 'a' }), mode: STRICT });
    expect(() => synth(chart)).toThrow(/metadata.namespace is the root namespace 'istio-system'; expected another namespace, because Istio never applies.*\[API005\]/);
  });

  test.each([0, -1, 65536, 80.5, NaN])('port %s', (port) => {
    expect(() => new WorkloadOverride(chartIn('shop'), 'override', { workload: Pods.withLabels({ app: 'a' }), ports: [{ port, mode: STRICT }] })).toThrow(
      `portLevelMtls is for port ${port}; expected a port from 1 to 65535. Fix: pass the container's port number. [API006]`,
    );
  });

  test('two exceptions for one port', () => {
    const ports = [{ port: 80, mode: STRICT }, { port: 80, mode: DISABLE }];
    expect(() => new WorkloadOverride(chartIn('shop'), 'override', { workload: Pods.withLabels({ app: 'a' }), ports })).toThrow('portLevelMtls is given twice for port 80; expected one mode for each port, because only one of them can be written. Fix: remove one. [API010]');
  });

  test('a construct that is no workload', () => {
    const chart = chartIn('shop');
    const workload = new kplus.Service(chart, 'svc', { ports: [{ port: 80 }] });
    // @ts-expect-error a Service runs no pods
    expect(() => new WorkloadOverride(chart, 'override', { workload, mode: STRICT })).toThrow(
      'PeerAuthentication (test/override): workload is test/svc (v1 Service); expected one of Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Rollout, Pod. Fix: pass the workload itself, or Pods.withLabels({ … }) with the labels of its pods. [API008]',
    );
    expect(() => new WorkloadOverride(chart, 'empty', { workload: new Construct(chart, 'nothing') as any, mode: STRICT })).toThrow('test/nothing (no API object)');
  });

  test('a Chart, which is no workload to TypeScript either', () => {
    const chart = chartIn('shop');
    // @ts-expect-error a Chart has no kind
    expect(() => new WorkloadOverride(chart, 'chart', { workload: chart, mode: STRICT })).toThrow(/workload is test \(no API object\); expected one of Deployment.*\[API008\]/);
    // @ts-expect-error nor has an app
    expect(() => new WorkloadOverride(chart, 'app', { workload: chart.node.root, mode: STRICT })).toThrow('[API008]');
  });

  test('a missing workload', () => {
    // @ts-expect-error as JavaScript may do
    expect(() => new WorkloadOverride(chartIn('shop'), 'neither', { mode: STRICT })).toThrow(
      "PeerAuthentication (test/neither): workload is missing; expected a workload, because nothing else says which pods to select. Fix: pass the workload's construct, or Pods.withLabels({ … }). [API009]",
    );
    // @ts-expect-error labels are no property: Pods.withLabels has them
    expect(() => new WorkloadOverride(chartIn('shop'), 'labels', { labels: { app: 'a' }, mode: STRICT })).toThrow('[API009]');
  });

  test('an override without a mode and ports', () => {
    expect(() => new WorkloadOverride(chartIn('shop'), 'override', { workload: Pods.withLabels({ app: 'a' }) })).toThrow(/mode is missing, and 'ports' is empty.*\[API011\]/);
  });
});

test('a later synth compares the labels anew', async () => {
  const chart = chartIn('shop');
  const pod = (id: string) => new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { app: id } } });
  const [one, two] = [pod('one'), pod('two')];
  for (const workload of [one, two]) new WorkloadOverride(chart, `${workload.name}-override`, { workload: Pods.of(workload), mode: STRICT });
  expect(synth(chart)).toHaveLength(4);
  await Promise.resolve();
  two.addJsonPatch(JsonPatch.replace('/metadata/labels/app', 'one'));
  expect(() => synth(chart)).toThrow('[API007]');
});

describe('two overrides for the same labels', () => {
  const REFUSED = /selector.matchLabels is .*app=a.*, as in PeerAuthentication 'shop\/.*' \(test\/one\); expected one override for each set of labels.*\[API007\]/;

  test('are refused in any order of labels', () => {
    const chart = chartIn('shop');
    new WorkloadOverride(chart, 'one', { workload: Pods.withLabels({ app: 'a', v: '1' }), mode: STRICT });
    new WorkloadOverride(chart, 'two', { workload: Pods.withLabels({ v: '1', app: 'a' }), mode: DISABLE });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test('are refused when one names the workload and the other its labels', () => {
    const chart = chartIn('shop');
    new WorkloadOverride(chart, 'one', { workload: Pods.of(deployment(chart, { app: 'a' })), mode: STRICT });
    new WorkloadOverride(chart, 'two', { workload: Pods.withLabels({ app: 'a' }), mode: DISABLE });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test('are accepted in two namespaces, for other labels, and with a namespace\'s policy', () => {
    const chart = chartIn('shop');
    new NamespaceOverride(chart, 'namespace', { mode: PERMISSIVE });
    new WorkloadOverride(chart, 'one', { workload: Pods.withLabels({ app: 'a' }), mode: STRICT });
    new WorkloadOverride(chart, 'two', { workload: Pods.withLabels({ app: 'a' }), namespace: 'bank', mode: STRICT });
    new WorkloadOverride(chart, 'three', { workload: Pods.withLabels({ app: 'a', v: '1' }), mode: STRICT });
    expect(synth(chart)).toHaveLength(4);
  });
});
