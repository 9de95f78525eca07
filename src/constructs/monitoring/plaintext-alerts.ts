import { Duration } from 'cdk8s';
import { PlaintextAlertOptions } from './alert-options';
import { AlertRule, alertRule } from './alert-rule';
import { checkNamespace } from './monitor-object';
import { prometheusDuration, wholeSeconds } from './prometheus-duration';
import { Refuse } from '../refuse';

const REPORTED_BY_SERVER = 'reporter="destination",connection_security_policy="none"';
const BY = 'destination_workload_namespace, destination_workload, source_workload_namespace, source_workload';
const DEFAULTS = { field: 'plaintext', pendingFor: Duration.minutes(5), severity: 'warning' };
const SHORTEST_WINDOW = Duration.minutes(4);

/** One alert for HTTP requests, one for TCP connections: Istio counts them apart. */
export function plaintextAlerts(options: PlaintextAlertOptions = {}, refuse: Refuse): AlertRule[] {
  const { exceptNamespaces = [], threshold = 0, window = Duration.minutes(5) } = options;
  check({ exceptNamespaces, threshold, window }, refuse);
  const rule = (alert: string, metric: string, what: string) => alertRule(options, DEFAULTS, {
    alert,
    expr: `sum by (${BY}) (rate(${metric}{${selector(exceptNamespaces)}}[${prometheusDuration(window)}])) > ${threshold}`,
    annotations: {
      summary: `Plaintext ${what} reach {{ $labels.destination_workload_namespace }}/{{ $labels.destination_workload }}`,
      description: `{{ $labels.source_workload_namespace }}/{{ $labels.source_workload }} sends {{ $value | humanize }} ${what} a second without mutual TLS. `
        + 'Its pods have no sidecar, or a DestinationRule turns TLS off. The server takes them because its mode is PERMISSIVE or DISABLE.',
    },
  }, refuse);
  return [
    rule('IstioPlaintextRequests', 'istio_requests_total', 'requests'),
    rule('IstioPlaintextConnections', 'istio_tcp_connections_opened_total', 'connections'),
  ];
}

function selector(exceptNamespaces: readonly string[]): string {
  const namespaces = [...new Set(exceptNamespaces)].sort();
  return namespaces.length === 0 ? REPORTED_BY_SERVER : `${REPORTED_BY_SERVER},destination_workload_namespace!~"${namespaces.join('|')}"`;
}

function check({ exceptNamespaces, threshold, window }: Required<Pick<PlaintextAlertOptions, 'exceptNamespaces' | 'threshold' | 'window'>>, refuse: Refuse): void {
  for (const namespace of exceptNamespaces) checkNamespace('plaintext.exceptNamespaces', namespace, refuse);
  if (!Number.isFinite(threshold) || threshold < 0) {
    throw refuse({
      code: 'MTLS052',
      field: 'plaintext.threshold',
      actual: `${threshold}`,
      expected: 'a number of 0 or more, in requests a second',
      because: 'the alert would always or never fire',
      fix: 'leave it out for 0',
    });
  }
  if (wholeSeconds(window) < wholeSeconds(SHORTEST_WINDOW)) {
    throw refuse({
      code: 'MTLS053',
      field: 'plaintext.window',
      actual: prometheusDuration(window),
      expected: `at least ${prometheusDuration(SHORTEST_WINDOW)}`,
      because: 'a rate needs two scrapes, and they may be 2 minutes apart',
      fix: 'leave it out for 5 minutes',
    });
  }
}
