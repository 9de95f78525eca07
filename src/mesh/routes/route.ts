import { FieldPath } from '../../findings/finding';
import { MESH_GATEWAY } from '../../manifests/kinds';
import { indexedMappings, integer, isMapping, Mapping, mapping, text, labelsOf, texts } from '../../manifests/mapping';
import { FieldRef, within } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { fullHost } from '../names/hosts';
import { Labels, selects } from '../names/labels';

/** The application's protocol. */
export type CallKind = 'http' | 'tcp' | 'tls';

/** A call as routes see it. */
export interface RoutedCall {
  readonly kind: CallKind;
  readonly host: string;
  readonly port: number;
  readonly client: { readonly namespace: string; readonly labels: Labels };
  /** The host that a destination stands for, to compare destinations; by default itself. */
  readonly nameOf?: (host: string) => string;
}

/** Where a route sends a call. */
export interface RouteDestination {
  /** Where a route names it; undefined: no route does. */
  readonly at?: FieldRef;
  readonly host: string;
  /** The port that the route names; undefined: the requested one. */
  readonly port?: number;
  readonly subset?: string;
  /** Whether it gets copies of requests, which go to no particular address. */
  readonly mirrored?: boolean;
}

/** A destination that proxies learn because a route may send calls there. */
export interface ToldDestination extends RouteDestination {
  /**
   * The namespaces of clients that the matches of its HTTP rule name: only their proxies learn it, even if another match names none.
   * Empty: all do.
   */
  readonly callers: readonly string[];
}

/** All possible results of a call on a route: which one it is may depend on paths, headers and chance. */
export interface RouteAnswer {
  readonly destinations: readonly RouteDestination[];
  /** Whether the proxy may respond itself: a redirect, a direct response. */
  readonly answered: boolean;
  /** Whether the request's headers, path or the like choose among its results. */
  readonly byRequest?: boolean;
  /** Why the result isn't known. */
  readonly undecided?: 'delegate' | 'destination-subnets' | 'gateway-api-route';
  /** The server name that matches a TLS call; none if the route names servers, but not this one. */
  readonly sni?: string;
}

/** A rule that sends calls elsewhere: a VirtualService, or a Gateway API route. */
export interface Route {
  readonly object: MeshObject;
  /** The full hosts in small letters, as proxies compare the names of HTTP calls. */
  readonly hosts: readonly string[];
  /** The full hosts with the letters in which they are written, as istiod compares all others and wildcards. */
  readonly exactHosts: readonly string[];
  /** The hosts as they are written. */
  readonly hostTexts: readonly string[];
  readonly exportTo: readonly string[];
  /** Whether it depends on the client's own labels or namespace. */
  readonly sourceLabels: readonly Labels[];
  readonly sourceNamespaces: readonly string[];
  /** The server names of TLS calls that it matches, including wildcards. */
  readonly serverNames: readonly string[];
  /** All hosts that it may send calls to, with the ports that it names. */
  readonly destinations: readonly ToldDestination[];
  /**
   * Which HTTP calls a VirtualService's HTTP rules match: some or all of any client's to
   * any port, or not all; undefined: it has no such rule.
   */
  readonly takesHttp?: 'from-any' | 'from-some';
  /** The result of a call; undefined if it has no rules for such calls. */
  answer(call: RoutedCall): RouteAnswer | undefined;
}

/** A destination that a rule of a VirtualService names. */
export interface WrittenDestination extends ToldDestination {
  readonly at: FieldRef;
  /** Whether its weight or percentage lets requests, or copies of them, get there. */
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

/** Without a value it is 0, as everywhere in the API; undefined: all. */
function percentOf(percentage: unknown): number | undefined {
  return isMapping(percentage) ? wrapped(percentage.value) ?? 0 : undefined;
}

function wrapped(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

/** Whether a condition on the client itself holds: its gateway, labels, namespace and the requested port. */
export function concernsClient(match: Mapping, { client, port }: RoutedCall): boolean {
  const gateways = texts(match.gateways);
  const number = integer(match.port) ?? 0;
  return (gateways.length === 0 || gateways.includes(MESH_GATEWAY))
    && selects(labelsOf(match.sourceLabels), client.labels)
    && (number === 0 || number === port)
    && (text(match.sourceNamespace) ?? client.namespace) === client.namespace;
}
