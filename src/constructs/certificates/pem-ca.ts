/** A CA as PEM texts. The private key will be in a manifest, unencrypted. */
export interface PemCaProps {
  /**
   * Must be `true`, to say that you know: **the CA's private key is written into a manifest, unencrypted**.
   * Whoever reads that file, or the repository or pipeline it passes through, can sign as any workload of the mesh.
   */
  readonly iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: boolean;

  /** The certificate that istiod signs with, for the key `ca-cert.pem`. */
  readonly caCert: string;

  /** Its private key, not encrypted, for the key `ca-key.pem`. */
  readonly caKey: string;

  /** The root certificates that proxies trust, for the key `root-cert.pem`. */
  readonly rootCert: string;

  /**
   * The certificates that proxies send after their own, for the key `cert-chain.pem`: the signing certificate
   * first, then what leads to the root.
   */
  readonly certChain: string;

  /**
   * Revocation lists, for the key `ca-crl.pem`; one of each CA in the chain.
   *
   * @default - none
   */
  readonly crl?: string;
}
