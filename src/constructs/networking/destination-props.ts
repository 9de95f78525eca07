import { ClientTls } from './client-tls';
import { ConnectionPool } from './connection-pool';
import { HttpRouteSettings } from './http-route';
import { LoadBalancing } from './load-balancing';
import { OutlierDetection } from './outlier-detection';
import { IWorkload } from '../pods';

/** What a Destination says of its host. */
export interface DestinationOptions {
  /**
   * The TLS of clients towards this host.
   *
   * @default - Istio's auto mTLS: mutual TLS wherever the server's proxy takes it
   */
  readonly tls?: ClientTls;

  /**
   * Limits on connections to the host.
   *
   * @default - Istio's
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When an endpoint is taken for broken and left out for a while.
   *
   * @default - Istio's: none
   */
  readonly outlierDetection?: OutlierDetection;

  /**
   * How clients choose among the endpoints.
   *
   * @default - Istio's: the one with fewer open requests
   */
  readonly loadBalancing?: LoadBalancing;

  /**
   * Fields of Istio's TrafficPolicy that have no property here, by Istio's own names, nested as in YAML, such as
   * `{ loadBalancer: { localityLbSetting: { enabled: false } } }`. They are merged with those of the properties. Not `tls` and `portLevelSettings`: the properties
   * `tls` and `ports` check what they say.
   *
   * @default - none
   * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly otherSettings?: { [field: string]: any };

  /**
   * What differs on single ports.
   *
   * @default - nothing
   */
  readonly ports?: DestinationPort[];

  /**
   * Named parts of the host's endpoints, for routes to choose.
   *
   * @default - none
   */
  readonly subsets?: DestinationSubset[];

  /**
   * The one client that the rule is for, instead of all: a Deployment or other workload, as a construct of
   * cdk8s-plus (any version) or an ApiObject. All labels of its pod template are selected by, as they are at
   * synth. Or `Pods.withLabels`, for client pods by their labels alone. The client must live in the rule's namespace.
   *
   * @default - all clients that the namespace and `exportTo` allow
   */
  readonly client?: IWorkload;

  /**
   * The namespace of the rule. A client takes the first rule that it finds in its own namespace, then in the
   * Service's, then in the root namespace, and nothing is merged: a rule in a client's namespace hides the
   * Service's own from the clients there, and is seen by no others.
   *
   * @default - the namespace of `client`; with `Pods.withLabels` the chart's; else that of the Service, with
   * `Destination.ofService`; else the chart's; without one it is an error
   */
  readonly namespace?: string;

  /**
   * Writes the bare name of the host, such as `reviews`, instead of the full one. Istio completes it by the rule's own namespace, so
   * that it means the same. Only for a Service of that namespace, for rules that are there already and are to stay as they are.
   *
   * @default false
   */
  readonly shortHost?: boolean;

  /**
   * The namespaces whose clients see the rule: names, `.` for the rule's own, or `*` alone for all.
   *
   * @default - Istio's: all, unless the mesh configuration says otherwise; with `client`, always its own
   */
  readonly exportTo?: string[];

  /**
   * Name of the DestinationRule.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;
}

/** Properties of Destination. */
export interface DestinationProps extends DestinationOptions {
  /**
   * The host that clients call: a full name such as `reviews.shop.svc.cluster.local`, a name whose first label
   * is `*`, or the bare name of a Service in the rule's namespace, which is written out in full. For a Service or an
   * ExternalService of the app see `Destination.ofService`.
   */
  readonly host: string;
}

/** Settings for one port of a host. Omitted settings are those of the host's other ports. */
export interface DestinationPort {
  /** The **Service's** port, 1 to 65535: not the container's, which may differ. */
  readonly port: number;

  /**
   * The TLS of clients on this port.
   *
   * @default - that of the subset, otherwise that of the host
   */
  readonly tls?: ClientTls;

  /**
   * Limits on connections to this port, as a whole: nothing is merged with the host's.
   *
   * @default - those of the subset, otherwise those of the host
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When an endpoint is taken for broken and left out for a while on this port.
   *
   * @default - that of the subset, otherwise that of the host
   */
  readonly outlierDetection?: OutlierDetection;

  /**
   * How clients choose among the endpoints on this port.
   *
   * @default - that of the subset, otherwise that of the host
   */
  readonly loadBalancing?: LoadBalancing;

  /**
   * Fields of Istio's TrafficPolicy that have no property here, by Istio's own names, nested as in YAML, such as
   * `{ loadBalancer: { localityLbSetting: { enabled: false } } }`. They are merged with those of the properties. Each takes the place of
   * the host's or the subset's as a whole.
   *
   * @default - those of the subset, otherwise those of the host
   * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly otherSettings?: { [field: string]: any };
}

/** A named part of a host's endpoints, for routes to choose: without a route to it, a subset does nothing. */
export interface DestinationSubset {
  /** A DNS label: letters, digits and hyphens, at most 63. Unique within the host. */
  readonly name: string;

  /**
   * Labels of the pods that belong to it; all of them must match.
   *
   * @default - all endpoints of the host; the subset must then have settings of its own
   */
  readonly labels?: { [key: string]: string };

  /**
   * The TLS of clients towards this subset.
   *
   * @default - that of the host, port by port
   */
  readonly tls?: ClientTls;

  /**
   * Limits on connections to this subset, as a whole: nothing is merged with the host's.
   *
   * @default - those of the host, port by port
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When an endpoint is taken for broken and left out for a while.
   *
   * @default - that of the host, port by port
   */
  readonly outlierDetection?: OutlierDetection;

  /**
   * How clients choose among the endpoints.
   *
   * @default - that of the host, port by port
   */
  readonly loadBalancing?: LoadBalancing;

  /**
   * Fields of Istio's TrafficPolicy that have no property here, by Istio's own names, nested as in YAML, such as
   * `{ loadBalancer: { localityLbSetting: { enabled: false } } }`. They are merged with those of the properties.
   *
   * @default - those of the host, port by port
   * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly otherSettings?: { [field: string]: any };

  /**
   * What differs on single ports.
   *
   * @default - nothing
   */
  readonly ports?: DestinationPort[];
}

/** What a route may say beside where it leads to. */
export interface SubsetRouteOptions extends HttpRouteSettings {
  /**
   * The **Service's** port that requests go to, 1 to 65535.
   *
   * @default - the port that the client called
   */
  readonly port?: number;

  /**
   * Whose requests are routed: gateways as `<namespace>/<name>`, or as a bare name in the route's namespace, and
   * `mesh` for all sidecars.
   *
   * @default - Istio's: `mesh`
   */
  readonly gateways?: string[];

  /**
   * Namespace of the VirtualService.
   *
   * @default - that of the subsets' Destination
   */
  readonly namespace?: string;

  /**
   * Writes the bare name of the host, such as `reviews`, instead of the full one. Only for a Service of the route's own namespace.
   *
   * @default - as in the subsets' Destination, if the route is in the same namespace
   */
  readonly shortHost?: boolean;

  /**
   * The namespaces whose clients see the route: names, `.` for the route's own, or `*` alone for all.
   *
   * @default - those that find the Destination, because elsewhere its subsets don't exist and requests would fail
   */
  readonly exportTo?: string[];

  /**
   * Name of the VirtualService.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;
}
