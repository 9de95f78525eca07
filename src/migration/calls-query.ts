/** The window in which calls were measured. */
export interface MeasuredWindow {
  /** `25h`: a duration of PromQL. */
  readonly text: string;
  readonly seconds: number;
}

/** A little more than a day: it covers nightly jobs, even if they start a little later. */
export const DEFAULT_WINDOW = '25h';

/** Long enough to see which callers a stage rejects. */
export const DEFAULT_REFUSED_WINDOW = '1h';

const UNITS: Readonly<Record<string, number>> = { h: 3_600, d: 86_400, w: 604_800 };
const LONGEST = 90 * UNITS.d;

/** A window of 1 hour to 90 days, in whole hours, days or weeks; undefined for any other text. */
export function measuredWindow(text: string): MeasuredWindow | undefined {
  const [, count, unit] = /^([1-9]\d{0,3})([hdw])$/.exec(text) ?? [];
  const seconds = Number(count) * UNITS[unit];
  return seconds <= LONGEST ? { text, seconds } : undefined;
}

/** The values of the label `istio_mtls`, which identify the parts of the query's result. */
export const PARTS = { query: 'query-1', call: 'call', proxy: 'proxy' } as const;

/** The suffixes of pod names, by the kind that creates the pods. Other kinds have no measurement. */
export const POD_NAMES: readonly { readonly ending: string; readonly pattern: string; readonly kinds: readonly string[] }[] = [
  { ending: 'hash', pattern: '(.+)-[a-z0-9]{6,10}-[a-z0-9]{5}', kinds: ['Deployment', 'Rollout'] },
  { ending: 'random', pattern: '(.+)-[a-z0-9]{5}', kinds: ['DaemonSet', 'ReplicaSet', 'ReplicationController'] },
  { ending: 'ordinal', pattern: '(.+)-[0-9]+', kinds: ['StatefulSet'] },
  { ending: 'none', pattern: '(.+)', kinds: ['Pod'] },
];

/** How often to check whether a proxy was scraped: Prometheus considers a sample current for as long. */
const STEP_SECONDS = 300;

const CALL_LABELS = ['source_workload', 'source_workload_namespace', 'destination_workload', 'destination_workload_namespace',
  'destination_service_name'];

/** The calls without mutual TLS that a server's proxy counts, including those of unknown security. */
const PLAINTEXT = '{reporter="destination", connection_security_policy!="mutual_tls"}';

/** Requests are counted when they end; gRPC messages during their streams. */
const COUNTERS = [
  'istio_requests_total', 'istio_request_messages_total', 'istio_response_messages_total',
  'istio_tcp_connections_opened_total', 'istio_tcp_connections_closed_total',
].map((name) => `${name}${PLAINTEXT}`);

/** Connections that are open now: they may have been opened long ago, without traffic since. */
const OPEN = `istio_tcp_connections_opened_total${PLAINTEXT}\nunless (istio_tcp_connections_opened_total${PLAINTEXT}\n  <= `
  + `istio_tcp_connections_closed_total${PLAINTEXT})`;

/**
 * The Prometheus query for plaintext callers, and how long each server's
 * proxies were scraped. Its result identifies the query and its window.
 */
export function callsQuery({ text, seconds }: MeasuredWindow): string {
  const calls = [...COUNTERS.flatMap((counter) => [countedIn(text, counter), interruptedIn(text, counter)]), OPEN];
  const parts = [
    labelled('istio_mtls', PARTS.query, 'vector(1)'),
    labelled('istio_mtls', PARTS.call, `group by (${CALL_LABELS.join(', ')}) (\n${indented(calls.join('\nor '))}\n)`),
    ...POD_NAMES.map(({ ending, pattern }) => (
      labelled('istio_mtls', PARTS.proxy, labelled('pods', ending, scraped(pattern, text, seconds / STEP_SECONDS))))),
  ];
  return `${labelled('window', text, parts.join('\nor '))}\n`;
}

/** Failed requests and connections in a client's proxy, which its server ended or never accepted. */
const FAILED = '{reporter="source", response_flags=~".*(UC|UF|URX).*"}';

/**
 * The Prometheus query for rejected callers of STRICT servers. Servers don't count requests that they reject; clients
 * with a sidecar do, and so do servers that export the counter of connections without a matching filter chain.
 */
export function refusedQuery({ text }: MeasuredWindow): string {
  const failed = ['istio_requests_total', 'istio_tcp_connections_closed_total'].map((metric) => countedIn(text, `${metric}${FAILED}`));
  const clients = `group by (source_workload, source_workload_namespace, destination_service) (\n${indented(failed.join('\nor '))}\n)`;
  const servers = `group by (namespace, pod) (\n${indented(countedIn(text, 'envoy_listener_no_filter_chain_match'))}\n)`;
  return `${[labelled('refused', 'client', clients), labelled('refused', 'server', servers)].join('\nor ')}\n`;
}

/**
 * The Prometheus query for calls of the last hour in which a client or a server had a certificate of a trust domain, by client and
 * server. Empty if all have another one.
 */
export function oldNameQuery(trustDomain: string): string {
  const principals = `spiffe://${trustDomain.replaceAll('.', '\\\\.')}/.*`;
  const counted =
    ['istio_requests_total', 'istio_tcp_connections_opened_total'].flatMap((metric) => ['source_principal', 'destination_principal']
      .map((label) => countedIn(DEFAULT_REFUSED_WINDOW, `${metric}{reporter="destination", ${label}=~"${principals}"}`)));
  const labels = ['source_workload_namespace', 'source_workload', 'destination_workload_namespace', 'destination_workload'];
  return `group by (${labels.join(', ')}) (\n${indented(counted.join('\nor '))}\n)`;
}

/** A counter that grew or appeared: the first sample of a series doesn't show its growth. */
function countedIn(window: string, counter: string): string {
  return `increase(${counter}[${window}]) > 0\nor (last_over_time(${counter}[${window}]) > 0\n  unless ${counter} offset ${window})`;
}

/** A counter that wasn't in each scrape of its proxy: after a restart, it may have reached the same number again. */
function interruptedIn(window: string, counter: string): string {
  const scrapes = `max by (namespace, pod) (count_over_time(istio_build{component="proxy"}[${window}]))`;
  return `(count_over_time(${counter}[${window}])\n  < on (namespace, pod) group_left () ${scrapes})`;
}

/** The part of the window in which some proxy of each workload was scraped. */
function scraped(pattern: string, window: string, steps: number): string {
  const proxies = `label_replace(istio_build{component="proxy"}, "workload", "$1", "pod", "${pattern}")`;
  return `count_over_time((group by (namespace, workload) (${proxies}))[${window}:${STEP_SECONDS / 60}m]) / ${steps}`;
}

function labelled(label: string, value: string, vector: string): string {
  return `label_replace(\n${indented(vector)},\n"${label}", "${value}", "", "")`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
