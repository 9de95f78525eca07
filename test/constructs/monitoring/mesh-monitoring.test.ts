import { Duration } from 'cdk8s';
import { MeshMonitoring, MeshMonitoringProps } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

function emitted(props?: MeshMonitoringProps): any[] {
  const chart = chartIn('shop');
  new MeshMonitoring(chart, 'monitoring', props);
  return synth(chart);
}

test('emits one object of each kind in istiod\'s namespace, whatever the chart\'s', () => {
  expect(emitted().map(({ kind, metadata: { namespace, name } }) => `${kind} ${namespace}/${name}`)).toEqual([
    'ServiceMonitor istio-system/istiod', 'PodMonitor istio-system/istio-proxies', 'PrometheusRule istio-system/istio-mtls',
  ]);
});

test('scrapes sidecars of all namespaces, and alerts on plaintext except in exceptNamespaces', () => {
  const objects = emitted({ plaintext: { exceptNamespaces: ['legacy'] } });
  expect(only(objects, 'PodMonitor').spec.namespaceSelector).toEqual({ any: true });
  const [plaintext] = only(objects, 'PrometheusRule').spec.groups[0].rules;
  expect(plaintext.expr).toContain('destination_workload_namespace!~"legacy"');
});

test('applies namespace, labels and interval to all objects', () => {
  const objects = emitted({ namespace: 'monitoring', labels: { release: 'prometheus' }, interval: Duration.seconds(15) });
  for (const { metadata } of objects) expect(metadata).toMatchObject({ namespace: 'monitoring', labels: { release: 'prometheus' } });
  expect(only(objects, 'ServiceMonitor').spec.endpoints[0].interval).toBe('15s');
  expect(only(objects, 'PodMonitor').spec.podMetricsEndpoints[0].interval).toBe('15s');
});

test('istiod and sidecars can override common options', () => {
  const objects = emitted({
    namespace: 'monitoring',
    name: 'mtls',
    labels: { release: 'prometheus' },
    interval: Duration.seconds(15),
    istiod: { name: 'pilot', namespace: 'istio-system', labels: { team: 'mesh' }, interval: Duration.minutes(1), app: 'istio-pilot' },
    sidecars: { name: 'proxies', podNamespaces: ['shop'], statusPort: 16020 },
  });
  const [istiod, sidecars, alerts] = ['ServiceMonitor', 'PodMonitor', 'PrometheusRule'].map((kind) => only(objects, kind));
  expect([istiod, sidecars, alerts].map(({ metadata }) => metadata)).toEqual([
    { name: 'pilot', namespace: 'istio-system', labels: { team: 'mesh' } },
    { name: 'proxies', namespace: 'monitoring', labels: { release: 'prometheus' } },
    { name: 'mtls', namespace: 'monitoring', labels: { release: 'prometheus' } },
  ]);
  expect([istiod.spec.selector.matchLabels, istiod.spec.endpoints[0].interval]).toEqual([{ app: 'istio-pilot' }, '1m']);
  const [endpoint] = sidecars.spec.podMetricsEndpoints;
  expect([sidecars.spec.namespaceSelector, endpoint.interval, endpoint.relabelings[0].replacement]).toEqual([{ matchNames: ['shop'] }, '15s', '$1:16020']);
});

test.each<[string, MeshMonitoringProps, string[]]>([
  ['istiod', { istiod: { enabled: false } }, ['PodMonitor', 'PrometheusRule']],
  ['sidecars', { sidecars: { enabled: false } }, ['ServiceMonitor', 'PrometheusRule']],
  ['alerts', { alerts: false }, ['ServiceMonitor', 'PodMonitor']],
])('emits no object for %s if they are off', (off, props, kinds) => {
  expect(emitted(props).map(({ kind }) => kind)).toEqual(kinds);
  const monitoring = new MeshMonitoring(chartIn(), 'it', props);
  const { istiod, sidecars, alerts } = monitoring;
  expect(Object.entries({ istiod, sidecars, alerts }).filter(([, part]) => part === undefined).map(([name]) => name)).toEqual([off]);
});

test('snapshot', () => {
  expect(emitted({ labels: { release: 'prometheus' }, interval: Duration.seconds(15), plaintext: { exceptNamespaces: ['legacy'] } })).toMatchSnapshot();
});
