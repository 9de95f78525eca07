import { Duration } from 'cdk8s';
import { CERT_MANAGER, checkLine, checkName, IssuerRef } from './ca-emitter';
import { Refuse } from '../refuse';

/** The name of the root of `IstioCsrIssuer.ownCa`, and of the Issuer that signs with it. */
export const OWN_CA = 'istio-ca';

/** Who signs the certificates that istio-csr hands out. */
export class IstioCsrIssuer {
  /**
   * A cert-manager Issuer in istiod's namespace: istio-csr requests certificates there. It must sign any SPIFFE URI and
   * tell its root: CA and Vault issuers do both, ACME issuers neither.
   *
   * @param name of the Issuer
   */
  public static issuer(name: string): IstioCsrIssuer {
    return new IstioCsrIssuer({ group: CERT_MANAGER, kind: 'Issuer', name });
  }

  /**
   * A cert-manager ClusterIssuer; what is said of `issuer` holds for it, too.
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
   * Emits a root CA of its own, and an Issuer that signs with it. Its private key is made in the cluster and stays there, in a
   * Secret of istiod's namespace. Fit for one cluster; for several meshes that trust each other take an issuer with a common root.
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
   * A reference to it, as a Certificate has it.
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
