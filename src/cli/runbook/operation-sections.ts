import { RunbookContext } from './focus';
import { isDnsName, logsOf, podNamesOf } from './pod-names';
import { list, promql, Section, shell } from '../output/markdown';

/** The logs of istiod and sidecars, and what to look for in them. */
export function logs({ focus: { proxies }, istiodNamespace, istiods }: RunbookContext): Section {
  const [proxy] = proxies;
  return {
    title: 'Logs',
    blocks: [
      'istiod is the CA and the source of all configuration; its components were formerly called Citadel and Pilot:',
      shell(...istiods.map((istiod) => `${logsOf(istiod, istiodNamespace)} --since=1h | grep -E 'CSR signing error|failed to|error|warn'`)),
      list(
        '`CSR signing error`: proxies get no certificates; the rest of the line gives the reason.',
        '`failed to create an istiod CA`: the files of `cacerts` don\'t match, and istiod doesn\'t start.',
        '`Push Status`: what istiod pushed, and conflicting objects.',
      ),
      ...proxy ? [
        'A sidecar. Its agent gets the certificates, its Envoy makes the connections:',
        shell(
          `kubectl logs ${podNamesOf(proxy)!.kubectl} -c istio-proxy --since=1h | grep -E 'workload certificate|trust `
            + 'anchor|failed to sign|TLS_error|error\'',
          `istioctl proxy-config log ${podNamesOf(proxy)!.istioctl} --level connection:debug`,
          `istioctl proxy-config log ${podNamesOf(proxy)!.istioctl} --reset`,
        ),
        list(
          '`generated new workload certificate`: every few hours, with the lifetime of each certificate.',
          '`failed to sign`: istiod can\'t be reached or rejects the request; the current certificate will expire.',
          '`TLS_error` in an access log (`meshConfig.accessLogFile: /dev/stdout` enables it) with the flag `UF`: the handshake failed. '
            + 'With `connection:debug`, both sides log the reason.',
        ),
      ] : [],
    ],
  };
}

/** istioctl's own checks, and what to send with a request for help. */
export function istioctlTools({ istiodNamespace, focus: { namespaces }, workload }: RunbookContext): Section {
  const looked = workload ? [workload.namespace] : namespaces.slice(0, 3).map(({ namespace }) => namespace);
  const included = looked.filter((namespace) => namespace !== istiodNamespace && isDnsName(namespace));
  return {
    title: 'istioctl\'s own checks',
    blocks: [
      'Whether each proxy has the latest configuration (SYNCED), what `analyze` reports (not the outcomes of connections), '
        + 'and which versions run:',
      shell('istioctl proxy-status', `istioctl analyze ${workload ? `-n ${workload.namespace}` : '--all-namespaces'}`,
        'istioctl version --short=false'),
      'Logs and configuration in one archive, to pass on to support. Secrets are left out unless `--full-secrets` is given:',
      shell(`istioctl bug-report --include ${[istiodNamespace, ...included].join(',')} --duration 1h`),
    ],
  };
}

const BY_WORKLOADS = 'source_workload_namespace, source_workload, destination_workload_namespace, destination_workload';

/** The share of mutual TLS, who still sends plaintext, and when certificates expire. */
export function metrics({ workload }: RunbookContext): Section {
  const server = workload ? `,destination_workload_namespace="${workload.namespace}",destination_workload="${workload.name}"` : '';
  const counted = (metric: string, more = ''): string => `${metric}{reporter="destination"${server}${more}}`;
  const rateBy = (labels: string, what: string): string => `sum by (${labels}) (rate(${what}[5m]))`;
  const share = (metric: string): string => [counted(metric, ',connection_security_policy="mutual_tls"'), counted(metric)]
    .map((what) => rateBy('destination_workload_namespace', what)).join('\n  / ');
  const senders = (metric: string): string => `${rateBy(BY_WORKLOADS, counted(metric, ',connection_security_policy="none"'))} > 0`;
  const ofPods = workload ? `,namespace="${workload.namespace}",pod=~"${workload.name}-.*"` : '';
  return {
    title: 'Metrics',
    blocks: [
      'For Prometheus, from the metrics of the server\'s sidecars. The share of mutual TLS in HTTP requests and in TCP connections:',
      promql(share('istio_requests_total')),
      promql(share('istio_tcp_connections_opened_total')),
      'Callers that still send plaintext. A caller without a sidecar is `unknown`:',
      promql(senders('istio_requests_total')),
      promql(senders('istio_tcp_connections_opened_total')),
      'Seconds until certificates expire: those of workloads (renewed after half of their lifetime), the one that '
        + 'istiod signs with, and the root:',
      promql(`min by (namespace, pod) (istio_agent_cert_expiry_seconds{resource_name="default"${ofPods}})`),
      promql('min(citadel_server_cert_chain_expiry_timestamp) - time()'),
      promql('min(citadel_server_root_cert_expiry_timestamp) - time()'),
      'Certificates that istiod issued, and requests that it rejected:',
      promql('sum(rate(citadel_server_success_cert_issuance_count[5m]))'),
      promql('sum by (error) (rate(citadel_server_csr_sign_err_count[5m]))'),
    ],
  };
}
