import { Duration } from 'cdk8s';
import { IstioCsrIssuer } from './istio-csr-issuer';
import { IIstioMesh } from '../../integration/mesh-facts';

/** Properties of IstioCsr. */
export interface IstioCsrProps {
  /** Who signs all certificates of the mesh. */
  readonly issuer: IstioCsrIssuer;

  /**
   * The mesh that is meant. The issuer and istiod's certificate lie in istiod's namespace. istio-csr refuses requests for identities of another
   * trust domain than the mesh's.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;

  /**
   * The namespace that istio-csr is installed into.
   *
   * @default 'cert-manager'
   */
  readonly istioCsrNamespace?: string;

  /**
   * The revisions of istiod that are installed, at least one; 'default' is the istiod without one. istiod's certificate names the
   * Service of each.
   *
   * @default - that of the mesh
   */
  readonly revisions?: string[];

  /**
   * istiod's name of the cluster, its value `global.multiCluster.clusterName`. istio-csr refuses requests from another.
   *
   * @default 'Kubernetes', as in both charts
   */
  readonly clusterId?: string;

  /**
   * The longest lifetime of a workload's certificate, at least a minute. Proxies ask for 24 hours unless their `SECRET_TTL` says otherwise,
   * and get this at most.
   *
   * @default - istio-csr's, an hour
   */
  readonly maxCertificateDuration?: Duration;

  /**
   * Who makes istiod's serving certificate, Secret `istiod-tls`.
   *
   * @default IstiodCertificateSource.MANIFEST
   */
  readonly istiodCertificate?: IstiodCertificateSource;

  /**
   * Name of a Secret in istio-csr's namespace whose key `ca.pem` holds the root certificates. istio-csr hands these to all namespaces,
   * whatever comes back from the issuer: who takes over the issuer's answers then can't replace the root.
   *
   * @default - the root that comes back with istio-csr's own certificate
   */
  readonly rootSecret?: string;

  /**
   * How many pods run istio-csr. Without a ready one no workload gets or renews its certificate.
   *
   * @default - the chart's, 1
   */
  readonly replicas?: number;

  /**
   * Whether ztunnels run, and ask for certificates in the name of the workloads on their nodes. istio-csr then trusts the service account
   * `ztunnel` in istiod's namespace; `ztunnelHelmValues` send its requests there.
   *
   * @default false
   */
  readonly ambient?: boolean;
}

/** Who makes istiod's serving certificate. */
export enum IstiodCertificateSource {
  /** The manifests: the construct emits Certificate `istiod-tls`, and the chart of istio-csr none. */
  MANIFEST = 'manifest',
  /** istio-csr, while it runs: Certificate `istiod-dynamic`, which follows its issuer. From its version 0.10 on. */
  DYNAMIC = 'dynamic',
}
