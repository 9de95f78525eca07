import { TlsProtocol } from './tls-protocol';

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
