import { shown } from '../../findings/shown';
import { addTo } from '../../mesh/grouped';
import { objectText } from '../../mesh/objects/mesh-object';
import { booleanText, integer } from '../../mesh/objects/shape';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { removing } from '../field-changes';
import { policyText } from '../modes';
import { podField } from '../pod-field';
import { Found, Rule } from '../rule';
import { workloadsText } from '../workloads-text';

const MERGE = 'prometheus.istio.io/merge-metrics';

export const prometheusScrapeStrict: Rule = {
  code: 'MTLS405',
  name: 'prometheus-scrape-strict',
  severity: 'warning',
  title: 'Prometheus is to scrape a STRICT port, and the sidecar doesn\'t merge the metrics',
  * find(evidence: Evidence) {
    const byConfig = new Map<Found['object'], Workload[]>();
    for (const workload of evidence.mesh.workloads) {
      if (strictPort(evidence, workload) === undefined) continue;
      const own = booleanText(workload.annotations[MERGE]);
      const { enablePrometheusMerge, object } = evidence.planeOf(workload).config;
      if (own === false) yield found(evidence, [workload], workload.object);
      else if (own === undefined && !enablePrometheusMerge) addTo(byConfig, object!, workload);
    }
    for (const [object, workloads] of byConfig) yield found(evidence, workloads, object);
  },
};

function found(evidence: Evidence, workloads: readonly Workload[], object: Found['object']): Found {
  const [first] = workloads;
  const port = strictPort(evidence, first)!;
  const own = object === first.object;
  return {
    object,
    field: own ? podField(first, 'metadata', 'annotations', MERGE) : ['data', 'mesh'],
    actual: own ? shown(first.annotations[MERGE]) : 'enablePrometheusMerge: false',
    expected: 'merged metrics, the default',
    because: `annotations ask Prometheus to scrape ${workloadsText(workloads)} in plaintext, and port ${port} of ${objectText(first)} is STRICT${policyText(evidence.serverPort(first, port).enforced!)}`,
    remedies: own ? [removing(object, podField(first, 'metadata', 'annotations', MERGE))] : [],
    fix: `leave ${own ? MERGE : 'enablePrometheusMerge'} out, and the sidecar's agent hands the metrics out on port 15020, without mutual TLS`,
  };
}

/** A STRICT port that annotations ask Prometheus to scrape, without TLS. */
function strictPort(evidence: Evidence, workload: Workload): number | undefined {
  const { annotations, ports } = workload;
  if (annotations['prometheus.io/scrape'] !== 'true' || annotations['prometheus.io/scheme'] === 'https') return undefined;
  const port = integer(annotations['prometheus.io/port']);
  const scraped = port === undefined ? ports.filter(({ protocol }) => protocol === 'TCP').map(({ number }) => number) : [port];
  return scraped.find((number) => evidence.serverPort(workload, number).mode === 'STRICT');
}
