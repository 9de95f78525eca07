/** A further root that the mesh's workloads trust, beside that of istiod's own CA. */
export interface MeshCaCertificate {
  /**
   * The root certificate in PEM. Exactly one of `pem` and `spiffeBundleUrl`.
   *
   * @default - `spiffeBundleUrl` says where to get it
   */
  readonly pem?: string;

  /**
   * A SPIFFE bundle endpoint that istiod asks for the root, `https://…`.
   *
   * @default - `pem` holds it
   */
  readonly spiffeBundleUrl?: string;

  /**
   * The Kubernetes signers whose certificates this root is for, when istiod is a registration authority only.
   *
   * @default - all signers
   */
  readonly certSigners?: string[];

  /**
   * The trust domains that this root is for.
   *
   * @default - the mesh's trust domain and its aliases
   */
  readonly trustDomains?: string[];
}
