import { FieldPath } from '../findings/field-path';
import { Mesh } from '../mesh/mesh';
import { HostIndex } from '../mesh/names/host-index';
import { fullHost } from '../mesh/names/hosts';
import { MeshObject } from '../mesh/objects/mesh-object';
import { integer, isShape, shapes, text } from '../mesh/objects/shape';
import { readDestination } from '../mesh/routes/destinations';

/** A place of a VirtualService that names where requests go. */
export interface NamedDestination {
  readonly object: MeshObject;
  readonly field: FieldPath;
  /** In full. */
  readonly host: string;
  readonly subset?: string;
  /** A copy of a request, whose answer nobody waits for. */
  readonly isMirror: boolean;
  /** Whether any request goes there: of several destinations, those of weight 0 get none. */
  readonly isReached: boolean;
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
  readonly destinations: readonly NamedDestination[];
  private readonly byHost = new HostIndex<Growing>();

  constructor({ objects, registry }: Pick<Mesh, 'objects' | 'registry'>) {
    for (const rule of objects.of('DestinationRule')) this.define(rule).rules.push(rule);
    // Of two manifests of one object nobody knows whether both are meant, for two namespaces or clusters.
    for (const { object } of objects.replaced) if (object.kind === 'DestinationRule') this.define(object);
    const isRuled = objects.of('DestinationRule').length > 0; // Else nothing is asked of routes.
    this.destinations = isRuled ? objects.of('VirtualService').flatMap(destinationsOf) : [];
    for (const destination of this.destinations) {
      const target = registry.aliases.targetOf(destination.host);
      this.use(destination.host, destination);
      if (target !== undefined) this.use(target, destination);
    }
  }

  /** Of the rules for a host as it is written: a wildcard's own, or an exact host's own. */
  of(host: string): HostSubsets | undefined {
    return this.byHost.get(host);
  }

  /** Whether any rule for a host, or for a wildcard around it, defines a subset. */
  isDefined(host: string, subset: string): boolean {
    return this.byHost.covering(host).some(({ names }) => names.has(subset));
  }

  private define(rule: MeshObject): Growing {
    const host = hostOf(rule);
    let known = this.byHost.get(host);
    if (!known) this.byHost.set(host, known = { rules: [], names: new Set(), used: new Map() });
    for (const { name } of shapes(rule.spec.subsets)) known.names.add(text(name) ?? '');
    return known;
  }

  private use(host: string, { object, subset, isReached }: NamedDestination): void {
    for (const known of this.byHost.covering(host)) {
      known.router ??= object;
      if (subset !== undefined) known.used.set(subset, isReached || (known.used.get(subset) ?? false));
    }
  }
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

/** Loops, since a mesh has a route for each of its services. */
function destinationsOf(object: MeshObject): readonly NamedDestination[] {
  const found: NamedDestination[] = [];
  const add = (destination: unknown, isReached: boolean, isMirror: boolean, field: FieldPath): void => {
    if (!isShape(destination)) return;
    const { host, subset } = readDestination(destination, object);
    found.push({ object, field, host, subset, isMirror, isReached });
  };
  for (const kind of ['http', 'tls', 'tcp']) {
    shapes(object.spec[kind]).forEach(({ route, mirror, mirrors }, rule) => {
      const routes = shapes(route);
      routes.forEach(({ destination, weight }, index) =>
        add(destination, routes.length === 1 || (integer(weight) ?? 0) > 0, false, ['spec', kind, rule, 'route', index, 'destination']));
      add(mirror, true, true, ['spec', kind, rule, 'mirror']);
      shapes(mirrors).forEach(({ destination }, index) => add(destination, true, true, ['spec', kind, rule, 'mirrors', index, 'destination']));
    });
  }
  return found;
}
