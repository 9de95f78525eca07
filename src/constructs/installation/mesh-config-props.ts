import { DiscoverySelector } from './discovery-selector';
import { MeshTls, TlsDefaults } from './mesh-tls';
import { IIstioMesh } from '../../integration/mesh-facts';
import { Refuse } from '../refuse';

/** Properties of MeshConfig. */
export interface MeshConfigProps {
  /**
   * The mesh to configure. Its namespace and revision determine the ConfigMap that istiod reads. If they aren't Istio's defaults, its
   * trust domain and root namespace are in the mesh config, and its cluster domain is in `helmValues` and `istioOperator`.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;

  /**
   * Whether to emit the ConfigMap. Set `false` if Helm or istioctl own it, and pass them `helmValues` or `istioOperator` instead.
   * The app's analysis then assumes that they install this mesh config.
   *
   * @default true
   */
  readonly emitConfigMap?: boolean;

  /**
   * The file to which sidecars write their access log, such as `/dev/stdout`. Empty means none.
   *
   * @default - Istio's: none
   */
  readonly accessLogFile?: string;

  /**
   * The encoding of the access log.
   *
   * @default - Istio's: TEXT
   */
  readonly accessLogEncoding?: AccessLogEncoding;

  /**
   * The format of an access log entry.
   *
   * @default - Istio's
   */
  readonly accessLogFormat?: string;

  /**
   * Whether clients automatically send mutual TLS to servers that accept it. If `false`, they send it only with a
   * DestinationRule: see `clientTls` of MeshMtls.
   *
   * @default - Istio's: true
   */
  readonly enableAutoMtls?: boolean;

  /**
   * TLS settings of mutual TLS in the mesh.
   *
   * @default - Istio's
   */
  readonly meshMtls?: MeshTls;

  /**
   * TLS settings of everything else: gateways, and Sidecars that terminate TLS.
   *
   * @default - Istio's
   */
  readonly tlsDefaults?: TlsDefaults;

  /**
   * Other trust domains whose identities are equivalent to the mesh's.
   *
   * @default - none
   */
  readonly trustDomainAliases?: string[];

  /**
   * Additional roots that workloads trust. istiod distributes them only with `ISTIO_MULTIROOT_MESH=true` in its environment, and
   * proxies accept them at run time only with `PROXY_CONFIG_XDS_AGENT=true` in `proxyMetadata`.
   *
   * @default - none
   */
  readonly caCertificates?: MeshCaCertificate[];

  /**
   * What sidecars do with calls to hosts that the mesh doesn't know.
   *
   * @default - Istio's: ALLOW_ANY
   */
  readonly outboundTrafficPolicyMode?: OutboundTrafficPolicyMode;

  /**
   * The namespaces that istiod watches: those that at least one selector matches. Include the root namespace, otherwise istiod
   * ignores its policies.
   *
   * @default - all
   */
  readonly discoverySelectors?: DiscoverySelector[];

  /**
   * The namespaces that see Services without an `exportTo`: names, `*` (all), `.` (their own) or `~` (none).
   *
   * @default - Istio's: ['*']
   */
  readonly defaultServiceExportTo?: string[];

  /**
   * The namespaces that see VirtualServices without an `exportTo`: names, `*` or `.`.
   *
   * @default - Istio's: ['*']
   */
  readonly defaultVirtualServiceExportTo?: string[];

  /**
   * The namespaces that see DestinationRules without an `exportTo`: names, `*` or `.`.
   *
   * @default - Istio's: ['*']
   */
  readonly defaultDestinationRuleExportTo?: string[];

  /**
   * The configuration with which every sidecar and gateway starts.
   *
   * @default - Istio's
   */
  readonly defaultConfig?: DefaultProxyConfig;

  /**
   * Fields of Istio's mesh config without a property here, with Istio's names and structure. They are validated like the
   * properties, and merged with them.
   *
   * @default - none
   * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii has no other word for any JSON
  readonly otherFields?: { [field: string]: any };
}

/** The encoding of the access log. */
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
  /** Sidecars drop the calls. This isn't an egress firewall: a pod can bypass its sidecar. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** Sidecars forward the calls as the application sent them, without mutual TLS. */
  ALLOW_ANY = 'ALLOW_ANY',
  /** Sidecars resolve the host and forward the calls. To set TLS, use `otherFields`. */
  ALLOW_ANY_DYNAMIC_DNS = 'ALLOW_ANY_DYNAMIC_DNS',
}

/** The scope of an additional root of the mesh. */
export interface MeshCaCertificateOptions {
  /**
   * The Kubernetes signers that the root applies to, if istiod is only a registration authority.
   *
   * @default - all signers
   */
  readonly certSigners?: string[];

  /**
   * The trust domains that the root applies to.
   *
   * @default - the mesh's trust domain and its aliases
   */
  readonly trustDomains?: string[];
}

/** An additional root that workloads trust, besides that of istiod's CA. */
export class MeshCaCertificate {
  /** A root certificate in PEM. */
  public static pem(pem: string, options: MeshCaCertificateOptions = {}): MeshCaCertificate {
    return new MeshCaCertificate({ pem }, options);
  }

  /** A root that istiod fetches from a SPIFFE bundle endpoint, `https://…`. */
  public static spiffeBundle(url: string, options: MeshCaCertificateOptions = {}): MeshCaCertificate {
    return new MeshCaCertificate({ spiffeBundleUrl: url }, options);
  }

  private constructor(private readonly root: object, private readonly options: MeshCaCertificateOptions) {}

  /**
   * Rejects an entry without a root.
   * @internal
   */
  public _check(field: string, refuse: Refuse): void {
    if (Object.values(this.root).every((root) => root !== '' && root !== undefined && root !== null)) return;
    throw refuse({
      code: 'API045',
      field,
      actual: 'empty',
      expected: 'a root, or the URL of one',
      because: 'Istio keeps one root for each entry',
      fix: 'remove the entry, or pass its root',
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

/** The configuration with which sidecars and gateways start. Pods get it at injection, so running pods keep theirs. */
export interface DefaultProxyConfig {
  /**
   * Environment variables of the proxy containers. Those that start with `ISTIO_META_` are also in the proxy's node metadata.
   * Only strings without double quotes, backslashes and line breaks: istiod rejects the whole mesh config for a number or a
   * boolean, and the injector doesn't escape these characters.
   *
   * @default - none
   */
  readonly proxyMetadata?: { [key: string]: string };

  /**
   * Whether the application's containers start only when the sidecar is ready. With native sidecars they always do.
   *
   * @default - Istio's: false
   */
  readonly holdApplicationUntilProxyStarts?: boolean;

  /**
   * The address of istiod for the proxies, as `host:port`.
   *
   * @default - in the ConfigMap that of Istio's chart: `istiod.<namespace>.svc:15012`, or `istiod-<revision>.…` with a revision; in
   * `helmValues` and `istioOperator`, the installer's
   */
  readonly discoveryAddress?: string;
}
