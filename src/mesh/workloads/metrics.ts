import { Workload } from './workload';
import { booleanText, integer } from '../../manifests/mapping';

/** The annotation with which pods have the sidecar's agent serve their metrics with its own. */
export const MERGE_METRICS = 'prometheus.istio.io/merge-metrics';

/** Whether a workload has its metrics merged; undefined: the mesh config says. */
export function mergesMetrics({ annotations }: Workload): boolean | undefined {
  return booleanText(annotations[MERGE_METRICS]);
}

/** The ports that annotations make Prometheus scrape, without TLS. */
export function scrapedPorts({ annotations, ports }: Workload): readonly number[] {
  if (annotations['prometheus.io/scrape'] !== 'true' || annotations['prometheus.io/scheme'] === 'https') return [];
  const port = integer(annotations['prometheus.io/port']);
  return port === undefined ? ports.filter(({ protocol }) => protocol === 'TCP').map(({ number }) => number) : [port];
}
