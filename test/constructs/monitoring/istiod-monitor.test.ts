import { ApiObject, Duration } from 'cdk8s';
import { IstiodMonitor, IstiodMonitorProps } from '../../../src/index';
import { chartIn, meshWith, only, synth } from '../../support/constructs/charts';

function emitted(props?: IstiodMonitorProps): any {
  const chart = chartIn('shop');
  new IstiodMonitor(chart, 'monitor', props);
  return only(synth(chart), 'ServiceMonitor');
}

test('selects istiod\'s Services, but not those of revision tags', () => {
  expect(emitted()).toEqual({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: {
      selector: { matchLabels: { app: 'istiod' }, matchExpressions: [{ key: 'istio.io/tag', operator: 'DoesNotExist' }] },
      namespaceSelector: { matchNames: ['istio-system'] },
      endpoints: [{ port: 'http-monitoring', path: '/metrics', interval: '30s' }],
    },
  });
});

test('goes with istiod to another namespace', () => {
  const { metadata, spec } = emitted({ mesh: meshWith({ namespace: 'mesh' }) });
  expect([metadata.namespace, spec.namespaceSelector.matchNames]).toEqual(['mesh', ['mesh']]);
});

test('can lie elsewhere, with the labels that a Prometheus selects by', () => {
  const { metadata, spec } = emitted({ name: 'istio-mtls', namespace: 'monitoring', labels: { release: 'prometheus' } });
  expect(metadata).toEqual({ name: 'istio-mtls', namespace: 'monitoring', labels: { release: 'prometheus' } });
  expect(spec.namespaceSelector.matchNames).toEqual(['istio-system']);
});

test('selects old installations by their label', () => {
  expect(emitted({ app: 'istio-pilot' }).spec.selector.matchLabels).toEqual({ app: 'istio-pilot' });
});

test.each([[Duration.seconds(15), '15s'], [Duration.minutes(1), '1m'], [Duration.seconds(90), '90s'], [Duration.millis(1500), '2s']])('asks every %s', (interval, text) => {
  expect(emitted({ interval }).spec.endpoints[0].interval).toBe(text);
});

test.each<[IstiodMonitorProps, RegExp]>([
  [{ interval: Duration.seconds(0) }, /ServiceMonitor \(test\/monitor\): interval is 0s; expected from 1 second to 2 minutes.*\[MTLS053\]/],
  [{ interval: Duration.minutes(3) }, /interval is 3m.*\[MTLS053\]/],
  [{ name: '' }, /metadata\.name is ''; expected a name.*\[MTLS050\]/],
  [{ name: 'Istio' }, /metadata\.name is 'Istio'.*\[MTLS050\]/],
  [{ namespace: '' }, /metadata\.namespace is ''; expected the name of a namespace.*\[MTLS051\]/],
  [{ mesh: 'mesh' as any }, /ServiceMonitor \(test\/monitor\): mesh is a value of type string; expected an IstioMesh.*\[MTLS019\]/],
  [{ app: '' }, /app is empty; expected the label 'app' of istiod's Service.*\[MTLS050\]/],
  [{ labels: { '': 'x' } }, /metadata\.labels is an empty key.*\[MTLS050\]/],
  [{ labels: { release: '' } }, /metadata\.labels\.release is empty.*\[MTLS050\]/],
])('refuses %j', (props, message) => {
  expect(() => new IstiodMonitor(chartIn(), 'monitor', props)).toThrow(message);
});

test('is the ServiceMonitor itself', () => {
  const monitor = new IstiodMonitor(chartIn(), 'monitor');
  expect(ApiObject.of(monitor)).toBe(monitor);
});

test('snapshot', () => {
  expect(emitted({ labels: { release: 'prometheus' } })).toMatchSnapshot();
});
