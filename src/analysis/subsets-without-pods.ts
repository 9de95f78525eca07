import { Evidence } from './evidence';
import { hostOf } from './subsets';
import { goesByGiven } from '../mesh/names/given-labels';
import { Labels, selects } from '../mesh/names/selector';
import { MeshObject } from '../mesh/objects/mesh-object';
import { labelsOf, Shape, shapes } from '../mesh/objects/shape';
import { Endpoint } from '../mesh/services/endpoint';

/** A subset of a DestinationRule that selects none of its service's servers. */
export interface SubsetWithoutPods {
  readonly subset: Shape;
  /** Its place in the rule. */
  readonly number: number;
  readonly host: string;
  readonly labels: Labels;
  /** The servers that the service has. */
  readonly servers: readonly Endpoint[];
}

/** Those of one rule; none where the manifests don't hold all servers of the host. */
export function subsetsWithoutPods(evidence: Evidence, rule: MeshObject): readonly SubsetWithoutPods[] {
  const host = hostOf(rule);
  return shapes(rule.spec.subsets).flatMap((subset, number) => {
    const labels = labelsOf(subset.labels);
    if (selectsAny(evidence, host, labels)) return [];
    const servers = serversOf(evidence, host);
    return servers.length === 0 ? [] : [{ subset, number, host, labels, servers }];
  });
}

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
  if (registry.byHost.get(host)?.some(({ namespace }) => view.mayHoldMoreServers(namespace))) return [];
  const byServer = new Map<object | undefined, Endpoint>();
  for (const endpoint of endpointsOf(evidence, host)) {
    const server = endpoint.workload ?? endpoint.machine?.entry;
    if (!byServer.has(server)) byServer.set(server, endpoint);
  }
  return byServer.has(undefined) ? [] : [...byServer.values()];
}
