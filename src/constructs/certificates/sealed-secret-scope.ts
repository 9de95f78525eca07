/** What a SealedSecret was sealed for, by kubeseal's names. */
export enum SealedSecretScope {
  /** For its name and namespace: it must have been sealed as `cacerts` in istiod's namespace. */
  STRICT = 'strict',
  /** For its namespace: it must have been sealed in istiod's namespace, under any name. */
  NAMESPACE_WIDE = 'namespace-wide',
  /** For the cluster, under any name. */
  CLUSTER_WIDE = 'cluster-wide',
}
