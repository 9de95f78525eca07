import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { destinationRules } from './destination-checks';
import { servicePorts } from './destination-host';
import { DestinationParts } from './destination-parts';
import { DestinationOptions, DestinationProps, SubsetRouteOptions } from './destination-props';
import { audienceOf, checkExportTo } from './export-to';
import { HttpRouteMatch, HttpRouteSettings, routeMatches, routeSettings } from './http-route';
import { checkMirrors, checkWeights, routedDestination, virtualServices } from './subset-route-checks';
import { audienceFrom, hostWriter, virtualService } from './virtual-service';
import { MeshFacts } from '../../integration/mesh-facts';
import { pathIn } from '../api-object';
import { checkPortNumbers, Refuse, refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const ROUTED_PORT = 'http.route.destination.port';

/**
 * Configures how clients connect to one host: TLS, connection limits, load balancing, and the host's subsets.
 *
 * Emits one DestinationRule. Each port's entry has the complete settings for that port, because in Istio it replaces the
 * host's settings instead of adding to them.
 *
 * @throws if there is no namespace, if istiod would reject host, ports, TLS, subsets or `exportTo`, if the rule sets nothing, or if it
 * has a credential that sidecars would ignore; at synth, if another rule in the app is for the same host and clients, or if the
 * Service doesn't have a port
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { ClientTls, Destination } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const reviews = new kplus.Service(shop, 'reviews', { ports: [{ port: 9080 }] });
 *
 * const destination = Destination.ofService(shop, 'reviews-clients', reviews, {
 *   tls: ClientTls.istioMutual(),
 *   subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }],
 * });
 * destination.routeTo('v1');
 */
export class Destination extends ApiObject {
  /**
   * Creates a Destination for a Service or external host in the app, with its host, namespace and known ports.
   *
   * @param service a Service, as a construct of cdk8s-plus (any version) or an ApiObject,
   * or an ExternalService or ServiceEntry with one host
   * @throws as the constructor does, and if `service` is something else, or a Service without a namespace
   */
  public static ofService(scope: Construct, id: string, service: IConstruct, options: DestinationOptions): Destination {
    return new Destination(scope, id, { ...options, ...{ host: undefined, service } } as unknown as DestinationProps);
  }

  /** The host that clients call, as a fully qualified name. */
  public readonly host: string;

  /** The namespace of the rule. */
  public readonly namespace: string;

  private readonly parts: DestinationParts;
  private readonly subsets: Map<string, Subset>;

  public constructor(scope: Construct, id: string, props: DestinationProps) {
    const parts = new DestinationParts(scope, pathIn(scope, id), props);
    super(scope, id, parts.render(props.name));
    this.parts = parts;
    this.host = parts.host;
    this.namespace = parts.namespace;
    this.subsets = new Map(parts.subsets.map(({ name }) => [name, Subset._of(this, name)]));
    destinationRules.add(this, {
      apiObject: this,
      host: this.host,
      namespace: this.namespace,
      exportTo: parts.exportTo,
      labels: () => parts.clients?.labels(),
    });
    servicePorts.add(this, { refuse: parts.refuse, field: 'portLevelSettings', service: parts.service, ports: parts.portNumbers });
  }

  /**
   * Returns a subset of this host, for a route.
   *
   * @throws if the host has no subset with this name
   */
  public subset(name: string): Subset {
    const subset = this.subsets.get(name);
    if (subset) return subset;
    const names = [...this.subsets.keys()].map((known) => `'${known}'`).join(', ');
    throw this.parts.refuse({
      code: 'MTLS035',
      field: 'subset',
      actual: `'${name}'`,
      expected: names ? `one of ${names}` : 'a subset of the host, which has none',
      because: 'requests to an unknown subset fail',
      fix: 'add it to \'subsets\'',
    });
  }

  /**
   * Routes all requests for this host to one subset, with a SubsetRoute. For weights or rules, use SubsetRoute.
   *
   * @throws if the host has no subset with this name
   */
  public routeTo(subset: string, options: SubsetRouteOptions = {}): SubsetRoute {
    return new SubsetRoute(this, `RouteTo-${subset}`, { ...options, to: [{ subset: this.subset(subset) }] });
  }

  /**
   * The namespaces whose clients see this rule; undefined for all. Except in the root namespace, a rule applies outside
   * its own namespace only for Services of that namespace.
   * @internal
   */
  public get _audience(): Set<string> | undefined {
    const serviceNamespace = /^[^.]+\.([^.]+)\.svc\./.exec(this.host)?.[1];
    const local = serviceNamespace && ![serviceNamespace, MeshFacts.of(this).shared('rootNamespace')].includes(this.namespace);
    return local ? new Set([this.namespace]) : audienceOf(this.parts.exportTo, this.namespace);
  }

  /**
   * Whether the rule has the short name of its host.
   * @internal
   */
  public get _isShort(): boolean {
    return this.parts.isShort;
  }

  /**
   * The Service of the host, if it is in the app.
   * @internal
   */
  public get _service(): ApiObject | undefined {
    return this.parts.service;
  }

  /**
   * The client pods that the rule applies to; undefined for all.
   * @internal
   */
  public get _clients(): WorkloadSelection | undefined {
    return this.parts.clients;
  }
}

/** A subset that a Destination defines, as the target of a route: see `Destination.subset`. */
export class Subset {
  /** @internal */
  public static _of(destination: Destination, name: string): Subset {
    return new Subset(destination, name);
  }

  private constructor(
    /** The Destination that defines it. */
    public readonly destination: Destination,
    /** Its name, unique within its host. */
    public readonly name: string,
  ) {}
}

/** A subset and its share of the requests. */
export interface WeightedSubset {
  /** The subset that gets requests. */
  readonly subset: Subset;

  /**
   * Its share of the requests, in proportion to the sum of all weights: an integer from 0 (none) to 2147483647. The weights
   * don't need to add up to 100.
   *
   * @default - all requests, if it is the only subset; otherwise an error
   */
  readonly weight?: number;
}

/** A subset that gets copies of requests. Its responses are discarded. */
export interface MirroredSubset {
  /** The subset that gets copies; it may be one of another Destination. */
  readonly subset: Subset;

  /**
   * The share of requests to copy, in percent, 0 to 100.
   *
   * @default - Istio's: 100
   */
  readonly percentage?: number;
}

/** Routes requests that match to other subsets than the rest. */
export interface SubsetRouteRule extends HttpRouteSettings {
  /** The requests that the rule applies to: one of these must match. At least one. */
  readonly matches: HttpRouteMatch[];

  /** The subsets that get the requests, all of the route's Destination. Each needs a weight unless it is the only one. */
  readonly to: WeightedSubset[];

  /**
   * The subsets that get copies of the requests.
   *
   * @default - none
   */
  readonly mirrors?: MirroredSubset[];
}

/** Properties of SubsetRoute. */
export interface SubsetRouteProps extends SubsetRouteOptions {
  /**
   * The subsets that get requests that no rule matches, all of one Destination. Each needs a weight unless it is the only one.
   * `timeout`, `retries`, `faults` and `mirrors` apply to these requests.
   */
  readonly to: WeightedSubset[];

  /**
   * Rules for certain requests. The first one that matches applies.
   *
   * @default - none
   */
  readonly rules?: SubsetRouteRule[];

  /**
   * The subsets that get copies of requests that no rule matches.
   *
   * @default - none
   */
  readonly mirrors?: MirroredSubset[];
}

/**
 * Routes HTTP requests for a host to one of its subsets, or to several by weight, and requests that match rules to others.
 *
 * Emits one VirtualService. Subsets come from their Destination, so a route can't use an undefined one. It applies only to
 * ports with HTTP.
 *
 * @throws if `to` is empty, if a rule matches all requests, if the subsets are of several Destinations or of one for specific clients,
 * or if Istio would reject or ignore a weight; at synth, if another route in the app is for the same host and clients, or if
 * the Service doesn't have the port
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/
 * @example
 *
 * import { App, Chart, Duration } from 'cdk8s';
 * import { Destination, StringMatch, SubsetRoute } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const reviews = new Destination(shop, 'reviews', {
 *   host: 'reviews.shop.svc.cluster.local',
 *   subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }],
 * });
 * new SubsetRoute(shop, 'canary', {
 *   rules: [{ matches: [{ headers: { 'end-user': StringMatch.exact('jason') } }], to: [{ subset: reviews.subset('v2') }] }],
 *   to: [{ subset: reviews.subset('v1'), weight: 90 }, { subset: reviews.subset('v2'), weight: 10 }],
 *   timeout: Duration.seconds(3),
 * });
 */
export class SubsetRoute extends ApiObject {
  /** The host whose requests are routed. */
  public readonly host: string;

  /** The namespace of the VirtualService. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: SubsetRouteProps) {
    const { to = [], rules = [], gateways } = props;
    const refuse = refusing('VirtualService', pathIn(scope, id));
    const routes: Route[] = [...rules, { ...props, to }];
    const destination = routedDestination(routes.map((route) => route.to), refuse);
    for (const { mirrors = [] } of routes) checkMirrors(mirrors, refuse);
    const { host, namespace } = { host: destination.host, namespace: props.namespace ?? destination.namespace };
    const ports = props.port === undefined ? [] : [props.port];
    for (const route of routes) checkWeights(route.to, refuse);
    checkPortNumbers(ports, { field: ROUTED_PORT, entry: 'entry', owner: 'Service' }, refuse);
    checkExportTo(props.exportTo, namespace, refuse);
    const exportTo = props.exportTo ?? audienceFrom(namespace, destination._audience);
    const isShort = props.shortHost ?? (destination._isShort && namespace === destination.namespace);
    const written = hostWriter(scope, { host, namespace, isShort }, refuse);
    const http = routes.map((route) => httpRoute(route, props.port, written, refuse));
    super(scope, id, virtualService({ ...props, host: written(host), namespace, exportTo }, http));
    [this.host, this.namespace] = [host, namespace];
    virtualServices.add(this, { apiObject: this, hosts: [host], namespace, gateways, exportTo });
    servicePorts.add(this, { refuse, field: ROUTED_PORT, service: destination._service, ports });
  }
}

interface Route extends HttpRouteSettings {
  readonly matches?: readonly HttpRouteMatch[];
  readonly to: readonly WeightedSubset[];
  readonly mirrors?: readonly MirroredSubset[];
}

/** A rule; without matches, the route of all other requests. */
function httpRoute(route: Route, number: number | undefined, written: (host: string) => string, refuse: Refuse): object {
  const port = number === undefined ? undefined : { number };
  const destination = ({ destination: { host }, name }: Subset) => ({ host: written(host), subset: name, port });
  return {
    match: route.matches && routeMatches(route.matches, refuse),
    route: route.to.map(({ subset, weight }) => ({ destination: destination(subset), weight })),
    mirrors: route.mirrors?.map(({ subset, percentage }) => ({
      destination: destination(subset), percentage: percentage === undefined ? undefined : { value: percentage },
    })),
    ...routeSettings(route, refuse),
  };
}
