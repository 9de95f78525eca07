import { Duration } from 'cdk8s';
import { CERT_MANAGER, checkLine, checkName, IssuerRef } from './ca-emitter';
import { Refuse } from '../refuse';

/** The name of the root of `IstioCsrIssuer.ownCa`, and of the Issuer that signs with it. */
export const OWN_CA = 'istio-ca';

/** The issuer that signs the certificates of istio-csr. */
export class IstioCsrIssuer {
  /**
   * A cert-manager Issuer in istiod's namespace, where istio-csr requests certificates. It must sign any SPIFFE URI and return
   * its root: CA and Vault issuers do both, ACME issuers neither.
   *
   * @param name of the Issuer
   */
  public static issuer(name: string): IstioCsrIssuer {
    return new IstioCsrIssuer({ group: CERT_MANAGER, kind: 'Issuer', name });
  }

  /**
   * A cert-manager ClusterIssuer. It must sign any SPIFFE URI and return its root, as for `issuer`.
   *
   * @param name of the ClusterIssuer
   */
  public static clusterIssuer(name: string): IstioCsrIssuer {
    return new IstioCsrIssuer({ group: CERT_MANAGER, kind: 'ClusterIssuer', name });
  }

  /** An issuer of another API group, such as that of AWS Private CA. */
  public static external(issuer: ExternalIssuer): IstioCsrIssuer {
    return new IstioCsrIssuer(issuer);
  }

  /**
   * A new root CA, and an Issuer that signs with it, which the construct emits. Its private key is generated in the cluster and
   * stays there, in a Secret in istiod's namespace. Suitable for one cluster; for several meshes that trust each other, use an
   * issuer with a common root.
   */
  public static ownCa(props: OwnCa = {}): IstioCsrIssuer {
    return new IstioCsrIssuer({ group: CERT_MANAGER, kind: 'Issuer', name: OWN_CA }, props);
  }

  private constructor(
    private readonly ref: IssuerRef,
    /** @internal */
    public readonly _ownCa?: OwnCa,
  ) {}

  /**
   * A reference to it, as in a Certificate.
   *
   * @internal
   */
  public _ref(refuse: Refuse): IssuerRef {
    const { group, kind, name } = this.ref;
    checkName('issuer.group', group, refuse);
    checkLine('issuer.kind', kind, 63, refuse);
    checkName('issuer.name', name, refuse);
    return { group, kind, name };
  }
}

/** An issuer that isn't built into cert-manager. */
export interface ExternalIssuer {
  /** Its API group, such as `awspca.cert-manager.io`. */
  readonly group: string;

  /** Its kind, such as `AWSPCAClusterIssuer`. */
  readonly kind: string;

  /** Its name. */
  readonly name: string;
}

/** A root CA that cert-manager creates for the mesh. */
export interface OwnCa {
  /**
   * Common name of the root, up to 64 characters.
   *
   * @default 'istio-ca'
   */
  readonly commonName?: string;

  /**
   * Lifetime of the root, at least an hour. A renewed root keeps its private key and name, so certificates that the old one
   * signed stay valid; istio-csr distributes the new one.
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
