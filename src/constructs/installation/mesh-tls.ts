/** TLS settings of mutual TLS in the mesh (ISTIO_MUTUAL). */
export interface MeshTls {
  /**
   * The minimum TLS version that a sidecar accepts as a server. As clients, sidecars always offer TLS 1.2 and 1.3, so TLSV1_3
   * breaks no connections between sidecars.
   *
   * @default - Istio's: TLS 1.2
   */
  readonly minProtocolVersion?: TlsProtocol;

  /**
   * The cipher suites that a sidecar accepts as a server with TLS 1.2, with OpenSSL's names. TLS 1.3 has its own, which can't be
   * configured.
   *
   * @default - Istio's list
   */
  readonly cipherSuites?: string[];
}

/** TLS settings of everything except mutual TLS in the mesh: gateways, and Sidecars that terminate TLS. */
export interface TlsDefaults extends MeshTls {
  /**
   * Curves for the key exchange, such as `P-256` and `X25519`.
   *
   * @default - Envoy's list
   */
  readonly ecdhCurves?: string[];
}

/**
 * TLS versions of Istio's mesh config.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-TLSConfig-TLSProtocol
 */
export enum TlsProtocol {
  /** Istio's default: TLS 1.2. */
  TLS_AUTO = 'TLS_AUTO',
  /** TLS 1.2. */
  TLSV1_2 = 'TLSV1_2',
  /** TLS 1.3. */
  TLSV1_3 = 'TLSV1_3',
}
