import { AccessLogEncoding } from './access-log-encoding';
import { DefaultProxyConfig } from './default-proxy-config';
import { DiscoverySelector } from './discovery-selector';
import { MeshCaCertificate } from './mesh-ca-certificate';
import { MeshTls } from './mesh-tls';
import { OutboundTrafficPolicyMode } from './outbound-traffic-policy-mode';
import { TlsDefaults } from './tls-defaults';

/** Properties of MeshConfig. */
export interface MeshConfigProps {
  /**
   * istiod's own namespace, where it reads the ConfigMap.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * The revision of istiod that is meant. The ConfigMap is then named `istio-<revision>`.
   *
   * @default - the istiod without a revision; 'default' means the same
   */
  readonly revision?: string;

  /**
   * Whether to emit the ConfigMap. Turn it off where Helm or istioctl own it, and give them `helmValues` or
   * `istioOperator` instead; the app's analysis takes the mesh config for theirs.
   *
   * @default true
   */
  readonly emitConfigMap?: boolean;

  /**
   * The DNS suffix of the cluster's Services, where it isn't Kubernetes' default. It is in `helmValues` and `istioOperator`,
   * and no part of the ConfigMap; the app's Destinations and its analysis take it from here.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * Where sidecars write their access log, such as `/dev/stdout`. Empty: nowhere.
   *
   * @default - nowhere, by Istio
   */
  readonly accessLogFile?: string;

  /**
   * How sidecars write their access log.
   *
   * @default - TEXT, by Istio
   */
  readonly accessLogEncoding?: AccessLogEncoding;

  /**
   * What sidecars write about each request or connection.
   *
   * @default - Istio's format
   */
  readonly accessLogFormat?: string;

  /**
   * Whether clients find out by themselves which servers take mutual TLS. Without it, only a DestinationRule
   * makes them send it: see `clientTls` of MeshMtls.
   *
   * @default - true, by Istio
   */
  readonly enableAutoMtls?: boolean;

  /**
   * The TLS of the mesh's own mutual TLS.
   *
   * @default - Istio's
   */
  readonly meshMtls?: MeshTls;

  /**
   * The TLS of everything else: gateways, and Sidecars that end TLS themselves.
   *
   * @default - Istio's
   */
  readonly tlsDefaults?: TlsDefaults;

  /**
   * The first part of every identity, `spiffe://<trust domain>/ns/…`. To change it in a running mesh, name the
   * old one in `trustDomainAliases`.
   *
   * @default - 'cluster.local', by Istio
   */
  readonly trustDomain?: string;

  /**
   * Further trust domains whose identities mean the same as the mesh's own.
   *
   * @default - none
   */
  readonly trustDomainAliases?: string[];

  /**
   * Further roots that workloads trust. istiod hands them out only with `ISTIO_MULTIROOT_MESH=true` in its own
   * environment, and proxies take them at run time only with `PROXY_CONFIG_XDS_AGENT=true` in `proxyMetadata`.
   *
   * @default - none
   */
  readonly caCertificates?: MeshCaCertificate[];

  /**
   * The namespace whose policies hold for the whole mesh.
   *
   * @default - istiod's own namespace
   */
  readonly rootNamespace?: string;

  /**
   * What sidecars do with calls to hosts that the mesh doesn't know.
   *
   * @default - ALLOW_ANY, by Istio
   */
  readonly outboundTrafficPolicyMode?: OutboundTrafficPolicyMode;

  /**
   * The namespaces that istiod watches; one selector must match. Include the root namespace, or its policies
   * are not seen.
   *
   * @default - all
   */
  readonly discoverySelectors?: DiscoverySelector[];

  /**
   * Where Services are visible that don't say so: namespaces, `*` (all), `.` (their own) or `~` (none).
   *
   * @default - ['*'], by Istio
   */
  readonly defaultServiceExportTo?: string[];

  /**
   * Where VirtualServices are visible that don't say so: namespaces, `*` or `.`.
   *
   * @default - ['*'], by Istio
   */
  readonly defaultVirtualServiceExportTo?: string[];

  /**
   * Where DestinationRules are visible that don't say so: namespaces, `*` or `.`.
   *
   * @default - ['*'], by Istio
   */
  readonly defaultDestinationRuleExportTo?: string[];

  /**
   * What every sidecar and gateway starts with.
   *
   * @default - Istio's
   */
  readonly defaultConfig?: DefaultProxyConfig;

  /**
   * Fields of Istio's mesh config that have no property here, by Istio's own names, nested as in YAML. They are
   * checked like the others, and merged with them.
   *
   * @default - none
   * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
   */
  readonly otherFields?: { [field: string]: any };
}
