/** Whether a renewed certificate comes with a new private key, by cert-manager's names. */
export enum PrivateKeyRotationPolicy {
  /** Each renewal makes a new private key. */
  ALWAYS = 'Always',
  /** The first private key is kept for good. */
  NEVER = 'Never',
}
