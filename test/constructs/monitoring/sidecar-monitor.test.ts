import { ApiObject } from 'cdk8s';
import { MeshMonitoring, ScrapeOptions } from '../../../src/index';
import { chartIn, synth } from '../../support/constructs/charts';

function emitted(sidecars?: ScrapeOptions): any {
  const chart = chartIn('shop');
  new MeshMonitoring(chart, 'monitor', { sidecars, istiod: { enabled: false }, alerts: false });
  const objects = synth(chart);
  expect(objects).toHaveLength(1);
  return objects[0];
}

/** An address as Prometheus relabels it: the regex is anchored at both ends. */
function relabelled(address: string, { regex, replacement }: { regex: string; replacement: string }): string {
  return address.replace(new RegExp(`^(?:${regex})$`), replacement);
}

test('finds proxies in all namespaces by the port that they declare', () => {
  const { metadata, spec } = emitted();
  expect(metadata).toEqual({ name: 'istio-proxies', namespace: 'istio-system' });
  expect(spec.namespaceSelector).toEqual({ any: true });
  expect(spec.selector).toEqual({ matchExpressions: [{ key: 'istio-prometheus-ignore', operator: 'DoesNotExist' }] });
  expect(spec.podMetricsEndpoints).toEqual([expect.objectContaining({ port: 'http-envoy-prom', path: '/stats/prometheus', interval: '30s' })]);
});

test.each([
  ['the default status port', undefined, '10.0.0.7:15090', '10.0.0.7:15020'],
  ['the default status port over IPv6', undefined, '[fd00::7]:15090', '[fd00::7]:15020'],
  ['a given status port', 16020, '10.0.0.7:15090', '10.0.0.7:16020'],
])('scrapes a sidecar on %s', (_, statusPort, address, asked) => {
  const [rule, ...others] = emitted({ statusPort }).spec.podMetricsEndpoints[0].relabelings;
  expect(others).toEqual([]);
  expect([rule.action, rule.sourceLabels, rule.targetLabel]).toEqual(['replace', ['__address__'], '__address__']);
  expect(relabelled(address, rule)).toBe(asked);
});

test('keeps to the namespaces that are named', () => {
  expect(emitted({ podNamespaces: ['shop', 'payments'] }).spec.namespaceSelector).toEqual({ matchNames: ['shop', 'payments'] });
});

test.each<[string, ScrapeOptions, RegExp]>([
  ['an empty list of namespaces', { podNamespaces: [] }, /PodMonitor \(test\/monitor\/Sidecars\): sidecars\.podNamespaces is empty; expected at least one namespace.*\[API051\]/],
  ['an empty namespace', { podNamespaces: ['shop', ''] }, /sidecars\.podNamespaces is ''.*\[API051\]/],
  ['status port 0', { statusPort: 0 }, /sidecars\.statusPort is 0; expected a port.*\[API054\]/],
  ['a fractional status port', { statusPort: 15020.5 }, /sidecars\.statusPort is 15020\.5.*\[API054\]/],
  ['status port 65536', { statusPort: 65536 }, /sidecars\.statusPort is 65536.*\[API054\]/],
])('refuses %s', (_, sidecars, message) => {
  expect(() => new MeshMonitoring(chartIn(), 'monitor', { sidecars })).toThrow(message);
});

test('is the PodMonitor itself', () => {
  const { sidecars } = new MeshMonitoring(chartIn(), 'monitor');
  expect([ApiObject.of(sidecars!), sidecars!.kind]).toEqual([sidecars, 'PodMonitor']);
});

test('snapshot', () => {
  expect(emitted({ labels: { release: 'prometheus' } })).toMatchSnapshot();
});
