import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { grouped } from '../../mesh/collections';
import { Evidence } from '../evidence';
import { Scrape, scrapesOf } from '../outside';
import { makePermissive } from '../remedies';
import { Rule } from '../rule';
import { portText, workloadsText } from '../texts';

export const monitorStrict: Rule = {
  code: 'MTLS407',
  name: 'monitor-strict',
  severity: 'warning',
  title: 'A ServiceMonitor or PodMonitor makes Prometheus scrape a STRICT port in plaintext',
  reads: ['PodMonitor', 'Service', 'ServiceMonitor'],
  * find(evidence: Evidence) {
    for (const scrapes of strictScrapes(evidence)) {
      const [[{ at, workload, port }], workloads] = [scrapes, scrapes.map((scrape) => scrape.workload)];
      yield {
        ...at,
        actual: shown(valueAt(at.object.source, at.field)),
        expected: 'a port that accepts plaintext, or scheme: https with mesh certificates',
        because: `Prometheus scrapes ${workloadsText(workloads)} without a mesh certificate, `
          + `but ${portText(workload, port, evidence.receiverAt(workload, port))}`,
        fix: `${makePermissive(evidence, workloads, [port])}, or scrape port 15020 of the sidecars, which serves merged metrics`,
      };
    }
  },
};

/** The STRICT ports, by monitor and endpoint. */
function strictScrapes(evidence: Evidence): Iterable<readonly Scrape[]> {
  const strict = scrapesOf(evidence).filter(({ workload, port }) => evidence.receiverAt(workload, port).mode === 'STRICT');
  return grouped(strict, ({ at }) => at).values();
}
