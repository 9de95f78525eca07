import { Duration } from 'cdk8s';
import { MeshMonitoring, MeshMonitoringProps } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

function emitted(props?: MeshMonitoringProps): any[] {
  const chart = chartIn('shop');
  new MeshMonitoring(chart, 'monitoring', props);
  return synth(chart);
}

test('is one object of each kind, where istiod is, whatever the chart\'s namespace', () => {
  expect(emitted().map(({ kind, metadata: { namespace, name } }) => `${kind} ${namespace}/${name}`)).toEqual([
    'ServiceMonitor istio-system/istiod', 'PodMonitor istio-system/istio-proxies', 'PrometheusRule istio-system/istio-mtls',
  ]);
});

test('looks at the sidecars of all namespaces, and alerts on plaintext in all but those that are left out', () => {
  const objects = emitted({ plaintext: { exceptNamespaces: ['legacy'] } });
  expect(only(objects, 'PodMonitor').spec.namespaceSelector).toEqual({ any: true });
  const [plaintext] = only(objects, 'PrometheusRule').spec.groups[0].rules;
  expect(plaintext.expr).toContain('destination_workload_namespace!~"legacy"');
});

test('tells namespace, labels and interval to all of them', () => {
  const objects = emitted({ namespace: 'monitoring', labels: { release: 'prometheus' }, interval: Duration.seconds(15) });
  for (const { metadata } of objects) expect(metadata).toMatchObject({ namespace: 'monitoring', labels: { release: 'prometheus' } });
  expect(only(objects, 'ServiceMonitor').spec.endpoints[0].interval).toBe('15s');
  expect(only(objects, 'PodMonitor').spec.podMetricsEndpoints[0].interval).toBe('15s');
});

test('snapshot', () => {
  expect(emitted({ labels: { release: 'prometheus' }, interval: Duration.seconds(15), plaintext: { exceptNamespaces: ['legacy'] } })).toMatchSnapshot();
});
