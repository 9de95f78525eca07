import { SealedSecretScope } from './sealed-secret-scope';

/** A CA that was sealed with kubeseal; only the controller in the cluster can open it. */
export interface SealedSecretCaProps {
  /**
   * The sealed values, as kubeseal writes them, by the names that istiod reads: either `ca-cert.pem`, `ca-key.pem`,
   * `root-cert.pem` and `cert-chain.pem`, optionally with `ca-crl.pem`; or `tls.crt`, `tls.key` and `ca.crt`.
   * What is sealed in them can't be checked.
   */
  readonly encryptedData: { [key: string]: string };

  /**
   * The scope that the values were sealed for. With another one the controller cannot open them.
   *
   * @default SealedSecretScope.STRICT, kubeseal's own
   */
  readonly scope?: SealedSecretScope;
}
