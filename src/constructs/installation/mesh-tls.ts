/** The TLS of the mesh's own mutual TLS (ISTIO_MUTUAL). */
export interface MeshTls {
  /**
   * The oldest version that a sidecar accepts as a server. Sidecars as clients offer TLS 1.2 and 1.3 whatever
   * is set here, so a mesh of sidecars keeps working with TLSV1_3.
   *
   * @default - TLS 1.2, by Istio
   */
  readonly minProtocolVersion?: TlsProtocol;

  /**
   * The cipher suites that a sidecar accepts as a server with TLS 1.2, by OpenSSL's names. TLS 1.3 has its own.
   *
   * @default - Istio's list
   */
  readonly cipherSuites?: string[];
}

/** The TLS of everything but the mesh's own mutual TLS: gateways, and Sidecars that end TLS themselves. */
export interface TlsDefaults extends MeshTls {
  /**
   * Curves for the key exchange, such as `P-256` and `X25519`.
   *
   * @default - Envoy's list
   */
  readonly ecdhCurves?: string[];
}

/**
 * TLS versions, by the names of Istio's mesh config.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-TLSConfig-TLSProtocol
 */
export enum TlsProtocol {
  /** Istio's choice: TLS 1.2. */
  TLS_AUTO = 'TLS_AUTO',
  /** TLS 1.2. */
  TLSV1_2 = 'TLSV1_2',
  /** TLS 1.3. */
  TLSV1_3 = 'TLSV1_3',
}
