import { isDeepStrictEqual } from 'node:util';
import { Evidence } from './evidence';
import { FieldPath } from '../findings/finding';
import { addTo } from '../mesh/collections';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { MeshObject } from '../mesh/inventory/object';
import { Route } from '../mesh/routes/route';
import { inOrderFor, VisibleRoute } from '../mesh/routes/route-index';

/** A VirtualService whose HTTP routes no sidecar uses for one of its hosts, because another one wins. */
interface BeatenRoute {
  readonly object: MeshObject;
  readonly field: FieldPath;
  readonly host: string;
  /** The VirtualService whose routes sidecars use instead. */
  readonly by: MeshObject;
}

/**
 * VirtualServices that lose to another one in every namespace that sees them, as one istiod reads them. A VirtualService exported only to
 * its own namespace beside a public one isn't a mistake: it gives the namespace its own routes, and the public one applies elsewhere.
 */
export function* beatenRoutes(plane: ControlPlane, evidence: Evidence): Generator<BeatenRoute> {
  const losses = new Losses(evidence.objects('Sidecar').length > 0);
  for (const [host, routes] of plane.routes.shared()) {
    for (const [visible, by] of beatenAmong(routes.filter(isHttp), plane)) {
      const { object, hosts, hostTexts } = visible.route;
      const index = hosts.indexOf(host);
      if (losses.isLost(visible.route, by)) yield { object, field: ['spec', 'hosts', index], host: hostTexts[index], by: by.object };
    }
  }
}

/** Whether it is a VirtualService with HTTP routes. */
function isHttp({ route: { takesHttp } }: VisibleRoute): boolean {
  return takesHttp !== undefined;
}

/** Routes that lose in every namespace that sees them, with the winner in the last of these namespaces. */
function beatenAmong(routes: readonly VisibleRoute[], plane: ControlPlane): ReadonlyMap<VisibleRoute, Route> {
  const standing = new Set<VisibleRoute>();
  const beaten = new Map<VisibleRoute, Route>();
  for (const ofOne of [routes.filter(({ exportTo }) => exportTo.isPublic), ...byNamespace(routes)]) {
    let first: Route | undefined;
    for (const visible of ofOne) {
      if (first) beaten.set(visible, first);
      else standing.add(visible);
      const { object, takesHttp } = visible.route;
      if (!first && takesHttp === 'from-any' && !plane.isUnclear(object.namespace)) first = visible.route; // Sidecars use no later route.
    }
  }
  for (const visible of standing) beaten.delete(visible);
  return beaten;
}

/** The routes that each namespace sees, with public routes last. */
function byNamespace(routes: readonly VisibleRoute[]): readonly (readonly VisibleRoute[])[] {
  const seen = new Map<string, VisibleRoute[]>();
  for (const visible of routes) for (const namespace of visible.exportTo.namespaces) addTo(seen, namespace, visible);
  return [...seen].map(([namespace, own]) => inOrderFor(namespace, own));
}

/** Whether the loser has an effect that the winner doesn't; cached for each pair, for all of their hosts. */
class Losses {
  private readonly known = new Map<Route, Map<Route, boolean>>();

  constructor(private readonly hasSidecars: boolean) {}

  isLost(beaten: Route, by: Route): boolean {
    let known = this.known.get(beaten);
    if (!known) this.known.set(beaten, known = new Map());
    let found = known.get(by);
    if (found === undefined) {
      known.set(by, found = !saysTheSame(beaten.object, by.object) && (!this.hasSidecars || isImportedWith(beaten, by)));
    }
    return found;
  }
}

function saysTheSame(one: MeshObject, other: MeshObject): boolean {
  return one.namespace === other.namespace && isDeepStrictEqual(one.spec.http, other.spec.http); // Aliases may make circles.
}

/** Whether every Sidecar that imports one VirtualService imports the other. */
function isImportedWith(one: Route, other: Route): boolean {
  const hosts = new Set(other.hostTexts);
  return one.object.namespace === other.object.namespace && one.hostTexts.every((host) => hosts.has(host));
}
