import { ApiObject, Duration } from 'cdk8s';
import { IIstioMesh, MeshMonitoring, ScrapeOptions } from '../../../src/index';
import { chartIn, meshWith, synth } from '../../support/constructs/charts';

function emitted(istiod?: ScrapeOptions, mesh?: IIstioMesh): any {
  const chart = chartIn('shop');
  new MeshMonitoring(chart, 'monitor', { istiod, mesh, sidecars: { enabled: false }, alerts: false });
  const objects = synth(chart);
  expect(objects).toHaveLength(1);
  return objects[0];
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

test('follows istiod to another namespace', () => {
  const { metadata, spec } = emitted({}, meshWith({ namespace: 'mesh' }));
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

test.each([
  ['15 seconds', Duration.seconds(15), '15s'], ['minute', Duration.minutes(1), '1m'], ['90 seconds', Duration.seconds(90), '90s'],
  ['1500 milliseconds, rounded up to seconds', Duration.millis(1500), '2s'],
])('scrapes istiod every %s', (_, interval, text) => {
  expect(emitted({ interval }).spec.endpoints[0].interval).toBe(text);
});

test.each<[string, ScrapeOptions, RegExp]>([
  ['an interval of 0 seconds', { interval: Duration.seconds(0) }, /ServiceMonitor \(test\/monitor\/Istiod\): interval is 0s; expected from 1 second to 2 minutes.*\[API053\]/],
  ['an interval of 3 minutes', { interval: Duration.minutes(3) }, /interval is 3m.*\[API053\]/],
  ['an empty name', { name: '' }, /metadata\.name is ''; expected a name.*\[API050\]/],
  ['an invalid name', { name: 'Istio' }, /metadata\.name is 'Istio'.*\[API050\]/],
  ['an empty namespace', { namespace: '' }, /metadata\.namespace is ''; expected the name of a namespace.*\[API051\]/],
  ['an empty app label of istiod', { app: '' }, /istiod\.app is empty; expected the label 'app' of istiod's Service.*\[API050\]/],
  ['a label without a key', { labels: { '': 'x' } }, /metadata\.labels is an empty key.*\[API050\]/],
  ['a label without a value', { labels: { release: '' } }, /metadata\.labels\.release is empty.*\[API050\]/],
])('refuses %s', (_, istiod, message) => {
  expect(() => new MeshMonitoring(chartIn(), 'monitor', { istiod })).toThrow(message);
});

test('refuses a mesh that isn\'t an IstioMesh', () => {
  expect(() => new MeshMonitoring(chartIn(), 'monitor', { mesh: 'mesh' as any })).toThrow(/ServiceMonitor \(test\/monitor\/Istiod\): mesh is a value of type string; expected an IstioMesh.*\[API019\]/);
});

test('is the ServiceMonitor itself', () => {
  const { istiod } = new MeshMonitoring(chartIn(), 'monitor');
  expect([ApiObject.of(istiod!), istiod!.kind]).toEqual([istiod, 'ServiceMonitor']);
});

test('snapshot', () => {
  expect(emitted({ labels: { release: 'prometheus' } })).toMatchSnapshot();
});
