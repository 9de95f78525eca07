/** What every sidecar and gateway starts with. A pod gets it when it is injected, so running pods keep theirs. */
export interface DefaultProxyConfig {
  /**
   * Environment variables of the proxies' containers. Those that begin with `ISTIO_META_` become part of the
   * proxy's node metadata too. Strings only: istiod rejects the whole mesh config for a number or a boolean.
   *
   * @default - none
   */
  readonly proxyMetadata?: { [key: string]: string };

  /**
   * Start the application's containers only when the sidecar is ready. Native sidecars always do.
   *
   * @default - false, by Istio
   */
  readonly holdApplicationUntilProxyStarts?: boolean;

  /**
   * Where the proxies find istiod, `host:port`.
   *
   * @default - in the ConfigMap `istiod.<namespace>.svc:15012`, with a revision `istiod-<revision>.…`, as
   * Istio's chart has it; in the texts for the installers, what they choose
   */
  readonly discoveryAddress?: string;
}
