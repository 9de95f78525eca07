/** Algorithms of a CA's private key, by cert-manager's names; those that istiod and proxies can both use. */
export enum PrivateKeyAlgorithm {
  /** Sizes from 2048 to 8192 bits. */
  RSA = 'RSA',
  /** Sizes 256, 384 and 521 bits. */
  ECDSA = 'ECDSA',
}
