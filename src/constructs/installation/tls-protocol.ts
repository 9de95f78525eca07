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
