import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { servicePorts } from './destination-host';
import { HttpAction } from './http-action';
import { virtualServices } from './http-route-checks';
import { HttpRouteMatch } from './http-route-match';
import { HttpRouteParts } from './http-route-parts';
import { httpPorts } from './http-route-ports';
import { ICallable } from './services';
import { pathIn } from '../api-object';

/** What happens to requests that match. */
export interface HttpRouteRule extends HttpAction {
  /** The requests that the rule applies to: one of these must match. At least one. */
  readonly matches: HttpRouteMatch[];
}

/** Properties of HttpRoute. What it has of an HttpAction applies to requests that no rule matches. */
export interface HttpRouteProps extends HttpAction {
  /**
   * The host whose requests are routed: a fully qualified name such as `reviews.shop.svc.cluster.local`, a name whose first label is
   * `*`, or the short name of a Service in the route's namespace, which is emitted as a fully qualified name. Not with
   * `HttpRoute.ofService` and `Destination.routeTo`, which know it.
   *
   * @default - that of the subsets in `to`, which must then be of one Destination
   */
  readonly host?: string;

  /**
   * Rules for certain requests. The first one that matches applies.
   *
   * @default - none
   */
  readonly rules?: HttpRouteRule[];

  /**
   * The **Service's** port that requests are sent to, 1 to 65535, for backends without a port of their own.
   *
   * @default - Istio's: the Service's only port, or the port that the client called
   */
  readonly port?: number;

  /**
   * The proxies that apply the route: gateways as `<namespace>/<name>`, or as a name in the route's namespace, and `mesh` for
   * all sidecars.
   *
   * @default - Istio's: `mesh`
   */
  readonly gateways?: string[];

  /**
   * Namespace of the VirtualService.
   *
   * @default - that of the Destination of the host's subsets in `to`; without any, that of the Service with `HttpRoute.ofService`,
   * otherwise the chart's; an error if there is none
   */
  readonly namespace?: string;

  /**
   * Whether to emit the short name of the host, such as `reviews`, instead of the fully qualified one; also of backends in the route's
   * namespace. Only for a Service in the route's namespace.
   *
   * @default - as in the Destination of the host's subsets in `to`, if the route is in the same namespace; otherwise false
   */
  readonly shortHost?: boolean;

  /**
   * The namespaces whose clients see the route: names, `.` for the route's own, or `*` alone for all.
   *
   * @default - those that see the Destinations of all subsets in `to`, because elsewhere the subsets don't exist and requests would
   * fail; without subsets Istio's: all, or those of the mesh config
   */
  readonly exportTo?: string[];

  /**
   * Name of the VirtualService.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;
}

/**
 * Istio's VirtualService for one host: routes HTTP requests to Services or subsets, several of them by weight, and requests that
 * match rules differently; redirects or rewrites requests, changes headers, and sets timeouts, retries, faults and mirrors. Without
 * `to`, requests go to the called Service itself.
 *
 * Emits one VirtualService. Subsets come from their Destination, so a route can't use an undefined one. It applies only to
 * ports with HTTP.
 *
 * @throws if it is unclear which host is meant; if `to` is an empty list, if a rule matches all requests, if a backend isn't a Service
 * or a subset, if the subsets of a host are of several Destinations or of one for specific clients, if `perTryTimeout` exceeds
 * `timeout`, if a redirect stands beside what it excludes, or if Istio would reject or ignore a weight or percentage; at synth, if
 * another route in the app is for the same host and clients, or if a Service doesn't have the port, or no HTTP there
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/
 * @example
 *
 * import { App, Chart, Duration } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { Backend, Destination, HttpRoute, StringMatch } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const reviews = new kplus.Service(shop, 'reviews', { ports: [{ port: 9080 }] });
 * const versions = Destination.ofService(shop, 'reviews-versions', reviews, {
 *   subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }],
 * });
 * const v1 = versions.subset('v1');
 * const v2 = versions.subset('v2');
 * HttpRoute.ofService(shop, 'canary', reviews, {
 *   rules: [{ matches: [{ headers: { 'end-user': StringMatch.exact('jason') } }], to: [Backend.subset(v2)] }],
 *   to: [Backend.subset(v1, { weight: 90 }), Backend.subset(v2, { weight: 10 })],
 *   timeout: Duration.seconds(3),
 * });
 */
export class HttpRoute extends ApiObject {
  /**
   * Creates a route for the requests of a Service or external host, with its host, namespace and known ports.
   *
   * @param service a Service of cdk8s-plus (any version), or an ExternalService with one host; for an ApiObject, or a Service that isn't
   * in the app, see `Services`
   * @throws as the constructor does, if `service` is something else, or a Service without a namespace, and if `props` has a `host`
   */
  public static ofService(scope: Construct, id: string, service: ICallable, props: HttpRouteProps): HttpRoute {
    return new HttpRoute(scope, id, { ...props, ...{ service: service ?? null } } as HttpRouteProps);
  }

  /** The host whose requests are routed, as a fully qualified name. */
  public readonly host: string;

  /** The namespace of the VirtualService. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: HttpRouteProps) {
    const parts = new HttpRouteParts(scope, pathIn(scope, id), props);
    super(scope, id, parts.render());
    const { host, namespace, exportTo, ports, routedPorts } = parts;
    [this.host, this.namespace] = [host, namespace];
    virtualServices.add(this, { apiObject: this, hosts: [host], namespace, gateways: props.gateways, exportTo });
    for (const one of ports) servicePorts.add(this, one);
    if (routedPorts) httpPorts.add(this, routedPorts);
  }
}
