import { Duration } from 'cdk8s';
import { IIstioMesh } from '../../integration/mesh-facts';

/** Properties of IstioCsr. Exactly one of `issuer`, `clusterIssuer`, `externalIssuer` and `ownCa` says who signs. */
export interface IstioCsrProps {
  /**
   * Name of a cert-manager Issuer in istiod's namespace: istio-csr requests certificates there. It must sign any SPIFFE URI and
   * tell its root: CA and Vault issuers do both, ACME issuers neither.
   *
   * @default - another of the four is given
   */
  readonly issuer?: string;

  /**
   * Name of a cert-manager ClusterIssuer; what is said of `issuer` holds for it, too.
   *
   * @default - another of the four is given
   */
  readonly clusterIssuer?: string;

  /**
   * An issuer of another API group, such as that of AWS Private CA.
   *
   * @default - another of the four is given
   */
  readonly externalIssuer?: ExternalIssuer;

  /**
   * Emits a root CA of its own, and an Issuer that signs with it. Its private key is made in the cluster and stays there, in a
   * Secret of istiod's namespace. Fit for one cluster; for several meshes that trust each other take an issuer with a common root.
   *
   * @default - another of the four is given
   */
  readonly ownCa?: OwnCa;

  /**
   * The mesh that is meant. The issuer and istiod's certificate lie in istiod's namespace. istio-csr refuses requests for identities of another
   * trust domain than the mesh's.
   *
   * @default - the app's IstioMesh that is made before, else a mesh with Istio's defaults
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

/** An issuer that isn't cert-manager's own. */
export interface ExternalIssuer {
  /** Its API group, such as `awspca.cert-manager.io`. */
  readonly group: string;

  /** Its kind, such as `AWSPCAClusterIssuer`. */
  readonly kind: string;

  /** Its name. */
  readonly name: string;
}

/** A root CA that cert-manager makes for the mesh. */
export interface OwnCa {
  /**
   * Common name of the root, up to 64 characters.
   *
   * @default 'istio-ca'
   */
  readonly commonName?: string;

  /**
   * Lifetime of the root, at least an hour. A renewed root keeps its private key and its name, so that certificates of the old one stay
   * good; istio-csr hands out the new one.
   *
   * @default - 3650 days
   */
  readonly duration?: Duration;

  /**
   * Organizations in the subject of the root.
   *
   * @default - none
   */
  readonly organizations?: string[];
}

/** Who makes istiod's serving certificate. */
export enum IstiodCertificateSource {
  /** The manifests: the construct emits Certificate `istiod-tls`, and the chart of istio-csr none. */
  MANIFEST = 'manifest',
  /** istio-csr, while it runs: Certificate `istiod-dynamic`, which follows its issuer. From its version 0.10 on. */
  DYNAMIC = 'dynamic',
}
