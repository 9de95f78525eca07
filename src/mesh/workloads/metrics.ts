import { Workload } from './workload';
import { booleanText, integer } from '../../manifests/mapping';

/** The annotation by which pods ask the sidecar's agent to hand out their metrics with its own. */
export const MERGE_METRICS = 'prometheus.istio.io/merge-metrics';

/** Whether a workload has its metrics merged; undefined: the mesh config says. */
export function mergesMetrics({ annotations }: Workload): boolean | undefined {
  return booleanText(annotations[MERGE_METRICS]);
}

/** The ports that annotations ask Prometheus to scrape, without TLS. */
export function scrapedPorts({ annotations, ports }: Workload): readonly number[] {
  if (annotations['prometheus.io/scrape'] !== 'true' || annotations['prometheus.io/scheme'] === 'https') return [];
  const port = integer(annotations['prometheus.io/port']);
  return port === undefined ? ports.filter(({ protocol }) => protocol === 'TCP').map(({ number }) => number) : [port];
}
