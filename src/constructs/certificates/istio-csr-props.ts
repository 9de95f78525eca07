import { Duration } from 'cdk8s';
import { IstioCsrIssuer } from './istio-csr-issuer';
import { IIstioMesh } from '../../integration/mesh-facts';

/** Properties of IstioCsr. */
export interface IstioCsrProps {
  /** The issuer that signs all certificates of the mesh. */
  readonly issuer: IstioCsrIssuer;

  /**
   * The mesh that gets the certificates. The issuer and istiod's certificate are in its istiod's namespace. istio-csr rejects
   * requests for identities of another trust domain.
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
   * The installed revisions of istiod, at least one; 'default' is the istiod without a revision. istiod's certificate has the
   * Service name of each.
   *
   * @default - the mesh's revision
   */
  readonly revisions?: string[];

  /**
   * The name of the cluster, as in istiod's value `global.multiCluster.clusterName`. istio-csr rejects requests from others.
   *
   * @default 'Kubernetes', as in both charts
   */
  readonly clusterId?: string;

  /**
   * The maximum lifetime of a workload certificate, at least a minute. Proxies request 24 hours, or their `SECRET_TTL`, and get
   * this at most.
   *
   * @default - istio-csr's, an hour
   */
  readonly maxCertificateDuration?: Duration;

  /**
   * What creates istiod's serving certificate, Secret `istiod-tls`.
   *
   * @default IstiodCertificateSource.MANIFEST
   */
  readonly istiodCertificate?: IstiodCertificateSource;

  /**
   * Name of a Secret in istio-csr's namespace whose key `ca.pem` has the root certificates. istio-csr distributes these to all
   * namespaces regardless of the issuer's responses, so that nobody can replace the root by tampering with them.
   *
   * @default - the root that the issuer returns with istio-csr's own certificate
   */
  readonly rootSecret?: string;

  /**
   * The number of istio-csr pods, an integer of at least 1. Without a ready one, no workload gets or renews its certificate.
   *
   * @default - the chart's, 1
   */
  readonly replicas?: number;

  /**
   * Whether ztunnels request certificates for the workloads on their nodes. istio-csr then trusts service account `ztunnel` in
   * istiod's namespace, and `ztunnelHelmValues` sends the requests of ztunnels to istio-csr.
   *
   * @default false
   */
  readonly ambient?: boolean;
}

/** What creates istiod's serving certificate. */
export enum IstiodCertificateSource {
  /** The manifests: the construct emits Certificate `istiod-tls`, and istio-csr's chart emits none. */
  MANIFEST = 'manifest',
  /** istio-csr, at run time: Certificate `istiod-dynamic`, which follows its issuer. Since istio-csr 0.10. */
  DYNAMIC = 'dynamic',
}
