/** A made-up response of Prometheus to the query of `istio-mtls queries plaintext`. */
export interface Answer {
  readonly window?: string;
  /** In seconds since 1970. */
  readonly at?: number;
  /** `shop/web → shop/ratings`, `unknown → shop/ratings`, with `via NAME` for the service's name in the metrics. */
  readonly calls?: readonly string[];
  /** Which part of the window proxies were scraped, by kind, namespace and name: `Deployment shop/web`. */
  readonly scraped?: Readonly<Record<string, number>>;
}

/** Shortly before the day that tests take for today begins. */
export const MEASURED_AT = Date.UTC(2025, 11, 31, 21) / 1_000;

const ENDINGS: Readonly<Record<string, string>> = { Deployment: 'hash', DaemonSet: 'random', StatefulSet: 'ordinal', Pod: 'none' };

/** The answer as the HTTP API's JSON, as an object. */
export function prometheusAnswer({ window = '25h', at = MEASURED_AT, calls = [], scraped = {} }: Answer = {}): any {
  const sample = (labels: Record<string, string>, value = 1) => ({ metric: { ...labels, window }, value: [at, String(value)] });
  const result = [
    sample({ istio_mtls: 'query-1' }),
    ...calls.map((call) => {
      const [, source, destination, service] = /^(\S+) → (\S+?)(?: via (\S+))?$/.exec(call)!;
      const [sourceNamespace, sourceName = sourceNamespace] = source.split('/');
      const [namespace, name] = destination.split('/');
      return sample({
        istio_mtls: 'call',
        source_workload: sourceName,
        source_workload_namespace: sourceNamespace,
        destination_workload: name,
        destination_workload_namespace: namespace,
        destination_service_name: service ?? name,
      });
    }),
    ...Object.entries(scraped).map(([server, part]) => {
      const [kind, namespace, workload] = server.split(/[ /]/);
      return sample({ istio_mtls: 'proxy', pods: ENDINGS[kind], namespace, workload }, part);
    }),
  ];
  return { status: 'success', data: { resultType: 'vector', result } };
}
