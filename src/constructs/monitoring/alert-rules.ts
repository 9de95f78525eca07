import { Duration } from 'cdk8s';
import { checkMonitoredNamespace, emptyName, prometheusDuration, wholeSeconds } from './monitor';
import { Refuse } from '../refuse';

/** When an alert on a certificate that will expire fires, and its severity. */
export interface AlertOptions {
  /**
   * The remaining lifetime below which the alert fires. For a CA, longer than the lifetime of a workload certificate; for a workload
   * certificate, less than half of its lifetime.
   *
   * @default - see the alert
   */
  readonly threshold?: Duration;

  /**
   * How long the condition must be met before the alert fires (Prometheus' `for`).
   *
   * @default - see the alert
   */
  readonly pendingFor?: Duration;

  /**
   * The alert's label `severity`, which Alertmanager uses for routing. Not empty.
   *
   * @default - see the alert
   */
  readonly severity?: string;
}

/** When the alerts on plaintext that reaches a sidecar fire, and their severity. */
export interface PlaintextAlertOptions {
  /**
   * Namespaces whose workloads are expected to accept plaintext, because their mode is PERMISSIVE or DISABLE.
   *
   * @default - none
   */
  readonly exceptNamespaces?: string[];

  /**
   * The highest rate without an alert, in requests a second (for TCP, new connections a second); 0 or more.
   *
   * @default 0
   */
  readonly threshold?: number;

  /**
   * The time over which the rate is computed, at least 4 minutes, so that it contains two scrapes.
   *
   * @default Duration.minutes(5)
   */
  readonly window?: Duration;

  /**
   * How long the condition must be met before the alerts fire (Prometheus' `for`).
   *
   * @default Duration.minutes(5)
   */
  readonly pendingFor?: Duration;

  /**
   * The alerts' label `severity`, which Alertmanager uses for routing. Not empty.
   *
   * @default 'warning'
   */
  readonly severity?: string;
}

/** An alerting rule of Prometheus. */
interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** The defaults of an alert. */
interface AlertDefaults {
  readonly field: string;
  readonly pendingFor: Duration;
  readonly severity: string;
}

function alertRule(
  { pendingFor, severity }: Pick<AlertOptions, 'pendingFor' | 'severity'>,
  defaults: AlertDefaults,
  { alert, expr, annotations }: Pick<AlertRule, 'alert' | 'expr' | 'annotations'>,
  refuse: Refuse,
): AlertRule {
  if (severity === '') throw emptyName(`${defaults.field}.severity`, 'empty', 'a severity for the routing of Alertmanager', refuse);
  return {
    alert,
    expr,
    for: prometheusDuration(pendingFor ?? defaults.pendingFor),
    labels: { severity: severity ?? defaults.severity },
    annotations,
  };
}

const REPORTED_BY_SERVER = 'reporter="destination",connection_security_policy="none"';
const BY_WORKLOADS = 'destination_workload_namespace, destination_workload, source_workload_namespace, source_workload';
const PLAINTEXT = { field: 'plaintext', pendingFor: Duration.minutes(5), severity: 'warning' };
const SHORTEST_WINDOW = Duration.minutes(4);

/** One alert for HTTP requests and one for TCP connections, which Istio counts separately. */
export function plaintextAlerts(options: PlaintextAlertOptions = {}, refuse: Refuse): AlertRule[] {
  const { exceptNamespaces = [], threshold = 0, window = Duration.minutes(5) } = options;
  checkPlaintext({ exceptNamespaces, threshold, window }, refuse);
  const rule = (alert: string, metric: string, what: string) => alertRule(options, PLAINTEXT, {
    alert,
    expr: `sum by (${BY_WORKLOADS}) (rate(${metric}{${serverReports(exceptNamespaces)}}[${prometheusDuration(window)}])) > ${threshold}`,
    annotations: {
      summary: `Plaintext ${what} reach {{ $labels.destination_workload_namespace }}/{{ $labels.destination_workload }}`,
      description: '{{ $labels.source_workload_namespace }}/{{ $labels.source_workload }} sends {{ $value | humanize }} '
        + `${what} a second without mutual TLS. `
        + 'Its pods have no sidecar, or a DestinationRule turns TLS off. The server takes them because its mode is PERMISSIVE or DISABLE.',
    },
  }, refuse);
  return [
    rule('IstioPlaintextRequests', 'istio_requests_total', 'requests'),
    rule('IstioPlaintextConnections', 'istio_tcp_connections_opened_total', 'connections'),
  ];
}

function serverReports(exceptNamespaces: readonly string[]): string {
  const namespaces = [...new Set(exceptNamespaces)].sort();
  return namespaces.length === 0 ? REPORTED_BY_SERVER : `${REPORTED_BY_SERVER},destination_workload_namespace!~"${namespaces.join('|')}"`;
}

