import { Evidence } from './evidence';
import { UndefinedDestination } from './subsets';
import { ExportTo } from '../mesh/names/export-to';
import { MeshObject } from '../mesh/objects/mesh-object';
import { isShape, texts } from '../mesh/objects/shape';

/** A destination whose subset nothing defines, and a DestinationRule for its host that should. */
export interface UndefinedSubset {
  readonly destination: UndefinedDestination;
  readonly rule: MeshObject;
  /** The subsets that its host does have. */
  readonly names: ReadonlySet<string>;
}

/**
 * The destinations with a subset that no DestinationRule of the manifests defines, though there is one for the very
 * host: known without any workload. Where calls are known to go, the model says more.
 */
export function undefinedSubsets(evidence: Evidence): readonly UndefinedSubset[] {
  const { subsets } = evidence;
  const rules = new Map<string, MeshObject | undefined>();
  const candidates = subsets.undefinedDestinations.flatMap((destination) => {
    const { object, host } = destination;
    const known = subsets.of(host)!;
    const audience = `${object.namespace} ${host}`;
    if (!rules.has(audience)) rules.set(audience, known.rules.find((one) => isFor(one, object, evidence)));
    const rule = rules.get(audience);
    return rule && !isPartial(evidence, [object, rule], host) ? [{ destination, rule, names: known.names }] : [];
  });
  if (candidates.length === 0) return candidates;
  const called = new Set(evidence.hops.map(({ hop: { route, target } }) => route && key(route.object, target)));
  return candidates.filter(({ destination }) => destination.isMirror || !called.has(key(destination.object, destination)));
}

/** Whether a rule counts for clients of a VirtualService's namespace, whichever they are. */
function isFor(rule: MeshObject, route: MeshObject, evidence: Evidence): boolean {
  const { spec: { workloadSelector, exportTo }, namespace } = rule;
  return !isShape(workloadSelector) && evidence.planesReading(route).some((plane) =>
    plane.reads(rule) && ExportTo.of(texts(exportTo), namespace, plane.config.defaultDestinationRuleExportTo).isVisibleTo(route.namespace));
}

/** Whether the rule that defines the subset may lie in a namespace that holds more than the manifests do. */
function isPartial({ mesh: { view }, planes }: Evidence, objects: readonly MeshObject[], host: string): boolean {
  const [, namespace] = host.split('.');
  const roots = [...planes.keys()].map(({ config }) => config.rootNamespace);
  return [...objects.map((object) => object.namespace), namespace, ...roots].some((one) => one !== undefined && view.isPartial(one));
}

function key({ namespace, name }: MeshObject, { host, subset }: { readonly host: string; readonly subset?: string }): string {
  return `${namespace}/${name} ${host} ${subset}`;
}
