import { MeshTls } from './mesh-tls';

/** The TLS of everything but the mesh's own mutual TLS: gateways, and Sidecars that end TLS themselves. */
export interface TlsDefaults extends MeshTls {
  /**
   * Curves for the key exchange, such as `P-256` and `X25519`.
   *
   * @default - Envoy's list
   */
  readonly ecdhCurves?: string[];
}
