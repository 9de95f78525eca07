import { callsQuery, measuredWindow, PARTS, POD_NAMES, refusedQuery } from '../../src/migration/calls-query';
import { errorsIn, textsOf } from '../support/documents/promql';

const window = (text: string) => measuredWindow(text)!;
const QUERIES: readonly [string, string][] = ['1h', '25h', '7d', '2w', '90d'].flatMap((text): [string, string][] => [
  [`of calls in ${text}`, callsQuery(window(text))], [`of refusals in ${text}`, refusedQuery(window(text))],
]);

/** The metrics of Istio's stats filter, source/extensions/filters/http/istio_stats/istio_stats.cc in istio/proxy, and of Envoy. */
const METRICS = [
  'envoy_listener_no_filter_chain_match', 'istio_build', 'istio_request_messages_total', 'istio_requests_total', 'istio_response_messages_total',
  'istio_tcp_connections_closed_total', 'istio_tcp_connections_opened_total',
];
const LABELS = [
  'component', 'connection_security_policy', 'destination_service', 'destination_service_name', 'destination_workload', 'destination_workload_namespace',
  'reporter', 'response_flags', 'source_workload', 'source_workload_namespace',
];
/** The labels that Istio's Prometheus samples and PodMonitor add, and those that the queries add. */
const OF_SCRAPES = ['namespace', 'pod'];
const OWN = ['workload'];

test.each(QUERIES)('the query %s is valid PromQL', (_, query) => {
  expect(errorsIn(query)).toEqual([]);
});

test.each(QUERIES)('the query %s uses existing metrics and labels', (_, query) => {
  expect(textsOf(query, 'Identifier').filter((name) => !METRICS.includes(name))).toEqual([]);
  expect(textsOf(query, 'LabelName').filter((name) => ![...LABELS, ...OF_SCRAPES, ...OWN].includes(name))).toEqual([]);
  expect(textsOf(query, 'Identifier')).not.toEqual([]);
  expect(textsOf(query, 'LabelName')).not.toEqual([]);
});

test('the query of calls uses its window throughout, and labels each sample with it', () => {
  const query = callsQuery(window('7d'));
  expect(textsOf(query, 'NumberDurationLiteralInDurationContext')).toEqual(['5m', '7d']);
  expect(query).toMatch(/\/ 2016,/);
  expect(query.trimEnd()).toMatch(/"window", "7d", "", ""\)$/);
  expect(query.match(/^label_replace\(/gm)).toHaveLength(1);
});

test('the query of calls counts requests without mutual TLS, as servers report them', () => {
  const query = callsQuery(window('25h'));
  const matchers = [...query.matchAll(/istio_(?!build|mtls)\w+(\{[^}]*\})?/g)].map(([, one]) => one);
  expect(new Set(matchers)).toEqual(new Set(['{reporter="destination", connection_security_policy!="mutual_tls"}']));
  expect(Object.values(PARTS).filter((part) => !query.includes(`"istio_mtls", "${part}"`))).toEqual([]);
});

test.each([
  ['Deployment', 'web-6d4cf56db6-x7x2v', 'web'], ['Deployment', 'my-web-7f9c7d8b5-abcde', 'my-web'], ['Rollout', 'web-54cc7f9d6-zzzzz', 'web'],
  ['DaemonSet', 'agent-4x8tz', 'agent'], ['ReplicaSet', 'web-4x8tz', 'web'], ['StatefulSet', 'db-0', 'db'], ['StatefulSet', 'my-db-12', 'my-db'], ['Pod', 'one', 'one'],
  ['Deployment', 'web-4x8tz', undefined], ['StatefulSet', 'db-x', undefined],
])('the workload of a %s pod %s is %p', (kind, pod, workload) => {
  const { pattern } = POD_NAMES.find(({ kinds }) => kinds.includes(kind))!;
  expect(new RegExp(`^(?:${pattern})$`).exec(pod)?.[1]).toBe(workload);
});
