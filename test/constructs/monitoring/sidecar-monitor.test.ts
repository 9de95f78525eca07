import { ApiObject } from 'cdk8s';
import { SidecarMonitor, SidecarMonitorProps } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

function emitted(props?: SidecarMonitorProps): any {
  const chart = chartIn('shop');
  new SidecarMonitor(chart, 'monitor', props);
  return only(synth(chart), 'PodMonitor');
}

/** What Prometheus makes of an address: the regex is anchored at both ends. */
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
  [undefined, '10.0.0.7:15090', '10.0.0.7:15020'],
  [undefined, '[fd00::7]:15090', '[fd00::7]:15020'],
  [16020, '10.0.0.7:15090', '10.0.0.7:16020'],
])('with status port %s asks %s at %s', (statusPort, address, asked) => {
  const [rule, ...others] = emitted({ statusPort }).spec.podMetricsEndpoints[0].relabelings;
  expect(others).toEqual([]);
  expect([rule.action, rule.sourceLabels, rule.targetLabel]).toEqual(['replace', ['__address__'], '__address__']);
  expect(relabelled(address, rule)).toBe(asked);
});

test('keeps to the namespaces that are named', () => {
  expect(emitted({ podNamespaces: ['shop', 'payments'] }).spec.namespaceSelector).toEqual({ matchNames: ['shop', 'payments'] });
});

test.each<[SidecarMonitorProps, RegExp]>([
  [{ podNamespaces: [] }, /PodMonitor \(test\/monitor\): podNamespaces is empty; expected at least one namespace.*\[MTLS051\]/],
  [{ podNamespaces: ['shop', ''] }, /podNamespaces is ''.*\[MTLS051\]/],
  [{ statusPort: 0 }, /statusPort is 0; expected a port.*\[MTLS054\]/],
  [{ statusPort: 15020.5 }, /statusPort is 15020\.5.*\[MTLS054\]/],
  [{ statusPort: 65536 }, /statusPort is 65536.*\[MTLS054\]/],
])('refuses %j', (props, message) => {
  expect(() => new SidecarMonitor(chartIn(), 'monitor', props)).toThrow(message);
});

test('is the PodMonitor itself', () => {
  const monitor = new SidecarMonitor(chartIn(), 'monitor');
  expect(ApiObject.of(monitor)).toBe(monitor);
});

test('snapshot', () => {
  expect(emitted({ labels: { release: 'prometheus' } })).toMatchSnapshot();
});
