import { FieldPath } from '../findings/field-path';
import { integer, isMapping, Mapping, mappings, text } from '../mesh/inventory/mapping';
import { MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { HostIndex, fullHost } from '../mesh/names/hosts';
import { readDestination } from '../mesh/routes/route';
import { Aliases } from '../mesh/services/registry';

/** A destination of a VirtualService that sends requests to a subset which no DestinationRule of the manifests defines. */
export interface UndefinedDestination {
  readonly object: MeshObject;
  readonly field: FieldPath;
  /** In full. */
  readonly host: string;
  readonly subset: string;
  /** A copy of a request, whose answer nobody waits for. */
  readonly isMirror: boolean;
}

/** Where a route names a destination. */
interface RouteField {
  readonly kind: 'http' | 'tls' | 'tcp';
  readonly rule: number;
  readonly list: 'route' | 'mirrors' | 'mirror';
  readonly index?: number;
}

/** The DestinationRules of one host as it is written, and the VirtualServices that route to the host or to hosts under it. */
export interface HostSubsets {
  readonly rules: readonly MeshObject[];
  /** The names of all subsets that any of the rules defines. */
  readonly names: ReadonlySet<string>;
  /** The subsets that any route names; whether requests reach them. */
  readonly used: ReadonlyMap<string, boolean>;
  /** The first VirtualService that routes there, with a subset or without. */
  readonly router?: MeshObject;
}

/** What DestinationRules define and VirtualServices name, whoever sees them: no workload or Service needs to be known. */
export class Subsets {
  readonly undefinedDestinations: readonly UndefinedDestination[];
  private readonly aliases: Aliases;
  private readonly byHost = new HostIndex<Growing>();

  constructor({ objects, registry }: Pick<Mesh, 'objects' | 'registry'>) {
    for (const rule of objects.of('DestinationRule')) this.define(rule).rules.push(rule);
    // Of two manifests of one object nobody knows whether both are meant, for two namespaces or clusters.
    for (const { object } of objects.replaced) if (object.kind === 'DestinationRule') this.define(object);
    this.aliases = registry.aliases;
    const isRuled = objects.of('DestinationRule').length > 0; // Else nothing is asked of routes.
    this.undefinedDestinations = isRuled ? objects.of('VirtualService').flatMap((object) => this.readRoutes(object)) : [];
  }

  /** Of the rules for a host as it is written: a wildcard's own, or an exact host's own. */
  of(host: string): HostSubsets | undefined {
    return this.byHost.get(host);
  }

  private define(rule: MeshObject): Growing {
    const host = hostOf(rule);
    let known = this.byHost.get(host);
    if (!known) this.byHost.set(host, known = { rules: [], names: new Set(), used: new Map() });
    for (const { name } of mappings(rule.spec.subsets)) known.names.add(text(name) ?? '');
    return known;
  }

  /** Of several destinations, those of weight 0 get no requests. */
  private readRoutes(object: MeshObject): readonly UndefinedDestination[] {
    const found: UndefinedDestination[] = [];
    const add = (destination: unknown, isReached: boolean, at: RouteField): void => {
      if (isMapping(destination)) found.push(...this.readDestination(destination, object, isReached, at));
    };
    for (const kind of KINDS) {
      mappings(object.spec[kind]).forEach(({ route, mirror, mirrors }, rule) => {
        const routes = mappings(route);
        routes.forEach(({ destination, weight }, index) =>
          add(destination, routes.length === 1 || (integer(weight) ?? 0) > 0, { kind, rule, list: 'route', index }));
        add(mirror, true, { kind, rule, list: 'mirror' });
        mappings(mirrors).forEach(({ destination }, index) => add(destination, true, { kind, rule, list: 'mirrors', index }));
      });
    }
    return found;
  }

  /** The destination, if nothing defines its subset though there are rules for its very host. */
  private readDestination(destination: Mapping, object: MeshObject, isReached: boolean, at: RouteField): readonly UndefinedDestination[] {
    const { host, subset } = readDestination(destination, object);
    const isDefined = this.use(host, object, subset, isReached);
    const target = this.aliases.targetOf(host);
    if (target !== undefined) this.use(target, object, subset, isReached);
    if (subset === undefined || isDefined || !isReached || !this.of(host)) return NONE;
    return [{ object, field: fieldOf(at), host, subset, isMirror: at.list !== 'route' }];
  }

  /** Notes that a route names a host; tells whether any rule for it, or for a wildcard around it, defines the subset. */
  private use(host: string, object: MeshObject, subset: string | undefined, isReached: boolean): boolean {
    let isDefined = false;
    for (const known of this.byHost.covering(host)) {
      known.router ??= object;
      if (subset === undefined) continue;
      known.used.set(subset, isReached || (known.used.get(subset) ?? false));
      isDefined ||= known.names.has(subset);
    }
    return isDefined;
  }
}

const NONE: readonly UndefinedDestination[] = Object.freeze([]);
const KINDS = ['http', 'tls', 'tcp'] as const;

function fieldOf({ kind, rule, list, index }: RouteField): FieldPath {
  return ['spec', kind, rule, list, ...index === undefined ? [] : [index, 'destination']];
}

interface Growing extends HostSubsets {
  readonly rules: MeshObject[];
  readonly names: Set<string>;
  readonly used: Map<string, boolean>;
  router?: MeshObject;
}

/** The host of a DestinationRule, in full. */
export function hostOf(rule: MeshObject): string {
  return fullHost(text(rule.spec.host) ?? '', rule);
}
