/** The properties of the plugin for cdk8s-cli, see docs/pipeline.md. */
export interface ValidationProperties {
  /** The namespace of objects that don't name theirs; defaults to that of the configuration file, else `default`. */
  readonly namespace?: string;
  readonly istiodNamespace?: string;
  readonly rootNamespace?: string;
  /** The mode of the mesh, if no file holds a PeerAuthentication for all of it: STRICT, PERMISSIVE or DISABLE. */
  readonly meshMode?: string;
  readonly trustDomain?: string;
  readonly clusterDomain?: string;
  readonly istioVersion?: string;
  /** Environment variables of istiod. */
  readonly istiodEnv?: Readonly<Record<string, string>>;
  /** Files with istiod's mesh config or with the input of its installer, see docs/cli.md. */
  readonly meshConfigs?: readonly string[];
  /** Which findings of the analysis fail the synth, one word or several, see docs/pipeline.md; defaults to `error`. */
  readonly failOn?: string | readonly string[];
  readonly injectedNamespaces?: readonly string[];
  readonly uninjectedNamespaces?: readonly string[];
  readonly installedRevisions?: readonly string[];
  readonly partialNamespaces?: readonly string[];
  /** Kinds that run pods, in addition to those of Kubernetes and Argo's Rollout, see docs/configuration.md. */
  readonly workloadKinds?: unknown;
  /** The path of a configuration file, see docs/configuration.md, whose `meshes` are judged one by one; defaults to none. */
  readonly config?: string;
  /** Whether to judge every call that workloads may make, also those that they don't declare, see docs/callers.md. */
  readonly allCalls?: boolean;
  /** The day for which to check whether acknowledgements and certificates have expired; defaults to today. */
  readonly date?: string;
}
