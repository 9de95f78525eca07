/** The client half of mesh-wide mutual TLS, for meshes without auto mTLS. */
export interface MeshClientTls {
  /**
   * Hosts that are called without mutual TLS because no sidecar answers there, for example
   * `kubernetes.default.svc.cluster.local` or `*.legacy.svc.cluster.local`. Full names under `.local`:
   * each becomes a DestinationRule with DISABLE in the root namespace, which wins over `*.local` there.
   *
   * @default - no exceptions
   */
  readonly exceptHosts?: string[];
}
