import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { DestinationParts } from './destination-parts';
import { DestinationProps } from './destination-props';
import { destinationRules } from './destination-rules';
import { audienceOf } from './export-to';
import { servicePorts } from './service-ports';
import { Subset } from './subset';
import { SubsetRoute } from './subset-route';
import { SubsetRouteOptions } from './subset-route-options';
import { DeclaredFacts } from '../../integration/declared-facts';
import { pathIn } from '../construct-path';
import { DEFAULT_ROOT_NAMESPACE } from '../namespace';
import { WorkloadSelection } from '../workload-selection';

/**
 * How clients connect to one host: their TLS, their connection limits, and the host's subsets.
 *
 * Is one DestinationRule. A port's entry says in full what holds on that port, because in Istio it replaces
 * the host's settings instead of adding to them.
 *
 * @throws if not exactly one of `host` and `service` is given, if no namespace can be found, if host, ports,
 * subsets or `exportTo` are what istiod refuses, if the rule says nothing, or if it has a credential that
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
 * const destination = new Destination(shop, 'reviews-clients', {
 *   service: reviews,
 *   tls: ClientTls.istioMutual(),
 *   subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }],
 * });
 * destination.routeTo('v1');
 */
export class Destination extends ApiObject {
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
    DeclaredFacts.of(this).declare(this, { clusterDomain: props.clusterDomain });
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
    const local = serviceNamespace && ![serviceNamespace, DEFAULT_ROOT_NAMESPACE].includes(this.namespace);
    return local ? new Set([this.namespace]) : audienceOf(this.parts.exportTo, this.namespace);
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
