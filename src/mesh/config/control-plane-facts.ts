/** Variables of an istiod's environment; undefined: one that is set to what manifests don't hold. */
export type IstiodEnv = Readonly<Record<string, string | undefined>>;

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
  readonly env?: IstiodEnv;
  /** That istiod's version. */
  readonly version?: string;
  /** Names that stand for its revision. */
  readonly tags?: readonly string[];
  /** The ConfigMap with what its injector is told, if that is said. */
  readonly injector?: object;
}

/** Of which istiod a mesh config is. */
export interface Istiod {
  readonly namespace: string;
  /** Undefined, or `default`: the one without a revision. */
  readonly revision?: string;
}

/** The revision that a label-less mesh has. */
export const DEFAULT_REVISION = 'default';

type Fields = Readonly<Record<string, unknown>>;

/** The ConfigMap that an istiod reads a mesh config from, and with it the networks of the mesh. */
export function meshConfigMap(fields: Fields, istiod: Istiod, networks: Fields = {}): object {
  // Istio's chart writes istiod's namespace where nobody names the root namespace.
  const mesh = JSON.stringify({ rootNamespace: istiod.namespace, ...fields });
  return configMap(CONFIG_MAP, istiod, { mesh, ...Object.keys(networks).length > 0 && { meshNetworks: JSON.stringify({ networks }) } });
}

/** The ConfigMap with the values that an istiod's injector uses. */
export function injectorConfigMap(values: Fields, istiod: Istiod): object {
  return configMap(INJECTOR_CONFIG_MAP, istiod, { values: JSON.stringify(values) });
}

function configMap(name: string, { namespace, revision }: Istiod, data: Fields): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: nameForRevision(name, revision) }, data };
}

/** Each revision has ConfigMaps of its own. */
export function nameForRevision(name: string, revision: string = DEFAULT_REVISION): string {
  return revision === DEFAULT_REVISION ? name : `${name}-${revision}`;
}

/** The revision whose mesh config a ConfigMap of this name holds. */
export function revisionOfConfigMap(name: string): string | undefined {
  if (name === CONFIG_MAP) return DEFAULT_REVISION;
  return name.startsWith(`${CONFIG_MAP}-`) ? name.slice(CONFIG_MAP.length + 1) : undefined;
}

const CONFIG_MAP = 'istio';

export const INJECTOR_CONFIG_MAP = 'istio-sidecar-injector';

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
