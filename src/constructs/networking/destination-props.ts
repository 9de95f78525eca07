import { ClientTls } from './client-tls';
import { ConnectionPool } from './connection-pool';
import { LoadBalancing } from './load-balancing';
import { OutlierDetection } from './outlier-detection';
import { IWorkload } from '../pods';

/** Settings of a Destination for its host. */
export interface DestinationOptions {
  /**
   * The TLS that clients use to connect to this host.
   *
   * @default - Istio's auto mTLS: mutual TLS wherever the server's proxy accepts it
   */
  readonly tls?: ClientTls;

  /**
   * Limits on connections to the host.
   *
   * @default - Istio's
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When an unhealthy endpoint is ejected for a while.
   *
   * @default - Istio's: none
   */
  readonly outlierDetection?: OutlierDetection;

  /**
   * How clients choose among the endpoints.
   *
   * @default - Istio's: LEAST_REQUEST
   */
  readonly loadBalancing?: LoadBalancing;

  /**
   * Fields of Istio's TrafficPolicy without a property here, with Istio's names and structure, such as
   * `{ loadBalancer: { localityLbSetting: { enabled: false } } }`. They are merged with the properties. Not `tls` and
   * `portLevelSettings`: use `tls` and `ports`, which are validated.
   *
   * @default - none
   * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly otherSettings?: { [field: string]: any };

  /**
   * Settings that differ on individual ports.
   *
   * @default - none
   */
  readonly ports?: DestinationPort[];

  /**
   * Named subsets of the host's endpoints, for routes.
   *
   * @default - none
   */
  readonly subsets?: DestinationSubset[];

  /**
   * The one client that the rule applies to: a Deployment or other workload of cdk8s-plus (any version), or an
   * ApiObject in `Pods.of`. The rule selects pods by all labels of its pod template, read at synth. To select client pods by labels
   * alone, pass `Pods.withLabels`. The client must be in the rule's namespace.
   *
   * @default - all clients that see the rule by its namespace and `exportTo`
   */
  readonly client?: IWorkload;

  /**
   * The namespace of the rule. A client uses the first rule found in its own namespace, then in the Service's, then in the
   * root namespace, and nothing is merged: a rule in a client's namespace hides the one in the Service's namespace from
   * clients there, and clients in other namespaces don't see it.
   *
   * @default - the namespace of `client`; with `Pods.withLabels`, the chart's; with `Destination.ofService`, the Service's;
   * otherwise the chart's; an error if there is none
   */
  readonly namespace?: string;

  /**
   * Whether to emit the short name of the host, such as `reviews`, instead of the fully qualified one. Istio resolves it in the
   * rule's namespace, so it means the same host. Only for a Service in that namespace, to keep existing rules unchanged.
   *
   * @default false
   */
  readonly shortHost?: boolean;

  /**
   * The namespaces whose clients see the rule: names, `.` for the rule's own, or `*` alone for all.
   *
   * @default - Istio's: all, or those of the mesh config; with `client`, always its own
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
   * The host that clients call: a fully qualified name such as `reviews.shop.svc.cluster.local`, a name whose first label
   * is `*`, or the short name of a Service in the rule's namespace, which is emitted as a fully qualified name. For a Service
   * or an ExternalService in the app, use `Destination.ofService`.
   */
  readonly host: string;
}

/** Settings for one port of a host. Omitted settings are those of the subset or host. */
export interface DestinationPort {
  /** The **Service's** port, 1 to 65535. The container's port may differ. */
  readonly port: number;

  /**
   * The TLS that clients use on this port.
   *
   * @default - that of the subset, otherwise that of the host
   */
  readonly tls?: ClientTls;

  /**
   * Limits on connections to this port. They replace the host's limits; nothing is merged.
   *
   * @default - those of the subset, otherwise those of the host
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When an unhealthy endpoint is ejected for a while on this port.
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
   * Fields of Istio's TrafficPolicy without a property here, with Istio's names and structure, such as
   * `{ loadBalancer: { localityLbSetting: { enabled: false } } }`. They are merged with the properties. Each field replaces the
   * host's or subset's field completely.
   *
   * @default - those of the subset, otherwise those of the host
   * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly otherSettings?: { [field: string]: any };
}

/** A named subset of a host's endpoints, for routes. Without a route to it, it has no effect. */
export interface DestinationSubset {
  /** A DNS label: letters, digits and hyphens, at most 63. Unique within the host. */
  readonly name: string;

  /**
   * Labels of the pods in the subset; all of them must match. Not with `workload`.
   *
   * @default - all endpoints of the host; the subset must then have its own settings
   */
  readonly labels?: { [key: string]: string };

  /**
   * The workload whose pods are the subset, instead of `labels`: a workload of cdk8s-plus (any version), or an ApiObject in `Pods.of`.
   * The subset gets the labels by which its pods differ from those of other subsets' workloads, and of all that the Service selects
   * in the app, read at synth: `version` alone if it is enough. The Service must select them.
   *
   * @default - `labels`
   */
  readonly workload?: IWorkload;

  /**
   * The TLS that clients use to connect to this subset.
   *
   * @default - that of the host, port by port
   */
  readonly tls?: ClientTls;

  /**
   * Limits on connections to this subset. They replace the host's limits; nothing is merged.
   *
   * @default - those of the host, port by port
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * When an unhealthy endpoint is ejected for a while.
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
   * Fields of Istio's TrafficPolicy without a property here, with Istio's names and structure, such as
   * `{ loadBalancer: { localityLbSetting: { enabled: false } } }`. They are merged with the properties.
   *
   * @default - those of the host, port by port
   * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly otherSettings?: { [field: string]: any };

  /**
   * Settings that differ on individual ports.
   *
   * @default - none
   */
  readonly ports?: DestinationPort[];
}
