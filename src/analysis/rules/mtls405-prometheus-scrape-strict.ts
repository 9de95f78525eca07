import { shown } from '../../findings/safe-text';
import { addTo } from '../../mesh/collections';
import { MeshObject } from '../../mesh/inventory/object';
import { MERGE_METRICS, mergesMetrics, scrapedPorts } from '../../mesh/workloads/metrics';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { podField } from '../fields';
import { Found } from '../mesh-finding';
import { removingAt } from '../remedies';
import { Rule } from '../rule';
import { portText, workloadsText } from '../texts';

const BY_CONFIG = 'enablePrometheusMerge';

export const prometheusScrapeStrict: Rule = {
  code: 'MTLS405',
  name: 'prometheus-scrape-strict',
  severity: 'warning',
  title: 'Prometheus scrapes a STRICT port, but the sidecar doesn\'t merge the metrics',
  reads: ['ConfigMap', 'workload'],
  * find(evidence: Evidence) {
    const byConfig = new Map<MeshObject, Workload[]>();
    for (const workload of evidence.mesh.workloads) {
      if (strictPort(evidence, workload) === undefined) continue;
      const own = mergesMetrics(workload);
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
  const place = podField(workload, 'metadata', 'annotations', MERGE_METRICS);
  const actual = shown(workload.annotations[MERGE_METRICS]);
  return { ...found(evidence, [workload], MERGE_METRICS), ...place, actual, remedies: [removingAt(place)] };
}

/** @param setting the setting that prevents merging the metrics */
function found(evidence: Evidence, workloads: readonly Workload[], setting: string): Omit<Found, 'object' | 'field' | 'actual'> {
  const [first] = workloads;
  const port = strictPort(evidence, first)!;
  return {
    expected: 'merged metrics, the default',
    because: `annotations make Prometheus scrape ${workloadsText(workloads)} in plaintext, `
      + `but ${portText(first, port, evidence.receiverAt(first, port))}`,
    fix: `remove ${setting}, so that the sidecar's agent serves the metrics on port 15020 without mutual TLS`,
  };
}

/** A STRICT port that annotations make Prometheus scrape in plaintext. */
function strictPort(evidence: Evidence, workload: Workload): number | undefined {
  return scrapedPorts(workload).find((number) => evidence.receiverAt(workload, number).mode === 'STRICT');
}
