import { Route } from './route';
import { ExportTo } from '../names/export-to';
import { HostIndex, isWildcard, overlap } from '../names/hosts';

/** A route, with the namespaces that see it. */
export interface VisibleRoute {
  readonly route: Route;
  readonly exportTo: ExportTo;
  /** The index among all routes: istiod prefers older ones. */
  readonly order: number;
}

const NONE: readonly VisibleRoute[] = Object.freeze([]);

const NOWHERE: ReadonlySet<string> = new Set();

/** The routes of a mesh, by host. */
export class RouteIndex {
  private readonly all: readonly VisibleRoute[];
  private readonly byHost = new HostIndex<VisibleRoute[]>();
  private readonly touchingByHost = new Map<string, readonly VisibleRoute[]>();
  private folded?: readonly string[];
  private leading?: ReadonlyMap<string, ReadonlySet<string>>;
  /** The sourceLabels in routes: they distinguish clients of one namespace. */
  readonly sourceLabels: readonly Readonly<Record<string, string>>[];

  /** @param routes in istiod's order of preference */
  constructor(routes: readonly Route[], private readonly byDefault: readonly string[]) {
    this.all = routes.map(
      (route, order) => ({ route, order, exportTo: ExportTo.of(route.exportTo, route.object.namespace, this.byDefault) }),
    );
    for (const visible of this.all) {
      for (const host of new Set(visible.route.hosts)) {
        const known = this.byHost.get(host);
        if (known) known.push(visible);
        else this.byHost.set(host, [visible]);
      }
    }
    this.sourceLabels = routes.flatMap(({ sourceLabels }) => sourceLabels);
  }

  /** All routes that may affect calls to a host: for the host, for a wildcard around it, or for a host within it. */
  touching(host: string): readonly VisibleRoute[] {
    if (this.all.length === 0) return NONE;
    let found = this.touchingByHost.get(host);
    if (!found) this.touchingByHost.set(host, found = this.find(host.toLowerCase()));
    return found;
  }

  /** The namespaces of routes that send calls to a host, and those that such routes name. */
  namespacesLeadingTo(host: string): ReadonlySet<string> {
    this.leading ??= this.namespacesByDestination();
    return this.leading.get(host) ?? NOWHERE;
  }

  every(): readonly VisibleRoute[] {
    return this.all;
  }

  /** The hosts that are written with capitals. */
  get withCapitals(): readonly string[] {
    return this.folded ??= this.all.flatMap(({ route: { hosts, hostTexts } }) =>
      hosts.filter((_, index) => hostTexts[index] !== hostTexts[index].toLowerCase()));
  }

  /** The hosts that several routes have, with these routes. */
  shared(): readonly (readonly [string, readonly VisibleRoute[]])[] {
    return [...this.byHost.entries()].filter(([, routes]) => routes.length > 1);
  }

  private namespacesByDestination(): ReadonlyMap<string, ReadonlySet<string>> {
    const leading = new Map<string, Set<string>>();
    for (const { route, exportTo } of this.all) {
      for (const { host, callers } of route.destinations) {
        if (!leading.has(host)) leading.set(host, new Set());
        for (const namespace of [route.object.namespace, ...exportTo.namespaces, ...callers]) leading.get(host)!.add(namespace);
      }
    }
    return leading;
  }

  private find(host: string): readonly VisibleRoute[] {
    if (isWildcard(host)) return this.all.filter(({ route }) => route.hosts.some((other) => overlap(host, other)));
    const found = this.byHost.covering(host);
    if (found.length < 2) return found[0] ?? NONE;
    return [...new Set(found.flat())].sort((left, right) => left.order - right.order);
  }
}

/** The order in which routes apply to a namespace's clients: its private routes, then routes exported to it, then public ones. */
export function inOrderFor(namespace: string, routes: readonly VisibleRoute[]): readonly VisibleRoute[] {
  if (routes.length < 2) return routes;
  const rank = ({ exportTo }: VisibleRoute): number => (exportTo.isPublic ? 2 : exportTo.isOwn(namespace) ? 0 : 1);
  return [...routes].sort((left, right) => rank(left) - rank(right) || left.order - right.order);
}
