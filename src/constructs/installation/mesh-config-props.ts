import { DiscoverySelector } from './discovery-selector';
import { MeshTls, TlsDefaults } from './mesh-tls';
import { IIstioMesh } from '../../integration/mesh-facts';
import { Refuse } from '../refuse';

/** Properties of MeshConfig. */
export interface MeshConfigProps {
  /**
   * The mesh that is meant. Its namespace and its revision say which ConfigMap istiod reads; its trust domain and its root namespace are
   * in the mesh config where they aren't Istio's defaults, its cluster domain in `helmValues` and `istioOperator`.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;

  /**
   * Whether to emit the ConfigMap. Turn it off where Helm or istioctl own it, and give them `helmValues` or
   * `istioOperator` instead; the app's analysis takes the mesh config for theirs.
   *
   * @default true
   */
  readonly emitConfigMap?: boolean;

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
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly otherFields?: { [field: string]: any };
}

/** How the sidecars write their access log. */
export enum AccessLogEncoding {
  TEXT = 'TEXT',
  JSON = 'JSON',
}

/**
 * What sidecars do with calls to hosts that the mesh doesn't know.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-OutboundTrafficPolicy-Mode
 */
export enum OutboundTrafficPolicyMode {
  /** They drop it. Not an egress firewall: a pod can get around its sidecar. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** They pass it on as the application sent it, so without mutual TLS. */
  ALLOW_ANY = 'ALLOW_ANY',
  /** They pass it on after looking the host up; TLS settings can be given by `otherFields`. */
  ALLOW_ANY_DYNAMIC_DNS = 'ALLOW_ANY_DYNAMIC_DNS',
}

/** What a further root of the mesh is for. */
export interface MeshCaCertificateOptions {
  /**
   * The Kubernetes signers whose certificates this root is for, when istiod is a registration authority only.
   *
   * @default - all signers
   */
  readonly certSigners?: string[];

  /**
   * The trust domains that this root is for.
   *
   * @default - the mesh's trust domain and its aliases
   */
  readonly trustDomains?: string[];
}

/** A further root that the mesh's workloads trust, beside that of istiod's own CA. */
export class MeshCaCertificate {
  /** The root certificate in PEM. */
  public static pem(pem: string, options: MeshCaCertificateOptions = {}): MeshCaCertificate {
    return new MeshCaCertificate({ pem }, options);
  }

  /** The root that istiod asks a SPIFFE bundle endpoint for, `https://…`. */
  public static spiffeBundle(url: string, options: MeshCaCertificateOptions = {}): MeshCaCertificate {
    return new MeshCaCertificate({ spiffeBundleUrl: url }, options);
  }

  private constructor(private readonly root: object, private readonly options: MeshCaCertificateOptions) {}

  /**
   * Refuses an entry without a root.
   * @internal
   */
  public _check(field: string, refuse: Refuse): void {
    if (Object.values(this.root).every((root) => root !== '' && root !== undefined && root !== null)) return;
    throw refuse({
      code: 'MTLS045', field, actual: 'empty', expected: 'a root, or where to get it', because: 'Istio keeps one root an entry', fix: 'remove the entry, or pass its root',
    });
  }

  /**
   * Istio's CertificateData.
   * @internal
   */
  public _render(): object {
    const { certSigners, trustDomains } = this.options;
    return { ...this.root, certSigners, trustDomains };
  }
}

/** What every sidecar and gateway starts with. A pod gets it when it is injected, so running pods keep theirs. */
export interface DefaultProxyConfig {
  /**
   * Environment variables of the proxies' containers. Those that begin with `ISTIO_META_` become part of the
   * proxy's node metadata too. Strings only: istiod rejects the whole mesh config for a number or a boolean.
   *
   * @default - none
   */
  readonly proxyMetadata?: { [key: string]: string };

  /**
   * Start the application's containers only when the sidecar is ready. Native sidecars always do.
   *
   * @default - false, by Istio
   */
  readonly holdApplicationUntilProxyStarts?: boolean;

  /**
   * Where the proxies find istiod, `host:port`.
   *
   * @default - in the ConfigMap `istiod.<namespace>.svc:15012`, with a revision `istiod-<revision>.…`, as
   * Istio's chart has it; in the texts for the installers, what they choose
   */
  readonly discoveryAddress?: string;
}
