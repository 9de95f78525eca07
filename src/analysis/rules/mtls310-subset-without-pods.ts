import { shown } from '../../findings/safe-text';
import { within } from '../../mesh/inventory/field-ref';
import { objectText } from '../../mesh/inventory/object';
import { Labels } from '../../mesh/names/labels';
import { Endpoint } from '../../mesh/services/endpoint';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { subsetsWithoutPods } from '../subset-mistakes';

export const subsetWithoutPods: Rule = {
  code: 'MTLS310',
  name: 'subset-without-pods',
  severity: 'warning',
  title: 'A subset selects no workload of its service',
  reads: ['DestinationRule', 'VirtualService'],
  * find(evidence: Evidence) {
    for (const rule of evidence.destinationRules) {
      const { host } = rule;
      for (const { subset: { at, name, labels }, servers } of subsetsWithoutPods(evidence, rule)) {
        const isRouted = evidence.subsets.of(host)?.used.get(name) ?? false;
        const isToCome = !isRouted && hasEachKey(servers, labels);
        const [{ workload, machine }] = servers;
        yield {
          ...within(at, 'labels'),
          severity: isToCome ? 'info' : 'warning',
          actual: shown(labels),
          expected: `labels that a workload of ${host} has${valuesText(labels, servers)}`,
          because: `the subset selects neither ${objectText(workload ?? machine!.entry!)} nor another workload of the service: `
            + 'requests routed to it fail with 503'
            + (isToCome ? '; no VirtualService here routes to it yet' : ''),
          fix: isToCome
            ? 'correct the labels, unless the workload is yet to be added'
            : 'correct the labels, or remove the subset and the routes to it',
        };
      }
    }
  },
};

/** Whether some workload of the service has all keys, and only needs another value. */
function hasEachKey(servers: readonly Endpoint[], labels: Labels): boolean {
  return Object.keys(labels).every((key) => servers.some((server) => server.labels[key] !== undefined));
}

/** `; version is v1 or v2`: the workloads' values of the first label that none of them matches. */
function valuesText(labels: Labels, servers: readonly Endpoint[]): string {
  const key = Object.keys(labels).find((name) => !servers.some((server) => server.labels[name] === labels[name]));
  const values = key === undefined ? [] : [...new Set(servers.flatMap((server) => server.labels[key] ?? []))].sort();
  return values.length === 0 ? '' : `; ${key} is ${values.slice(0, 5).join(' or ')}`;
}
