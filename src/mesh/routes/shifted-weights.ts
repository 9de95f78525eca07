import { Mapping, mapping, mappings, text, texts } from '../../manifests/mapping';
import { addTo } from '../collections';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';

/**
 * The rules of a VirtualService between whose destinations a Rollout shifts
 * weights. For HTTP, only those with a name, if the Rollout names any.
 */
interface Shift {
  readonly names: ReadonlySet<string>;
  readonly others: boolean;
}

/** VirtualServices whose weights Argo Rollouts changes: destinations with weight 0 in the manifests are called too. */
export class ShiftedWeights {
  static of(objects: Inventory): ShiftedWeights {
    const shifts = new Map<string, Shift[]>();
    for (const { namespace, spec } of objects.of(KIND.Rollout)) {
      const { virtualService, virtualServices } = mapping(mapping(mapping(mapping(spec.strategy).canary).trafficRouting).istio);
      for (const one of [mapping(virtualService), ...mappings(virtualServices)]) {
        const [name, own = namespace] = (text(one.name) ?? '').split('.');
        addTo(shifts, `${own}/${name}`, readShift(one));
      }
    }
    return new ShiftedWeights(shifts);
  }

  private constructor(private readonly shifts: ReadonlyMap<string, readonly Shift[]>) {}

  /** A VirtualService's spec, with a nonzero weight for each destination of the Rollout. */
  specOf(object: MeshObject): Mapping {
    const { spec } = object;
    const shifts = this.shifts.get(`${object.namespace}/${object.name}`);
    if (!shifts) return spec;
    const isNamed = ({ name }: Mapping): boolean => (
      shifts.some(({ names, others }) => (names.size > 0 ? names.has(text(name) ?? '') : others)));
    const isOther = (): boolean => shifts.some(({ others }) => others);
    return { ...spec, http: weighted(spec.http, isNamed), tcp: weighted(spec.tcp, isOther), tls: weighted(spec.tls, isOther) };
  }
}

function readShift({ routes, tcpRoutes, tlsRoutes }: Mapping): Shift {
  const names = new Set(texts(routes));
  return { names, others: names.size === 0 || mappings(tcpRoutes).length > 0 || mappings(tlsRoutes).length > 0 };
}

/** The rules, with a nonzero weight for each destination between which it is shifted. */
function weighted(rules: unknown, isShifted: (rule: Mapping) => boolean): readonly Mapping[] {
  const shared = (route: unknown): readonly Mapping[] => (
    mappings(route).map((destination) => ({ ...destination, weight: destination.weight || 1 })));
  return mappings(rules).map((rule) => (isShifted(rule) ? { ...rule, route: shared(rule.route) } : rule));
}
