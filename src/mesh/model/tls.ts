/** What a client's proxy sends. */
export type ClientTls = 'ISTIO_MUTUAL' | 'MUTUAL' | 'SIMPLE' | 'PLAINTEXT' | 'UNKNOWN';

/** Why a client sends its TLS. */
export type TlsReason =
  | 'rule' // a DestinationRule says so
  | 'rule-without-effect' // a DestinationRule says something that istiod leaves out: credentialName, missing certificates
  | 'auto-mtls' // the endpoint speaks the mesh's TLS, and nothing says otherwise
  | 'auto-mtls-off' // the mesh config turns it off
  | 'external' // outside the mesh
  | 'policy-disables' // the namespace's or mesh's PeerAuthentication is DISABLE
  | 'endpoint-without-tls' // the endpoint has no sidecar, or its port is DISABLE
  | 'not-all-endpoints' // a headless service one of whose endpoints has no sidecar, or that has none
  | 'rule-hides-endpoint' // the rule's TLS for all ports marks the endpoints, though it doesn't hold for this port
  | 'no-sidecar'; // nothing could encrypt on the client's side
