import { Labels } from '../names/selector';
import { FieldRef } from '../objects/field-ref';
import { MeshObject } from '../objects/mesh-object';

/** The gateway that stands for all sidecars. */
export const MESH_GATEWAY = 'mesh';

/** How an application talks. */
export type CallKind = 'http' | 'tcp' | 'tls';

/** A call as routes see it. */
export interface RoutedCall {
  readonly kind: CallKind;
  readonly host: string;
  readonly port: number;
  readonly client: { readonly namespace: string; readonly labels: Labels };
}

/** Where a route sends a call. */
export interface Destination {
  /** Where a route names it; undefined: no route does. */
  readonly at?: FieldRef;
  readonly host: string;
  /** The port that the route names; undefined: as called. */
  readonly port?: number;
  readonly subset?: string;
  /** Whether it gets copies of requests, which are sent to nobody's address. */
  readonly mirrored?: boolean;
}

/** A destination that proxies are told of, since a route may send calls there. */
export interface ToldDestination extends Destination {
  /**
   * The namespaces of callers that the matches of its HTTP rule name: only their proxies are told, even if another
   * match names none. Empty: all are told.
   */
  readonly callers: readonly string[];
}

/** All that may become of a call on a route: which of it does may depend on paths, headers and chance. */
export interface RouteAnswer {
  readonly destinations: readonly Destination[];
  /** Whether the proxy may answer by itself: a redirect, a direct response. */
  readonly answered: boolean;
  /** What keeps the model from telling. */
  readonly undecided?: 'delegate' | 'destination-subnets' | 'gateway-api-route';
  /** The server name by which a TLS call is taken; none if the route names the servers that it takes, and not this one. */
  readonly sni?: string;
}

/** A rule that sends calls elsewhere than asked: a VirtualService, or a route of the Gateway API. */
export interface Route {
  readonly object: MeshObject;
  readonly hosts: readonly string[];
  readonly exportTo: readonly string[];
  /** Whether it depends on the client's own labels or namespace. */
  readonly sourceLabels: readonly Labels[];
  readonly sourceNamespaces: readonly string[];
  /** The server names of TLS calls that it takes; wildcards among them. */
  readonly serverNames: readonly string[];
  /** All hosts that it may send calls to, with the ports that it names. */
  readonly destinations: readonly ToldDestination[];
  /** What becomes of a call; undefined if it says nothing about such calls. */
  answer(call: RoutedCall): RouteAnswer | undefined;
}
