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
 * How clients connect to one host: their TLS, their connection limits, and the host's subsets.
 *
 * Is one DestinationRule. A port's entry says in full what holds on that port, because in Istio it replaces
 * the host's settings instead of adding to them.
 *
 * @throws if no namespace can be found, if host, ports, TLS, subsets or `exportTo` are what istiod refuses, if the rule says nothing, or if it has a credential that
 * sidecars would ignore; at synth, if another rule of the app is for the same host and clients, or if the
 * Service lacks a port
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
   * A Destination of something in the app, whose host and namespace nobody has to repeat, and whose ports are known.
   *
   * @param service a Service, as a construct of cdk8s-plus (any version) or an ApiObject, or an ExternalService or ServiceEntry with one host
   * @throws as the constructor does, and if `service` is none of these, or a Service without a namespace
   */
  public static ofService(scope: Construct, id: string, service: IConstruct, options: DestinationOptions): Destination {
    return new Destination(scope, id, { ...options, ...{ host: undefined, service } } as unknown as DestinationProps);
  }

  /** The host that clients call, in full. */
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
   * A subset of this host, for a route.
   *
   * @throws if the host has no subset of that name
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
      because: 'requests that are routed to an unknown subset fail',
      fix: 'add it to \'subsets\'',
    });
  }

  /**
   * Sends all requests for this host to one subset. For weights, or several routes, see SubsetRoute.
   *
   * @throws if the host has no subset of that name
   */
  public routeTo(subset: string, options: SubsetRouteOptions = {}): SubsetRoute {
    return new SubsetRoute(this, `RouteTo-${subset}`, { ...options, to: [{ subset: this.subset(subset) }] });
  }

  /**
   * The namespaces whose clients find this rule; undefined for all. Apart from one in the root namespace, a rule reaches
   * beyond its own namespace only for the Services of that namespace.
   * @internal
   */
  public get _audience(): Set<string> | undefined {
    const serviceNamespace = /^[^.]+\.([^.]+)\.svc\./.exec(this.host)?.[1];
    const local = serviceNamespace && ![serviceNamespace, MeshFacts.of(this).shared('rootNamespace')].includes(this.namespace);
    return local ? new Set([this.namespace]) : audienceOf(this.parts.exportTo, this.namespace);
  }

  /**
   * Whether the rule has the bare name of its host.
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
   * The pods that the rule is for; undefined for all.
   * @internal
   */
  public get _clients(): WorkloadSelection | undefined {
    return this.parts.clients;
  }
}

/** A subset that a Destination defines, for a route to lead to: see `Destination.subset`. */
export class Subset {
  /** @internal */
  public static _of(destination: Destination, name: string): Subset {
    return new Subset(destination, name);
  }

  private constructor(
    /** Where it is defined. */
    public readonly destination: Destination,
    /** Its name, unique within its host. */
    public readonly name: string,
  ) {}
}

/** A subset and its part of the requests. */
export interface WeightedSubset {
  /** Where requests go. */
  readonly subset: Subset;

  /**
   * Its part of the requests, in proportion to the sum of all weights: a whole number, 0 for none. The weights
   * need not add up to 100.
   *
   * @default - everything, if it is the only subset; else it is an error
   */
  readonly weight?: number;
}

/** A subset that gets copies of requests. Its answers are thrown away. */
export interface MirroredSubset {
  /** Where copies go; also one of another Destination. */
  readonly subset: Subset;

  /**
   * Of how many requests, in percent, 0 to 100.
   *
   * @default - Istio's: 100
   */
  readonly percentage?: number;
}

/** Where certain requests go, instead of where the others do. */
export interface SubsetRouteRule extends HttpRouteSettings {
  /** Which requests: one of these must match. At least one. */
  readonly matches: HttpRouteMatch[];

  /** Where they go: subsets of the route's Destination. Each needs a weight unless it is the only one. */
  readonly to: WeightedSubset[];

  /**
   * Where copies of them go.
   *
   * @default - nowhere
   */
  readonly mirrors?: MirroredSubset[];
}

/** Properties of SubsetRoute. */
export interface SubsetRouteProps extends SubsetRouteOptions {
  /**
   * Where requests go that no rule is for: subsets of one Destination. Each needs a weight unless it is the only one. `timeout`, `retries`,
   * `faults` and `mirrors` are for these requests.
   */
  readonly to: WeightedSubset[];

  /**
   * Rules for certain requests. The first counts that matches.
   *
   * @default - none
   */
  readonly rules?: SubsetRouteRule[];

  /**
   * Where copies of requests go.
   *
   * @default - nowhere
   */
  readonly mirrors?: MirroredSubset[];
}

/**
 * Sends the HTTP requests for a host to one of its subsets, or to several by weight; certain requests to others, by rules.
 *
 * Is one VirtualService. A subset comes from its Destination, so that no route leads to one that is not
 * defined. Ports that aren't HTTP are not routed by it.
 *
 * @throws if `to` is empty, a rule matches all requests, has subsets of several Destinations or of one for certain clients, or weights that
 * Istio refuses or ignores; at synth, if another route of the app is for the same host and clients, or if the
 * Service lacks the port
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

/** A rule, or without matches the route of all other requests. */
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