function checkPlaintext({
  exceptNamespaces, threshold, window,
}: Required<Pick<PlaintextAlertOptions, 'exceptNamespaces' | 'threshold' | 'window'>>, refuse: Refuse): void {
  for (const namespace of exceptNamespaces) checkMonitoredNamespace('plaintext.exceptNamespaces', namespace, refuse);
  if (!Number.isFinite(threshold) || threshold < 0) {
    throw refuse({
      code: 'API052',
      field: 'plaintext.threshold',
      actual: `${threshold}`,
      expected: 'a number of 0 or more, in requests a second',
      because: 'the alert would always or never fire',
      fix: 'remove it for 0',
    });
  }
  if (wholeSeconds(window) < wholeSeconds(SHORTEST_WINDOW)) {
    throw refuse({
      code: 'API053',
      field: 'plaintext.window',
      actual: prometheusDuration(window),
      expected: `at least ${prometheusDuration(SHORTEST_WINDOW)}`,
      because: 'a rate needs two scrapes, which may be 2 minutes apart',
      fix: 'remove it for 5 minutes',
    });
  }
}

const WORKLOAD = { field: 'workloadCertificates', pendingFor: Duration.minutes(10), severity: 'critical' };
const CA = { field: 'caCertificates', pendingFor: Duration.hours(1), severity: 'critical', threshold: Duration.days(14) };
const ROOT = { field: 'rootCertificates', pendingFor: Duration.hours(1), severity: 'warning', threshold: Duration.days(90) };

const LEFT = '{{ $value | humanizeDuration }}';

/** @param lifetime of a workload certificate */
export function workloadExpiry(lifetime: Duration, options: AlertOptions = {}, refuse: Refuse): AlertRule {
  const seconds = options.threshold ? wholeSeconds(options.threshold) : Math.floor(wholeSeconds(lifetime) / 4);
  if (seconds < 1 || seconds * 2 >= wholeSeconds(lifetime)) {
    throw noSense(WORKLOAD.field, seconds, `more than 0s and less than half of the lifetime (${prometheusDuration(lifetime)})`,
      'proxies renew a certificate after half of its lifetime, so the alert would fire for healthy ones, or never',
      "remove it for a quarter of the lifetime, or set 'workloadCertificateLifetime'", refuse);
  }
  return alertRule(options, WORKLOAD, {
    alert: 'IstioWorkloadCertificateExpiry',
    expr: `min by (namespace, pod) (istio_agent_cert_expiry_seconds{resource_name="default"}) < ${seconds}`,
    annotations: {
      summary: 'The certificate of {{ $labels.namespace }}/{{ $labels.pod }} was not renewed',
      description: `It expires in ${LEFT}, and then the pod can neither send nor take mutual TLS. `
        + 'See the log of its istio-proxy for what istiod answers to its signing requests.',
    },
  }, refuse);
}

/** @param lifetime of a workload certificate */
export function caExpiry(lifetime: Duration, options: AlertOptions = {}, refuse: Refuse): AlertRule {
  return alertRule(options, CA, {
    alert: 'IstioCaCertificateExpiry',
    expr: 'min by (namespace, job) (citadel_server_cert_chain_expiry_timestamp) - time() < '
      + `${checkedThreshold(CA, lifetime, options, refuse)}`,
    annotations: {
      summary: 'The certificate that istiod signs with will expire ({{ $labels.namespace }}, {{ $labels.job }})',
      description: `It expires in ${LEFT}. Workload certificates end with it, and no new ones can be issued. Renew the Secret cacerts.`,
    },
  }, refuse);
}

/** @param lifetime of a workload certificate */
export function rootExpiry(lifetime: Duration, options: AlertOptions = {}, refuse: Refuse): AlertRule {
  return alertRule(options, ROOT, {
    alert: 'IstioRootCertificateExpiry',
    expr: 'min by (namespace, job) (citadel_server_root_cert_expiry_timestamp) - time() < '
      + `${checkedThreshold(ROOT, lifetime, options, refuse)}`,
    annotations: {
      summary: 'The root certificate of the mesh will expire ({{ $labels.namespace }}, {{ $labels.job }})',
      description: `It expires in ${LEFT}, and then no mutual TLS works any more. A new root takes several steps: begin now.`,
    },
  }, refuse);
}

/** In seconds. A CA must outlive the certificates that it issues. */
function checkedThreshold(defaults: typeof CA, lifetime: Duration, options: AlertOptions, refuse: Refuse): number {
  const seconds = wholeSeconds(options.threshold ?? defaults.threshold);
  if (seconds > wholeSeconds(lifetime)) return seconds;
  throw noSense(defaults.field, seconds, `more than the lifetime of a workload certificate (${prometheusDuration(lifetime)})`,
    'a CA with less time left can no longer issue certificates with the full lifetime',
    `remove it for ${prometheusDuration(defaults.threshold)}`, refuse);
}

function noSense(field: string, seconds: number, expected: string, because: string, fix: string, refuse: Refuse): Error {
  return refuse({
    code: 'API052', field: `${field}.threshold`, actual: prometheusDuration(Duration.seconds(seconds)), expected, because, fix,
  });
}
