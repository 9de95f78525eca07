import { FieldPath } from '../../findings/finding';
import { MESH_GATEWAY } from '../../manifests/kinds';
import { indexedMappings, integer, isMapping, Mapping, mapping, text, labelsOf, texts } from '../../manifests/mapping';
import { FieldRef, within } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { fullHost } from '../names/hosts';
import { Labels, selects } from '../names/labels';

/** The application's protocol. */
export type CallKind = 'http' | 'tcp' | 'tls';

/** A call as routes match it. */
export interface RoutedCall {
  readonly kind: CallKind;
  readonly host: string;
  readonly port: number;
  readonly client: { readonly namespace: string; readonly labels: Labels };
  /** The target of a destination's host, if it is an ExternalName, to compare destinations. */
  readonly nameOf?: (host: string) => string;
}

/** A destination of a route. */
export interface RouteDestination {
  /** The route's field; undefined if no route sends the call here. */
  readonly at?: FieldRef;
  readonly host: string;
  /** The port in the route; undefined for the requested port. */
  readonly port?: number;
  readonly subset?: string;
  /** Whether it receives mirrored copies of requests, which have no requested address. */
  readonly mirrored?: boolean;
}

/** A destination that proxies learn because a route may send calls there. */
export interface ToldDestination extends RouteDestination {
  /**
   * The client namespaces in the matches of its HTTP rule: only proxies there learn the
   * destination, even if another match names no namespace. Empty if all proxies learn it.
   */
  readonly callers: readonly string[];
}

/** All possible results of a call on a route: paths, headers and weights decide which one a request gets. */
export interface RouteAnswer {
  readonly destinations: readonly RouteDestination[];
  /** Whether the proxy may answer itself, with a redirect or direct response. */
  readonly answered: boolean;
  /** Whether headers, the path or the like select the result. */
  readonly byRequest?: boolean;
  /** Why the result is unknown. */
  readonly undecided?: 'delegate' | 'destination-subnets' | 'gateway-api-route';
  /** The server name that matches a TLS call; undefined if the route has server names but none matches. */
  readonly sni?: string;
}

/** A VirtualService, or a Gateway API route at a service. */
export interface Route {
  readonly object: MeshObject;
  /** The full hosts in lower case, as proxies compare the names of HTTP calls. */
  readonly hosts: readonly string[];
  /** The full hosts as spelled, as istiod compares wildcards and hosts of all other calls. */
  readonly exactHosts: readonly string[];
  /** The hosts as they are written. */
  readonly hostTexts: readonly string[];
  readonly exportTo: readonly string[];
  /** The sourceLabels of its matches, if it depends on the client's labels. */
  readonly sourceLabels: readonly Labels[];
  readonly sourceNamespaces: readonly string[];
  /** The server names (SNI) that it matches, including wildcards. */
  readonly serverNames: readonly string[];
  /** All destinations of the route, with their ports. */
  readonly destinations: readonly ToldDestination[];
  /**
   * The HTTP calls that a VirtualService's HTTP rules match: calls of any client to any
   * port (`from-any`), or only of some (`from-some`); undefined without such rules.
   */
  readonly takesHttp?: 'from-any' | 'from-some';
  /** The result of a call; undefined if no rule is for such calls. */
  answer(call: RoutedCall): RouteAnswer | undefined;
}

/** A destination in a rule of a VirtualService. */
export interface WrittenDestination extends ToldDestination {
  readonly at: FieldRef;
  /** Whether its weight or percentage sends any requests, or copies, there. */
  readonly reached: boolean;
}

/**
 * All destinations in a rule of a VirtualService.
 *
 * @param callers see `ToldDestination`
 */
export function writtenDestinations(rule: Mapping, at: FieldRef, callers: readonly string[]): readonly WrittenDestination[] {
  const written: WrittenDestination[] = [];
  const note = (destination: unknown, reached: boolean, mirrored: boolean, ...steps: FieldPath): void => {
    if (!isMapping(destination)) return;
    const { host, port, subset } = destination;
    written.push({
      at: within(at, ...steps),
      host: fullHost(text(host) ?? '', at.object),
      port: integer(mapping(port).number),
      subset: text(subset),
      mirrored,
      reached,
      callers,
    });
  };
  const routes = indexedMappings(rule.route);
  for (const [index, { destination, weight }] of routes) {
    note(destination, isReached(routes.length, weight), false, 'route', index, 'destination');
  }
  note(rule.mirror, (percentOf(rule.mirrorPercentage) ?? wrapped(rule.mirrorPercent ?? rule.mirror_percent) ?? 100) > 0, true, 'mirror');
  for (const [index, { destination, percentage }] of indexedMappings(rule.mirrors)) {
    note(destination, (percentOf(percentage) ?? 100) > 0, true, 'mirrors', index, 'destination');
  }
  return written;
}

/** A destination with weight 0 gets nothing, unless it is the only one. */
function isReached(count: number, weight: unknown): boolean {
  return count === 1 || (integer(weight) ?? 0) > 0;
}

/** No value means 0, as everywhere in the API; undefined means all. */
function percentOf(percentage: unknown): number | undefined {
  return isMapping(percentage) ? wrapped(percentage.value) ?? 0 : undefined;
}

function wrapped(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

/** Whether a match applies to the client: its gateways, sourceLabels, sourceNamespace and the requested port. */
export function concernsClient(match: Mapping, { client, port }: RoutedCall): boolean {
  const gateways = texts(match.gateways);
  const number = integer(match.port) ?? 0;
  return (gateways.length === 0 || gateways.includes(MESH_GATEWAY))
    && selects(labelsOf(match.sourceLabels), client.labels)
    && (number === 0 || number === port)
    && (text(match.sourceNamespace) ?? client.namespace) === client.namespace;
}
