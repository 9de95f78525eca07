import { shown } from '../../findings/shown';
import { goesByGiven } from '../../mesh/names/given-labels';
import { fullHost } from '../../mesh/names/hosts';
import { Labels, selects } from '../../mesh/names/selector';
import { objectText } from '../../mesh/objects/mesh-object';
import { labelsOf, shapes, text } from '../../mesh/objects/shape';
import { Endpoint } from '../../mesh/services/endpoint';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const subsetWithoutPods: Rule = {
  code: 'MTLS310',
  name: 'subset-without-pods',
  severity: 'warning',
  title: 'A subset selects none of its service\'s workloads',
  * find(evidence: Evidence) {
    for (const object of evidence.objects('DestinationRule')) {
      const host = fullHost(text(object.spec.host) ?? '', object.namespace);
      for (const [number, subset] of shapes(object.spec.subsets).entries()) {
        const labels = labelsOf(subset.labels);
        if (selectsAny(evidence, host, labels)) continue;
        const servers = serversOf(evidence, host);
        if (servers.length === 0) continue;
        const [{ workload, machine }] = servers;
        yield {
          object,
          field: ['spec', 'subsets', number, 'labels'],
          actual: shown(labels),
          expected: `labels that a workload of ${host} has${valuesText(labels, servers)}`,
          because: `the subset selects neither ${objectText(workload ?? machine!.entry!)} nor another workload of the service: requests that are routed to it fail with 503`,
          fix: 'correct the labels, or remove the subset with the routes to it',
        };
      }
    }
  },
};

function endpointsOf({ mesh: { registry } }: Evidence, host: string): readonly Endpoint[] {
  return (registry.byHost.get(host) ?? []).flatMap((service) => service.ports.flatMap((port) => registry.endpointsOf(service, port)));
}

/** Whether a subset has servers, or may have some by labels that nobody knows here. */
function selectsAny(evidence: Evidence, host: string, labels: Labels): boolean {
  const { registry } = evidence.mesh;
  const isSelected = (server: Endpoint): boolean => selects(labels, server.labels);
  return (registry.byHost.get(host) ?? []).some((service) => service.ports.some((port) => registry.endpointsOf(service, port).some(isSelected)))
    || goesByGiven(labels);
}

/** The servers of a host, each once; none if the manifests don't hold all of them. */
function serversOf(evidence: Evidence, host: string): readonly Endpoint[] {
  const { registry, view } = evidence.mesh;
  if (registry.byHost.get(host)?.some(({ namespace }) => view.isPartial(namespace))) return [];
  const byServer = new Map<object | undefined, Endpoint>();
  for (const endpoint of endpointsOf(evidence, host)) {
    const server = endpoint.workload ?? endpoint.machine?.entry;
    if (!byServer.has(server)) byServer.set(server, endpoint);
  }
  return byServer.has(undefined) ? [] : [...byServer.values()];
}

/** `; version is v1 or v2`: what the workloads say under the first label that none has so. */
function valuesText(labels: Labels, servers: readonly Endpoint[]): string {
  const key = Object.keys(labels).find((name) => !servers.some((server) => server.labels[name] === labels[name]));
  const values = key === undefined ? [] : [...new Set(servers.flatMap((server) => server.labels[key] ?? []))].sort();
  return values.length === 0 ? '' : `; ${key} is ${values.slice(0, 5).join(' or ')}`;
}
