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

  /**
   * The DNS suffix of the cluster's Services. Of one that isn't under `.local` the rule is for `*.svc.<domain>`, and
   * `exceptHosts` lie there.
   *
   * @default - the `clusterDomain` of the app's MeshConfig or Destinations that are made before, else 'cluster.local'
   */
  readonly clusterDomain?: string;
}
