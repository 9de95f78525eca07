import { shown } from '../../findings/shown';
import { addTo } from '../../mesh/inventory/collections';
import { booleanText, integer } from '../../mesh/inventory/mapping';
import { MeshObject } from '../../mesh/inventory/object';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { podField } from '../fields';
import { Found } from '../mesh-finding';
import { removingAt } from '../remedies';
import { Rule } from '../rule';
import { portText, workloadsText } from '../texts';

const MERGE = 'prometheus.istio.io/merge-metrics';
const BY_CONFIG = 'enablePrometheusMerge';

export const prometheusScrapeStrict: Rule = {
  code: 'MTLS405',
  name: 'prometheus-scrape-strict',
  severity: 'warning',
  title: 'Prometheus is to scrape a STRICT port, and the sidecar doesn\'t merge the metrics',
  reads: ['ConfigMap', 'workload'],
  * find(evidence: Evidence) {
    const byConfig = new Map<MeshObject, Workload[]>();
    for (const workload of evidence.mesh.workloads) {
      if (strictPort(evidence, workload) === undefined) continue;
      const own = booleanText(workload.annotations[MERGE]);
      const { enablePrometheusMerge, object } = evidence.planeOf(workload).config;
      if (own === false) yield ofPods(evidence, workload);
      else if (own === undefined && !enablePrometheusMerge) addTo(byConfig, object!, workload);
    }
    for (const [object, workloads] of byConfig) {
      yield { ...found(evidence, workloads, BY_CONFIG), object, field: ['data', 'mesh'], actual: `${BY_CONFIG}: false` };
    }
  },
};

function ofPods(evidence: Evidence, workload: Workload): Found {
  const place = podField(workload, 'metadata', 'annotations', MERGE);
  return { ...found(evidence, [workload], MERGE), ...place, actual: shown(workload.annotations[MERGE]), remedies: [removingAt(place)] };
}

/** @param setting what keeps the metrics apart */
function found(evidence: Evidence, workloads: readonly Workload[], setting: string): Omit<Found, 'object' | 'field' | 'actual'> {
  const [first] = workloads;
  const port = strictPort(evidence, first)!;
  return {
    expected: 'merged metrics, the default',
    because: `annotations ask Prometheus to scrape ${workloadsText(workloads)} in plaintext, and ${portText(first, port, evidence.serverPort(first, port))}`,
    fix: `leave ${setting} out, and the sidecar's agent hands the metrics out on port 15020, without mutual TLS`,
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
