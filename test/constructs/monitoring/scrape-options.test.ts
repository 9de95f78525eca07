import { Duration } from 'cdk8s';
import { MeshMonitoring, MeshMonitoringProps } from '../../../src/index';
import { chartIn } from '../../support/constructs/charts';

test.each<[string, MeshMonitoringProps, string]>([
  ['namespaces of pods for istiod', { istiod: { podNamespaces: ['shop'] } },
    "ServiceMonitor (test/monitoring): istiod.podNamespaces is given; expected only options that have an effect, because it is for sidecars, and would be ignored. Fix: pass it to 'sidecars'. [API062]"],
  ['a status port for istiod', { istiod: { statusPort: 16020 } }, 'istiod.statusPort is given'],
  ['istiod\'s app label for sidecars', { sidecars: { app: 'istio-pilot' } },
    "PodMonitor (test/monitoring): sidecars.app is given; expected only options that have an effect, because it is for istiod, and would be ignored. Fix: pass it to 'istiod'. [API062]"],
  ['a name for istiod\'s monitor, which is off', { istiod: { enabled: false, name: 'pilot' } },
    "ServiceMonitor (test/monitoring): istiod.name is given together with 'istiod.enabled: false'; expected only options that have an effect, because it would be ignored. Fix: remove one of them. [API062]"],
  ['an interval for the sidecars\' monitor, which is off', { sidecars: { enabled: false, interval: Duration.seconds(15) } }, 'PodMonitor (test/monitoring): sidecars.interval is given together'],
  ['a threshold for alerts, which are off', { alerts: false, plaintext: { threshold: 1 } },
    "PrometheusRule (test/monitoring): plaintext is given together with 'alerts: false'; expected only options that have an effect"],
  ['a name for alerts, which are off', { alerts: false, name: 'mtls' }, 'PrometheusRule (test/monitoring): name is given'],
  ['a common interval for both monitors, which are off', { istiod: { enabled: false }, sidecars: { enabled: false }, interval: Duration.seconds(15) },
    "ServiceMonitor (test/monitoring): interval is given together with 'istiod.enabled: false' and 'sidecars.enabled: false'; expected only options"],
  ['all parts off', { istiod: { enabled: false }, sidecars: { enabled: false }, alerts: false },
    'ServiceMonitor (test/monitoring): istiod.enabled is false, as for all parts; expected only options that have an effect, because nothing would be emitted. Fix: remove the MeshMonitoring. [API062]'],
])('refuses %s', (_, props, message) => {
  expect(() => new MeshMonitoring(chartIn(), 'monitoring', props)).toThrow(message);
});

test.each<[string, MeshMonitoringProps]>([
  ['for parts that are on', { istiod: { enabled: true, name: 'pilot' }, sidecars: { enabled: true, statusPort: 16020 }, alerts: true, name: 'mtls' }],
  ['that are undefined', { istiod: { podNamespaces: undefined }, sidecars: { enabled: false, name: undefined }, alerts: false, plaintext: undefined }],
  ['with a common interval for one of the monitors', { istiod: { enabled: false }, interval: Duration.seconds(15) }],
  ['with common labels and a namespace for the alerts alone', { istiod: { enabled: false }, sidecars: { enabled: false }, namespace: 'monitoring', labels: { a: '1' } }],
])('accepts options %s', (_, props) => {
  expect(() => new MeshMonitoring(chartIn(), 'monitoring', props)).not.toThrow();
});
