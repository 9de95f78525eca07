import { Evidence } from './evidence';
import { UndefinedDestination } from './subsets';
import { MeshObject } from '../mesh/inventory/object';
import { ExportTo } from '../mesh/names/export-to';
import { goesByGiven, Labels, selects } from '../mesh/names/labels';
import { DestinationRule, RuleSubset } from '../mesh/policies/destination-rule';
import { Endpoint } from '../mesh/services/endpoint';

/** A destination with an undefined subset, and a DestinationRule for its host that should define it. */
export interface UndefinedSubset {
  readonly destination: UndefinedDestination;
  readonly rule: DestinationRule;
  /** The subsets that its host has. */
  readonly names: ReadonlySet<string>;
}

/**
 * The destinations whose subset no DestinationRule in the manifests defines, although there is one for the
 * exact host. Workloads aren't needed to know that. If the path of calls is known, the model says more.
 */
export function undefinedSubsets(evidence: Evidence): readonly UndefinedSubset[] {
  const { subsets } = evidence;
  const rules = new Map<string, DestinationRule | undefined>();
  const candidates = subsets.undefinedDestinations.flatMap((destination) => {
    const { object, host } = destination;
    const known = subsets.of(host)!;
    const audience = `${object.namespace} ${host}`;
    if (!rules.has(audience)) rules.set(audience, known.rules.find((one) => isFor(one, object, evidence)));
    const rule = rules.get(audience);
    return rule && !isPartial(evidence, [object, rule.object], host) ? [{ destination, rule, names: known.names }] : [];
  });
  return withoutCalls(evidence, candidates, ({ destination }) => destination);
}

/** The destinations with a subset whose host has no DestinationRule at all, unless a call is known to fail. */
export function unruledSubsets(evidence: Evidence): readonly UndefinedDestination[] {
  const candidates = evidence.subsets.unruledDestinations.filter(({ object, host }) => !isPartial(evidence, [object], host));
  return withoutCalls(evidence, candidates, (destination) => destination);
}

/** The destinations without a known path of calls; for the others the model says more. */
function withoutCalls<T>(
  evidence: Evidence, candidates: readonly T[], destinationOf: (candidate: T) => UndefinedDestination,
): readonly T[] {
  if (candidates.length === 0) return candidates;
  const called = new Set(evidence.hops.map(({ hop: { route, target } }) => route && key(route.object, target, target.mirrored)));
  return candidates.filter((candidate) => {
    const destination = destinationOf(candidate);
    return !called.has(key(destination.object, destination, destination.isMirror));
  });
}

/** Whether a rule applies to all clients in a VirtualService's namespace. */
function isFor({ object, exportTo, workloadSelector }: DestinationRule, route: MeshObject, evidence: Evidence): boolean {
  return !workloadSelector && evidence.planesReading(route).some((plane) =>
    plane.reads(object)
      && ExportTo.of([...exportTo], object.namespace, plane.config.defaultDestinationRuleExportTo).isVisibleTo(route.namespace));
}

/** Whether the defining rule may be in a namespace that the manifests contain only partly. */
function isPartial({ mesh: { coverage }, planes }: Evidence, objects: readonly MeshObject[], host: string): boolean {
  const [, namespace] = host.split('.');
  const roots = [...planes.keys()].map(({ config }) => config.rootNamespace);
  return [...objects.map((object) => object.namespace), namespace, ...roots].some((one) => one !== undefined && coverage.isPartial(one));
}

function key(
  { namespace, name }: MeshObject, { host, subset }: { readonly host: string; readonly subset?: string }, isMirror = false,
): string {
  return `${namespace}/${name} ${host} ${subset} ${isMirror ? 'mirrored' : ''}`;
}

/** A subset of a DestinationRule that selects none of its service's servers. */
interface SubsetWithoutPods {
  readonly subset: RuleSubset;
  /** The servers that the service has. */
  readonly servers: readonly Endpoint[];
}

/** Such subsets of a rule; empty if the manifests don't contain all servers of the host. */
export function subsetsWithoutPods(evidence: Evidence, { host, subsets }: DestinationRule): readonly SubsetWithoutPods[] {
  return subsets.flatMap((subset) => {
    if (selectsAny(evidence, host, subset.labels)) return [];
    const servers = serversOf(evidence, host);
    return servers.length === 0 ? [] : [{ subset, servers }];
  });
}

function endpointsOf({ mesh: { registry } }: Evidence, host: string): readonly Endpoint[] {
  return (registry.byHost.get(host) ?? []).flatMap((service) => service.ports.flatMap((port) => registry.endpointsOf(service, port)));
}

/** Whether a subset has servers, or may have some with unknown labels. */
function selectsAny(evidence: Evidence, host: string, labels: Labels): boolean {
  const { registry } = evidence.mesh;
  const isSelected = (server: Endpoint): boolean => selects(labels, server.labels);
  return (registry.byHost.get(host) ?? []).some((service) => (
    service.ports.some((port) => registry.endpointsOf(service, port).some(isSelected))))
    || goesByGiven(labels);
}

/** The servers of a host, each once; empty if the manifests don't contain all of them. */
function serversOf(evidence: Evidence, host: string): readonly Endpoint[] {
  const { registry, coverage } = evidence.mesh;
  if (registry.byHost.get(host)?.some(({ namespace }) => coverage.mayHoldMoreServers(namespace))) return [];
  const byServer = new Map<object | undefined, Endpoint>();
  for (const endpoint of endpointsOf(evidence, host)) {
    const server = endpoint.workload ?? endpoint.machine?.entry;
    if (!byServer.has(server)) byServer.set(server, endpoint);
  }
  return byServer.has(undefined) ? [] : [...byServer.values()];
}
