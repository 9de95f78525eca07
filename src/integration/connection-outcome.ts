/** What comes of a connection. */
export enum ConnectionOutcome {
  /** Mutual TLS between the proxies, with the mesh's certificates. */
  MTLS = 'mtls',
  /** TLS that isn't the mesh's: a rule's or the application's own. The application ends it, if it speaks TLS. */
  TLS = 'tls',
  /** Readable and forgeable on the way. */
  PLAINTEXT = 'plaintext',
  /** Cannot be made. */
  BROKEN = 'broken',
  /** Not known from the manifests, or not modelled yet. */
  UNDECIDED = 'undecided',
}
