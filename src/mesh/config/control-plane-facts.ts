/** What is told of the control plane, for what the manifests don't hold of it. */
export interface ControlPlaneFacts {
  /** istiod's own namespace; mesh configs elsewhere aren't istiod's. */
  readonly istiodNamespace?: string;
  /** The namespace whose policies hold for the whole mesh. */
  readonly rootNamespace?: string;
  /** The first part of every identity. */
  readonly trustDomain?: string;
  /** The DNS suffix of the cluster's services; `cluster.local` unless told. */
  readonly clusterDomain?: string;
  /** istiod's version, such as `1.31` or `v1.31.4`. */
  readonly istioVersion?: string;
  /** Variables of istiod's environment. */
  readonly istiodEnv?: Readonly<Record<string, string>>;
  /** At most one a revision. */
  readonly meshConfigs?: readonly DeclaredMeshConfig[];
}

/** A mesh config that istiod reads, though the manifests may not hold its ConfigMap. */
export interface DeclaredMeshConfig {
  /** The ConfigMap as the installer of istiod writes it. */
  readonly manifest: object;
  /** The file or the construct that says so. */
  readonly saidBy: string;
  /** Variables of the environment of the istiod that reads it. */
  readonly env?: Readonly<Record<string, string>>;
  /** That istiod's version. */
  readonly version?: string;
}

/** Of which istiod a mesh config is. */
export interface Istiod {
  readonly namespace: string;
  /** Undefined, or `default`: the one without a revision. */
  readonly revision?: string;
}

/** The revision that a label-less mesh has. */
export const DEFAULT_REVISION = 'default';

/** The ConfigMap that an istiod reads a mesh config from. */
export function meshConfigMap(fields: Readonly<Record<string, unknown>>, { namespace, revision = DEFAULT_REVISION }: Istiod): object {
  const name = revision === DEFAULT_REVISION ? CONFIG_MAP : `${CONFIG_MAP}-${revision}`;
  // Istio's chart writes istiod's namespace where nobody names the root namespace.
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data: { mesh: JSON.stringify({ rootNamespace: namespace, ...fields }) } };
}

/** The revision whose mesh config a ConfigMap of this name holds. */
export function revisionOfConfigMap(name: string): string | undefined {
  if (name === CONFIG_MAP) return DEFAULT_REVISION;
  return name.startsWith(`${CONFIG_MAP}-`) ? name.slice(CONFIG_MAP.length + 1) : undefined;
}

const CONFIG_MAP = 'istio';

/** What both say; where they differ, the first. */
export function bothFacts(first: ControlPlaneFacts, second: ControlPlaneFacts): ControlPlaneFacts {
  return {
    istiodNamespace: first.istiodNamespace ?? second.istiodNamespace,
    rootNamespace: first.rootNamespace ?? second.rootNamespace,
    trustDomain: first.trustDomain ?? second.trustDomain,
    clusterDomain: first.clusterDomain ?? second.clusterDomain,
    istioVersion: first.istioVersion ?? second.istioVersion,
    istiodEnv: { ...second.istiodEnv, ...first.istiodEnv },
    meshConfigs: [...first.meshConfigs ?? [], ...second.meshConfigs ?? []],
  };
}
