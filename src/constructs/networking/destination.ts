import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Backend } from './backend';
import { destinationRules } from './destination-checks';
import { CalledService, servicePorts } from './destination-host';
import { DestinationParts } from './destination-parts';
import { DestinationOptions, DestinationProps } from './destination-props';
import { audienceOf } from './export-to';
import { HttpRoute, HttpRouteProps } from './http-route';
import { originatedTls } from './negotiated-ports';
import { ICallable } from './services';
import { Subset } from './subset';
import { MeshFacts } from '../../integration/mesh-facts';
import { pathIn } from '../api-object';
import { refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

/**
 * Istio's DestinationRule for one host: configures how clients connect to it, with TLS, connection limits, load balancing, and the
 * host's subsets.
 *
 * Emits one DestinationRule. Each port's entry has the complete settings for that port, because in Istio it replaces the
 * host's settings instead of adding to them.
 *
 * @throws if there is no namespace, if istiod would reject host, ports, TLS, subsets or `exportTo`, if the rule sets nothing, or if it
 * has a credential that sidecars would ignore; at synth, if another rule in the app is for the same host and clients, or if the
 * host's Service, passed or of the same mesh, doesn't have a port, or a subset's workload, or if sidecars would originate TLS where its
 * protocol negotiates it
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
   * Creates a Destination for a Service or external host, with its host, namespace and known ports.
   *
   * @param service a Service of cdk8s-plus (any version), or an ExternalService with one host; for an ApiObject, or a Service that isn't
   * in the app, see `Services`
   * @throws as the constructor does, and if `service` is something else, or a Service without a namespace
   */
  public static ofService(scope: Construct, id: string, service: ICallable, options: DestinationOptions): Destination {
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
      errors: () => parts.subsetWorkloads.errors,
    });
    const called = { refuse: parts.refuse, service: parts.service?.object, host: parts.host };
    originatedTls.add(this, { ...called, policies: parts.policies });
    servicePorts.add(this, { ...called, field: 'portLevelSettings', ports: parts.portNumbers });
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
      code: 'API035',
      field: 'subset',
      actual: `'${name}'`,
      expected: names ? `one of ${names}` : 'a subset of the host, which has none',
      because: 'requests to an unknown subset fail',
      fix: 'add it to \'subsets\'',
    });
  }

  /**
   * Routes all requests for this host that no rule matches to one subset, with an HttpRoute. For weights, use HttpRoute.
   *
   * @param options everything but `to` and `host`, which are refused
   * @throws as HttpRoute does, and if the host has no subset with this name
   */
  public routeTo(subset: string, options: HttpRouteProps = {}): HttpRoute {
    for (const field of ['to', 'host'] as const) if (options[field] !== undefined) throw this.refusedOption(field, subset);
    return new HttpRoute(this, `RouteTo-${subset}`, { ...options, to: [Backend.subset(this.subset(subset))] });
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
   * The Service of the host, if it was given.
   * @internal
   */
  public get _service(): CalledService | undefined {
    return this.parts.service;
  }

  /**
   * The client pods that the rule applies to; undefined for all.
   * @internal
   */
  public get _clients(): WorkloadSelection | undefined {
    return this.parts.clients;
  }

  private refusedOption(field: 'to' | 'host', subset: string): Error {
    return refusing('VirtualService', pathIn(this, `RouteTo-${subset}`))({
      code: 'API037',
      field,
      actual: 'given to routeTo',
      expected: `no '${field}'`,
      because: field === 'to' ? `requests go to subset '${subset}'` : `the route is for ${this.host}`,
      fix: `remove '${field}', or use HttpRoute`,
    });
  }
}
