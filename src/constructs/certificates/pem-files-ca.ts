/** A CA as PEM files, read at synth. The private key will be in a manifest, unencrypted. */
export interface PemFilesCaProps {
  /**
   * Must be `true`, to say that you know: **the CA's private key is written into a manifest, unencrypted**.
   * Whoever reads that file, or the repository or pipeline it passes through, can sign as any workload of the mesh.
   */
  readonly iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: boolean;

  /** Path of the certificate that istiod signs with, for the key `ca-cert.pem`. */
  readonly caCertFile: string;

  /** Path of its private key, not encrypted, for the key `ca-key.pem`. */
  readonly caKeyFile: string;

  /** Path of the root certificates that proxies trust, for the key `root-cert.pem`. */
  readonly rootCertFile: string;

  /**
   * Path of the certificates that proxies send after their own, for the key `cert-chain.pem`: the signing
   * certificate first, then what leads to the root.
   */
  readonly certChainFile: string;

  /**
   * Path of revocation lists, for the key `ca-crl.pem`; one of each CA in the chain.
   *
   * @default - none
   */
  readonly crlFile?: string;
}
