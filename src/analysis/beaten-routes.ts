import { isDeepStrictEqual } from 'node:util';
import { Evidence } from './evidence';
import { FieldPath } from '../findings/field-path';
import { ControlPlane } from '../mesh/control-plane';
import { addTo } from '../mesh/inventory/collections';
import { integer, isMapping, labelsOf, mappings, text, texts } from '../mesh/inventory/mapping';
import { MeshObject } from '../mesh/inventory/object';
import { isEmpty } from '../mesh/names/labels';
import { MESH_GATEWAY } from '../mesh/routes/route';
import { inOrderFor, VisibleRoute } from '../mesh/routes/route-index';

/** A VirtualService whose HTTP routes no sidecar takes for one of its hosts. */
export interface BeatenRoute {
  readonly object: MeshObject;
  readonly field: FieldPath;
  readonly host: string;
  /** The one whose routes all of them take. */
  readonly by: MeshObject;
}

/**
 * Those that another VirtualService beats for everybody who sees them, as one istiod reads them. One that is for its own namespace only, beside
 * a public one, is how a namespace has routes of its own: the public one holds elsewhere.
 */
export function* beatenRoutes(plane: ControlPlane, evidence: Evidence): Generator<BeatenRoute> {
  const losses = new Losses(evidence.objects('Sidecar').length > 0);
  for (const [host, routes] of plane.routes.shared()) {
    for (const [visible, by] of beatenAmong(routes.filter(isHttp), plane)) {
      const { object, hosts } = visible.route;
      const index = hosts.indexOf(host);
      if (losses.isLost(object, by)) yield { object, field: ['spec', 'hosts', index], host: texts(object.spec.hosts)[index], by };
    }
  }
}

/** Whether it is a VirtualService with HTTP routes. */
function isHttp({ route: { object } }: VisibleRoute): boolean {
  return object.kind === 'VirtualService' && mappings(object.spec.http).length > 0;
}

/** Each that is beaten in every namespace that sees it, with the one that beats it in the last of them. */
function beatenAmong(routes: readonly VisibleRoute[], plane: ControlPlane): ReadonlyMap<VisibleRoute, MeshObject> {
  const standing = new Set<VisibleRoute>();
  const beaten = new Map<VisibleRoute, MeshObject>();
  for (const ofOne of [routes.filter(({ exportTo }) => exportTo.isPublic), ...byNamespace(routes)]) {
    let first: MeshObject | undefined;
    for (const visible of ofOne) {
      if (first) beaten.set(visible, first);
      else standing.add(visible);
      const { object } = visible.route;
      if (!first && takesAllHttp(object) && !plane.isUnclear(object.namespace)) first = object;
    }
  }
  for (const visible of standing) beaten.delete(visible);
  return beaten;
}

/** What each namespace sees besides the public ones, which come after it. */
function byNamespace(routes: readonly VisibleRoute[]): readonly (readonly VisibleRoute[])[] {
  const seen = new Map<string, VisibleRoute[]>();
  for (const visible of routes) for (const namespace of visible.exportTo.namespaces) addTo(seen, namespace, visible);
  return [...seen].map(([namespace, own]) => inOrderFor(namespace, own));
}

/** Whether it answers HTTP calls of any client on any port, if only some of them: then no other one is asked. */
function takesAllHttp({ spec }: MeshObject): boolean {
  return mappings(spec.http).some(({ match, delegate }) => {
    if (isMapping(delegate)) return false; // What isn't there to delegate to takes nothing.
    const matches = mappings(match);
    return matches.length === 0 || matches.some(({ gateways, port, sourceLabels, sourceNamespace }) => {
      const names = texts(gateways);
      if ((integer(port) ?? 0) !== 0 || (names.length > 0 && !names.includes(MESH_GATEWAY))) return false;
      return names.length > 0 || (isEmpty(labelsOf(sourceLabels)) && text(sourceNamespace) === undefined);
    });
  });
}

/** Whether anything is lost where one VirtualService beats another; asked of each pair once, for all of their hosts. */
class Losses {
  private readonly known = new Map<MeshObject, Map<MeshObject, boolean>>();

  constructor(private readonly hasSidecars: boolean) {}

  isLost(beaten: MeshObject, by: MeshObject): boolean {
    let known = this.known.get(beaten);
    if (!known) this.known.set(beaten, known = new Map());
    let found = known.get(by);
    if (found === undefined) known.set(by, found = !saysTheSame(beaten, by) && (!this.hasSidecars || isImportedWith(beaten, by)));
    return found;
  }
}

function saysTheSame(one: MeshObject, other: MeshObject): boolean {
  return one.namespace === other.namespace && isDeepStrictEqual(one.spec.http, other.spec.http); // Aliases may go in circles.
}

/** Whether every Sidecar that imports one VirtualService imports the other. */
function isImportedWith(one: MeshObject, other: MeshObject): boolean {
  const hosts = new Set(texts(other.spec.hosts));
  return one.namespace === other.namespace && texts(one.spec.hosts).every((host) => hosts.has(host));
}
