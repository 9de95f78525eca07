import { ClientCredential } from './client-credential';

/** What a client says and expects in a TLS handshake, whatever the certificates. */
export interface HandshakeOptions {
  /**
   * The server name (SNI) that the client asks for.
   *
   * @default - Istio's: the cluster's name for ISTIO_MUTUAL, else the Host header of the request
   */
  readonly sni?: string;

  /**
   * Names of which the server's certificate must bear one. For ISTIO_MUTUAL they replace the identities that
   * Istio expects by itself, `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`. An empty list beside
   * an `sni` means that **no name is verified**: any server with a certificate of a trusted CA will do.
   *
   * @default - for ISTIO_MUTUAL Istio's: the server's service accounts; else `sni`, because Istio verifies no
   * name at all beside an SNI of the user's own; without `sni` Istio's: the Host header of the request
   */
  readonly subjectAltNames?: string[];
}

/** How a client verifies a server outside the mesh's own certificates. */
export interface SimpleTlsOptions extends HandshakeOptions {
  /**
   * File in the client's proxy container with the CA certificates that verify the server.
   *
   * @default - Istio's: the CA certificates of the proxy's operating system
   */
  readonly caCertificates?: string;

  /**
   * File in the client's proxy container with a certificate revocation list (CRL).
   *
   * @default - none
   */
  readonly caCrl?: string;

  /**
   * Certificates that istiod hands out, instead of files.
   *
   * @default - files
   */
  readonly credential?: ClientCredential;

  /**
   * Don't verify the server's certificate at all. Anyone on the way may then play the server.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/** How a client proves who it is, and verifies the server, by certificates of the user's own. */
export interface MutualTlsOptions extends SimpleTlsOptions {
  /**
   * File in the client's proxy container with the client's certificate; goes with `privateKey`.
   *
   * @default - `credential` holds it
   */
  readonly clientCertificate?: string;

  /**
   * File in the client's proxy container with the client's private key; goes with `clientCertificate`.
   *
   * @default - `credential` holds it
   */
  readonly privateKey?: string;
}
