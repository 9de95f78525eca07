import { ApiObject, Duration } from 'cdk8s';
import { MtlsAlerts, MtlsAlertsProps } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

function emitted(props?: MtlsAlertsProps): any {
  const chart = chartIn('shop');
  new MtlsAlerts(chart, 'alerts', props);
  return only(synth(chart), 'PrometheusRule');
}

function rule(alert: string, props?: MtlsAlertsProps): any {
  const rules = emitted(props).spec.groups[0].rules.filter((candidate: any) => candidate.alert === alert);
  expect(rules).toHaveLength(1);
  return rules[0];
}

test('one rule object with one group', () => {
  const { apiVersion, metadata, spec } = emitted();
  expect([apiVersion, metadata, spec.groups.map(({ name }: any) => name)]).toEqual([
    'monitoring.coreos.com/v1', { name: 'istio-mtls', namespace: 'istio-system' }, ['istio-mtls'],
  ]);
});

test.each([
  ['IstioPlaintextRequests', 'sum by (destination_workload_namespace, destination_workload, source_workload_namespace, source_workload) (rate(istio_requests_total{reporter="destination",connection_security_policy="none"}[5m])) > 0', '5m', 'warning'],
  ['IstioPlaintextConnections', 'sum by (destination_workload_namespace, destination_workload, source_workload_namespace, source_workload) (rate(istio_tcp_connections_opened_total{reporter="destination",connection_security_policy="none"}[5m])) > 0', '5m', 'warning'],
  ['IstioWorkloadCertificateExpiry', 'min by (namespace, pod) (istio_agent_cert_expiry_seconds{resource_name="default"}) < 21600', '10m', 'critical'],
  ['IstioCaCertificateExpiry', 'min by (namespace, job) (citadel_server_cert_chain_expiry_timestamp) - time() < 1209600', '1h', 'critical'],
  ['IstioRootCertificateExpiry', 'min by (namespace, job) (citadel_server_root_cert_expiry_timestamp) - time() < 7776000', '1h', 'warning'],
])('alert %s has its default expression, time and severity', (alert, expr, pending, severity) => {
  const { for: pendingFor, labels, annotations, ...rest } = rule(alert);
  expect(rest).toEqual({ alert, expr });
  expect([pendingFor, labels]).toEqual([pending, { severity }]);
  expect(Object.keys(annotations).sort()).toEqual(['description', 'summary']);
});

test('plaintext alerts exclude namespaces, sorted and without duplicates', () => {
  const props = { plaintext: { exceptNamespaces: ['legacy', 'batch', 'legacy'] } };
  for (const alert of ['IstioPlaintextRequests', 'IstioPlaintextConnections']) {
    expect(rule(alert, props).expr).toContain('connection_security_policy="none",destination_workload_namespace!~"batch|legacy"}');
  }
});

test('the plaintext alerts take a threshold, a window, a time and a severity', () => {
  const { expr, for: pendingFor, labels } = rule('IstioPlaintextRequests', {
    plaintext: { threshold: 0.5, window: Duration.minutes(30), pendingFor: Duration.seconds(0), severity: 'page' },
  });
  expect(expr).toMatch(/\[30m\]\)\) > 0\.5$/);
  expect([pendingFor, labels.severity]).toEqual(['0s', 'page']);
});

test('the certificate alerts take a threshold, a time and a severity', () => {
  const options = { threshold: Duration.days(30), pendingFor: Duration.days(1), severity: 'info' };
  for (const [alert, props] of [['IstioCaCertificateExpiry', { caCertificates: options }], ['IstioRootCertificateExpiry', { rootCertificates: options }]] as const) {
    const { expr, for: pendingFor, labels } = rule(alert, props);
    expect(expr).toMatch(/ < 2592000$/);
    expect([pendingFor, labels.severity]).toEqual(['1d', 'info']);
  }
});

test('the workload alert follows the certificates\' lifetime', () => {
  expect(rule('IstioWorkloadCertificateExpiry', { workloadCertificateLifetime: Duration.hours(1) }).expr).toMatch(/ < 900$/);
  expect(rule('IstioWorkloadCertificateExpiry', { workloadCertificates: { threshold: Duration.hours(11) } }).expr).toMatch(/ < 39600$/);
});

test.each<[string, MtlsAlertsProps, RegExp]>([
  ['a workload threshold at the time of renewal', { workloadCertificates: { threshold: Duration.hours(12) } },
    /PrometheusRule \(test\/alerts\): workloadCertificates\.threshold is 12h; expected more than 0s and less than half of the lifetime \(1d\), because proxies renew.*\[API052\]/],
  ['a workload threshold of 0 seconds', { workloadCertificates: { threshold: Duration.seconds(0) } }, /workloadCertificates\.threshold is 0s.*\[API052\]/],
  ['a workload lifetime of 2 seconds', { workloadCertificateLifetime: Duration.seconds(2) }, /workloadCertificates\.threshold is 0s.*\[API052\]/],
  ['a CA threshold no longer than a workload\'s lifetime', { caCertificates: { threshold: Duration.hours(24) } }, /caCertificates\.threshold is 1d; expected more than the lifetime of a workload certificate \(1d\).*\[API052\]/],
  ['a workload lifetime longer than the default CA threshold', { workloadCertificateLifetime: Duration.days(100) }, /caCertificates\.threshold is 14d.*\[API052\]/],
  ['a root threshold of 0 seconds', { rootCertificates: { threshold: Duration.seconds(0) } }, /rootCertificates\.threshold is 0s.*\[API052\]/],
  ['a negative plaintext threshold', { plaintext: { threshold: -1 } }, /plaintext\.threshold is -1; expected a number of 0 or more.*\[API052\]/],
  ['a plaintext threshold that is no number', { plaintext: { threshold: NaN } }, /plaintext\.threshold is NaN.*\[API052\]/],
  ['a window of 1 minute', { plaintext: { window: Duration.minutes(1) } }, /plaintext\.window is 1m; expected at least 4m.*\[API053\]/],
  ['an empty excepted namespace', { plaintext: { exceptNamespaces: [''] } }, /plaintext\.exceptNamespaces is ''.*\[API051\]/],
  ['a pattern as an excepted namespace', { plaintext: { exceptNamespaces: ['legacy-.*'] } }, /plaintext\.exceptNamespaces is 'legacy-\.\*'.*\[API051\]/],
  ['an empty severity of the plaintext alerts', { plaintext: { severity: '' } }, /plaintext\.severity is empty.*\[API050\]/],
  ['an empty severity of a certificate alert', { rootCertificates: { severity: '' } }, /rootCertificates\.severity is empty.*\[API050\]/],
])('refuses %s', (_, props, message) => {
  expect(() => new MtlsAlerts(chartIn(), 'alerts', props)).toThrow(message);
});

test('is the PrometheusRule itself', () => {
  const alerts = new MtlsAlerts(chartIn(), 'alerts');
  expect(ApiObject.of(alerts)).toBe(alerts);
});

test('snapshot', () => {
  expect(emitted({ plaintext: { exceptNamespaces: ['legacy'] }, labels: { release: 'prometheus' } })).toMatchSnapshot();
});
