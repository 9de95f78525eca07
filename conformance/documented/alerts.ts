// The alerts of MtlsAlerts in `promtool test rules`: each fires when it should, with its texts filled in, and is silent otherwise.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import type { MtlsAlertsProps } from '../../src/index';
import { libraryModule } from '../library';
import { goBinary } from '../node/go-binary';

/** A rule as the construct emits it. */
interface EmittedRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

type Rules = readonly EmittedRule[];

/** Series over minutes, in promtool's notation. */
type Series = Readonly<Record<string, string>>;

/** What the texts of an alert are filled with. */
interface Filling {
  readonly labels: Readonly<Record<string, string>>;
  /** `$value`, as the alert formats it. */
  readonly value: string;
}

interface AlertCase {
  readonly about: string;
  readonly alert: string;
  readonly series: Series;
  /** Prometheus' notation of a duration, from the first scrape. */
  readonly at: string;
  /** Undefined: nothing fires. */
  readonly fires?: Filling;
}

/** As docs/monitoring.md writes it. */
const EXCEPT_LEGACY: MtlsAlertsProps = { plaintext: { exceptNamespaces: ['legacy'] } };

const CALL = { destination_workload_namespace: 'shop', destination_workload: 'ratings', source_workload_namespace: 'batch', source_workload: 'report' };
const [DAY, HOUR] = [86_400, 3_600];

const selector = (metric: string, labels: Readonly<Record<string, string>>) => `${metric}{${Object.entries(labels).map(([name, value]) => `${name}="${value}"`).join(',')}}`;
const counted = (metric: string, labels: Readonly<Record<string, string>>, values = '0+60x60'): Series => ({ [selector(metric, { ...CALL, reporter: 'destination', ...labels })]: values });

function casesOfPlaintext(alert: string, metric: string): readonly AlertCase[] {
  const plaintext = counted(metric, { connection_security_policy: 'none' });
  return [
    { about: 'plaintext reaches a sidecar', alert, series: plaintext, at: '30m', fires: { labels: CALL, value: '1' } },
    { about: 'for less than 5 minutes', alert, series: plaintext, at: '4m' },
    { about: 'all is mutual TLS', alert, series: counted(metric, { connection_security_policy: 'mutual_tls' }), at: '30m' },
    { about: 'only the client reports it', alert, series: counted(metric, { connection_security_policy: 'none', reporter: 'source' }), at: '30m' },
    { about: 'it has ended', alert, series: counted(metric, { connection_security_policy: 'none' }, '0+60x10 600x50'), at: '40m' },
  ];
}

function casesOfExpiry(alert: string, metric: string, days: number): readonly AlertCase[] {
  const labels = { namespace: 'istio-system', job: 'istiod' };
  // Time begins at 0, and it is asked after two hours.
  const expiring = (left: number): Series => ({ [selector(metric, { ...labels, pod: 'istiod-1' })]: `${2 * HOUR + left * DAY}x180` });
  return [
    { about: `a day less than ${days} days are left`, alert, series: expiring(days - 1), at: '2h', fires: { labels, value: `${days - 1}d 0h 0m 0s` } },
    { about: `a day more than ${days} days are left`, alert, series: expiring(days + 1), at: '2h' },
    { about: 'for less than an hour', alert, series: expiring(days - 1), at: '50m' },
  ];
}

const POD = { namespace: 'shop', pod: 'ratings-1' };
const certificate = (left: number, resource = 'default'): Series => ({ [selector('istio_agent_cert_expiry_seconds', { ...POD, resource_name: resource })]: `${left}x60` });
const WORKLOAD = 'IstioWorkloadCertificateExpiry';

const CASES: readonly AlertCase[] = [
  ...casesOfPlaintext('IstioPlaintextRequests', 'istio_requests_total'),
  ...casesOfPlaintext('IstioPlaintextConnections', 'istio_tcp_connections_opened_total'),
  { about: 'less than a quarter of 24 hours is left', alert: WORKLOAD, series: certificate(5 * HOUR), at: '30m', fires: { labels: POD, value: '5h 0m 0s' } },
  { about: 'more than a quarter is left', alert: WORKLOAD, series: certificate(7 * HOUR), at: '30m' },
  { about: 'for less than 10 minutes', alert: WORKLOAD, series: certificate(5 * HOUR), at: '9m' },
  { about: 'only the root has as little left', alert: WORKLOAD, series: certificate(5 * HOUR, 'ROOTCA'), at: '30m' },
  ...casesOfExpiry('IstioCaCertificateExpiry', 'citadel_server_cert_chain_expiry_timestamp', 14),
  ...casesOfExpiry('IstioRootCertificateExpiry', 'citadel_server_root_cert_expiry_timestamp', 90),
];

