import { Duration } from 'cdk8s';
import { PrivateKeyAlgorithm } from './private-key-algorithm';
import { PrivateKeyRotationPolicy } from './private-key-rotation-policy';

/** A CA that cert-manager issues and renews; the private key never leaves the cluster. */
export interface CertManagerCaProps {
  /**
   * Name of an Issuer. cert-manager looks for it in istiod's namespace only.
   *
   * @default - `clusterIssuer` is given
   */
  readonly issuer?: string;

  /**
   * Name of a ClusterIssuer.
   *
   * @default - `issuer` is given
   */
  readonly clusterIssuer?: string;

  /**
   * Lifetime of the CA certificate that is asked for; at least an hour. The issuer may give less.
   *
   * @default - cert-manager's, 90 days
   */
  readonly duration?: Duration;

  /**
   * How long before its end the certificate is renewed: at least five minutes, and less than the duration.
   * istiod shortens workload certificates (24 hours by default) to what is left of its own, so leave more than that.
   *
   * @default - cert-manager's, a third of the certificate's lifetime
   */
  readonly renewBefore?: Duration;

  /**
   * Algorithm of the CA's private key.
   *
   * @default - cert-manager's, RSA
   */
  readonly privateKeyAlgorithm?: PrivateKeyAlgorithm;

  /**
   * Size of the CA's private key in bits.
   *
   * @default - cert-manager's: 2048 for RSA, 256 for ECDSA
   */
  readonly privateKeySize?: number;

  /**
   * Whether each renewal makes a new private key. istiod takes the new pair while it runs, because the root
   * stays the same.
   *
   * @default PrivateKeyRotationPolicy.ALWAYS, whatever cert-manager's version defaults to
   */
  readonly rotationPolicy?: PrivateKeyRotationPolicy;

  /**
   * Common name of the CA certificate, up to 64 characters.
   *
   * @default 'istiod-ca'
   */
  readonly commonName?: string;

  /**
   * Organizations in the subject of the CA certificate.
   *
   * @default - none
   */
  readonly organizations?: string[];

  /**
   * Key usages and extended key usages, by cert-manager's names. With an extended one there must also be
   * `server auth` (or `any`): istiod does not start with a CA that is limited to other purposes.
   *
   * @default ['digital signature', 'cert sign', 'crl sign'], and no extended ones
   */
  readonly usages?: string[];
}
