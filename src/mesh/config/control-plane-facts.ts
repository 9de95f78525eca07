/** Variables of an istiod's environment; undefined: a value that the manifests don't contain. */
export type IstiodEnv = Readonly<Record<string, string | undefined>>;

/** The modes that a mesh-wide PeerAuthentication can have. */
export const MESH_MODES = ['STRICT', 'PERMISSIVE', 'DISABLE'] as const;

export type MeshMode = typeof MESH_MODES[number];

/** Facts about the control plane that the manifests may not contain. */
export interface ControlPlaneFacts {
  /** istiod's own namespace; mesh configs elsewhere aren't istiod's. */
  readonly istiodNamespace?: string;
  /** The namespace whose policies apply to the whole mesh. */
  readonly rootNamespace?: string;
  /** The mode of the mesh, if the manifests have no PeerAuthentication for all of it. */
  readonly meshMode?: MeshMode;
  /** The trust domain: the first part of every identity. */
  readonly trustDomain?: string;
  /** The DNS suffix of the cluster's services; `cluster.local` by default. */
  readonly clusterDomain?: string;
  /** istiod's version, such as `1.31` or `v1.31.4`. */
  readonly istioVersion?: string;
  /** Variables of istiod's environment. */
  readonly istiodEnv?: Readonly<Record<string, string>>;
  /** At most one per revision. */
  readonly meshConfigs?: readonly DeclaredMeshConfig[];
}

/** A mesh config that istiod reads, though the manifests may not contain its ConfigMap. */
export interface DeclaredMeshConfig {
  /** The ConfigMap as the installer of istiod writes it. */
  readonly manifest: object;
  /** The file or construct that sets it. */
  readonly saidBy: string;
  /** What istiod ignores in it, a sentence each. */
  readonly ignored?: readonly string[];
  /** Variables in the environment of the istiod that reads it. */
  readonly env?: IstiodEnv;
  /** That istiod's version. */
  readonly version?: string;
  /** Other names for its revision. */
  readonly tags?: readonly string[];
  /** The ConfigMap with the injector's values, if given. */
  readonly injector?: object;
}

/** Which istiod a mesh config is for. */
export interface Istiod {
  readonly namespace: string;
  /** Undefined, or `default`: the one without a revision. */
  readonly revision?: string;
}

/** The revision of a mesh without revision labels. */
export const DEFAULT_REVISION = 'default';

type Fields = Readonly<Record<string, unknown>>;

/** The ConfigMap from which an istiod reads its mesh config and the mesh's networks. */
export function meshConfigMap(fields: Fields, istiod: Istiod, networks: Fields = {}): object {
  // Istio's chart uses istiod's namespace if no root namespace is set.
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

/** Each revision has its own ConfigMaps. */
export function nameForRevision(name: string, revision: string = DEFAULT_REVISION): string {
  return revision === DEFAULT_REVISION ? name : `${name}-${revision}`;
}

/** The revision whose mesh config is in a ConfigMap of this name. */
export function revisionOfConfigMap(name: string): string | undefined {
  if (name === CONFIG_MAP) return DEFAULT_REVISION;
  return name.startsWith(`${CONFIG_MAP}-`) ? name.slice(CONFIG_MAP.length + 1) : undefined;
}

const CONFIG_MAP = 'istio';

export const INJECTOR_CONFIG_MAP = 'istio-sidecar-injector';

/** The settings of both; where they differ, the first. */
export function bothFacts(first: ControlPlaneFacts, second: ControlPlaneFacts): ControlPlaneFacts {
  return {
    istiodNamespace: first.istiodNamespace ?? second.istiodNamespace,
    rootNamespace: first.rootNamespace ?? second.rootNamespace,
    meshMode: first.meshMode ?? second.meshMode,
    trustDomain: first.trustDomain ?? second.trustDomain,
    clusterDomain: first.clusterDomain ?? second.clusterDomain,
    istioVersion: first.istioVersion ?? second.istioVersion,
    istiodEnv: { ...second.istiodEnv, ...first.istiodEnv },
    meshConfigs: [...first.meshConfigs ?? [], ...second.meshConfigs ?? []],
  };
}
