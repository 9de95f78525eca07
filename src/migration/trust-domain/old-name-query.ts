/**
 * The query of Prometheus for calls of the last hour in which a client or a server had a certificate of a trust domain: counters of servers' proxies
 * that grew, or appeared, by who called whom. Nothing is found where all have another one.
 */
export function oldNameQuery(trustDomain: string): string {
  const principals = `spiffe://${trustDomain.replaceAll('.', '\\\\.')}/.*`;
  const selected = ['istio_requests_total', 'istio_tcp_connections_opened_total'].flatMap((metric) => ['source_principal', 'destination_principal']
    .map((label) => `${metric}{reporter="destination", ${label}=~"${principals}"}`));
  return [
    'group by (source_workload_namespace, source_workload, destination_workload_namespace, destination_workload) (',
    ...selected.map((selector, index) => `  ${index > 0 ? 'or ' : ''}increase(${selector}[1h]) > 0 or (${selector} unless ${selector} offset 1h)`),
    ')',
  ].join('\n');
}