const LEGACY = { ...CALL, destination_workload_namespace: 'legacy' };
const CASES_EXCEPT_LEGACY: readonly AlertCase[] = [
  { about: 'plaintext in a namespace that is left out', alert: 'IstioPlaintextRequests', series: counted('istio_requests_total', { ...LEGACY, connection_security_policy: 'none' }), at: '30m' },
  { about: 'plaintext elsewhere', alert: 'IstioPlaintextRequests', series: counted('istio_requests_total', { connection_security_policy: 'none' }), at: '30m', fires: { labels: CALL, value: '1' } },
];

/** A mistake in what is emitted, which a case must tell. */
interface RuleFault {
  readonly about: string;
  readonly make: (rule: EmittedRule) => EmittedRule;
}

const FAULTS: readonly RuleFault[] = [
  { about: 'a comparison is turned round', make: (rule) => ({ ...rule, expr: rule.expr.replace(/[<>](?= \d+$)/, (sign) => (sign === '<' ? '>' : '<')) }) },
  { about: 'a text names a label that there is not', make: (rule) => ({ ...rule, annotations: { ...rule.annotations, summary: rule.annotations.summary.replace(/\{\{ \$labels\.\w+/, '{{ $labels.absent') } }) },
];

export interface AlertOutcome {
  readonly about: string;
  readonly problems: readonly string[];
}

/** The cases, and the faults that they must tell. */
export function alertOutcomes(): Readonly<Record<'cases' | 'faults', readonly AlertOutcome[]>> & { readonly alerts: readonly string[] } {
  const rules = emitted();
  const cases = [...CASES.map((one) => outcomeOf(rules, one)), ...CASES_EXCEPT_LEGACY.map((one) => outcomeOf(emitted(EXCEPT_LEGACY), one))];
  const untested = rules.filter(({ alert }) => !CASES.some((one) => one.alert === alert && one.fires)).map(({ alert }) => ({ about: alert, problems: ['no case has it fire'] }));
  const faults = rules.flatMap((rule) => FAULTS.map(({ about, make }) => {
    const isTold = CASES.some((one) => one.alert === rule.alert && outcomeOf([make(rule)], one).problems.length > 0);
    return { about: `${rule.alert}: ${about}`, problems: isTold ? [] : ['no case tells it'] };
  }));
  return { cases: [...cases, ...untested], faults, alerts: rules.map(({ alert }) => alert) };
}

function emitted(props: MtlsAlertsProps = {}): Rules {
  const { MtlsAlerts } = libraryModule('index');
  const { spec } = new MtlsAlerts(new Chart(new App(), 'monitoring'), 'alerts', props).toJson();
  return spec.groups.flatMap((group: { readonly rules: Rules }) => group.rules);
}

function outcomeOf(rules: Rules, one: AlertCase): AlertOutcome {
  const about = `${one.alert}: ${one.about}`;
  const rule = rules.find(({ alert }) => alert === one.alert);
  return rule ? { about, problems: tested(rules, testOf(rule, one)) } : { about, problems: ['it is not emitted'] };
}

/** A file for promtool with one case. */
function testOf(rule: EmittedRule, { about, alert, series, at, fires }: AlertCase): object {
  const expected = fires && { exp_labels: { ...fires.labels, ...rule.labels }, exp_annotations: filled(rule.annotations, fires) };
  return {
    rule_files: ['rules.json'],
    evaluation_interval: '1m',
    tests: [{
      name: about,
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected ? [expected] : [] }],
    }],
  };
}

/** What is left of a template stands in what is expected, and never in what fires. */
function filled(texts: Readonly<Record<string, string>>, { labels, value }: Filling): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (whole, label: string) => labels[label] ?? whole)
    .replace(/\{\{ \$value \| humanize(?:Duration)? \}\}/g, value)]));
}

function tested(rules: Rules, test: object): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  try {
    writeFileSync(join(folder, 'rules.json'), JSON.stringify({ groups: [{ name: 'alerts', rules }] }));
    writeFileSync(join(folder, 'test.json'), JSON.stringify(test));
    const { status, stdout, stderr, error } = spawnSync(goBinary('promtool'), ['test', 'rules', 'test.json'], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder } });
    if (error) throw error;
    return status === 0 ? [] : [`${stdout}${stderr}`.trim()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
