/**
 * What a workload's proxy accepts: the modes of Istio's PeerAuthentication, by Istio's names.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/#PeerAuthentication-MutualTLS-Mode
 */
export enum MtlsMode {
  /** Only mutual TLS with a certificate of the mesh. Plaintext is refused. */
  STRICT = 'STRICT',
  /** Mutual TLS and plaintext both. */
  PERMISSIVE = 'PERMISSIVE',
  /** Only plaintext. Clients that were told to use mutual TLS (ISTIO_MUTUAL) fail. */
  DISABLE = 'DISABLE',
  /** What the level above says: namespace, then mesh, then PERMISSIVE. */
  UNSET = 'UNSET',
}
