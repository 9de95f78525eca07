import { Faults, SettingsFields, TextRule } from './settings-file';
import { isDnsDomain, isDnsLabel, isDnsSubdomain } from '../admission/metadata/kubernetes-names';
import { groupKind, scopeOf, WorkloadKind } from '../manifests/kinds';
import { MESH_MODES, MeshMode } from '../mesh/config/control-plane-facts';
import { minorOf } from '../mesh/config/istiods';
import { ALL_NAMESPACES } from '../mesh/workloads/injection-facts';

/** Facts about a cluster and its mesh that its manifests may lack. */
export interface ConfiguredFacts {
  /** Facts: manifests that aren't checked. */
  readonly with?: readonly string[];
  /** The namespace of objects that don't name theirs. */
  readonly namespace?: string;
  readonly injectedNamespaces?: readonly string[];
  readonly uninjectedNamespaces?: readonly string[];
  readonly partialNamespaces?: readonly string[];
  readonly installedRevisions?: readonly string[];
  readonly istiodNamespace?: string;
  /** Kinds that run pods, in addition to those of Kubernetes and Argo's Rollout. */
  readonly workloadKinds?: readonly WorkloadKind[];
  readonly rootNamespace?: string;
  readonly meshMode?: MeshMode;
  readonly trustDomain?: string;
  readonly clusterDomain?: string;
  readonly istioVersion?: string;
  /** Environment variables of istiod. */
  readonly istiodEnv?: Readonly<Record<string, string>>;
  /** Files with istiod's mesh config or with the input of its installer. */
  readonly meshConfigs?: readonly string[];
}

/** The fields of a settings file for these facts. */
export const MESH_FACT_FIELDS = [
  'with', 'namespace', 'injectedNamespaces', 'uninjectedNamespaces',
  'partialNamespaces', 'installedRevisions', 'istiodNamespace', 'workloadKinds', 'rootNamespace', 'meshMode',
  'trustDomain', 'clusterDomain', 'istioVersion', 'istiodEnv', 'meshConfigs',
] as const satisfies readonly (keyof ConfiguredFacts)[];

export const NAMESPACE: TextRule = {
  expected: 'the name of a namespace',
  because: 'it has at most 63 lowercase letters, digits and \'-\'',
  fix: 'correct the name',
  holds: isDnsLabel,
};
const VERSION: TextRule = {
  expected: 'a version such as 1.31',
  fix: 'write at least the major and minor version, in quotes',
  holds: (text) => minorOf(text) !== undefined,
};
const DOMAIN: TextRule = {
  expected: 'DNS labels separated by dots, such as cluster.local', fix: 'write it without scheme and path', holds: isDnsDomain,
};
const MODE: TextRule = {
  expected: `one of ${MESH_MODES.join(', ')}`, fix: 'write one of them', holds: (text) => (MESH_MODES as readonly string[]).includes(text),
};
export const PATH: TextRule = {
  expected: 'a file, a folder or a pattern',
  because: 'only the command line can name standard input',
  fix: 'pass - on the command line',
  holds: (text) => text !== '-',
};

const NAMESPACE_OR_ALL: TextRule = {
  ...NAMESPACE,
  expected: 'the name of a namespace, or *',
  holds: (text) => text === ALL_NAMESPACES || isDnsLabel(text),
};

/** @param here makes a path of the file relative to the working directory */
export function readMeshFacts(fields: SettingsFields, faults: Faults, here: (path: string) => string): ConfiguredFacts {
  return {
    with: fields.texts('with', PATH)?.map(here),
    namespace: fields.text('namespace', NAMESPACE),
    injectedNamespaces: fields.texts('injectedNamespaces', NAMESPACE_OR_ALL),
    uninjectedNamespaces: fields.texts('uninjectedNamespaces', NAMESPACE_OR_ALL),
    partialNamespaces: fields.texts('partialNamespaces', NAMESPACE),
    installedRevisions: fields.texts('installedRevisions'),
    istiodNamespace: fields.text('istiodNamespace', NAMESPACE),
    workloadKinds: readWorkloadKinds(fields, faults),
    rootNamespace: fields.text('rootNamespace', NAMESPACE),
    meshMode: fields.text('meshMode', MODE) as MeshMode | undefined,
    trustDomain: fields.text('trustDomain', DOMAIN),
    clusterDomain: fields.text('clusterDomain', DOMAIN),
    istioVersion: fields.text('istioVersion', VERSION),
    istiodEnv: fields.textMapping('istiodEnv'),
    meshConfigs: fields.texts('meshConfigs', PATH)?.map(here),
  };
}

const WORKLOAD_KIND_FIELDS = ['group', 'kind', 'podTemplate'];

const GROUP: TextRule = {
  expected: 'an API group, such as apps.kruise.io',
  because: 'a custom resource\'s group is a domain, and its version doesn\'t matter',
  fix: 'write the part of apiVersion before the slash',
  holds: (text) => isDnsSubdomain(text) && text.includes('.'),
};
const KIND: TextRule = {
  expected: 'a kind, such as CloneSet', fix: 'write it as in the manifests', holds: (text) => /^[A-Z][A-Za-z0-9]{0,62}$/.test(text),
};
const POD_TEMPLATE: TextRule = {
  expected: 'field names separated by dots, such as spec.template',
  fix: 'write the path of the field with the pods\' metadata and spec',
  holds: (text) => /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(text),
};

/** Where most kinds keep their pod template. */
const USUAL_POD_TEMPLATE = 'spec.template';

/** The kinds that run pods that a user adds to the built-in ones. */
export function readWorkloadKinds(fields: SettingsFields, faults: Faults): readonly WorkloadKind[] | undefined {
  if (fields.list('workloadKinds') === undefined) return undefined;
  const read = new Map<string, WorkloadKind>();
  for (const entry of fields.mappings('workloadKinds', WORKLOAD_KIND_FIELDS)) {
    const kind = readWorkloadKind(entry);
    if (kind.group === '' || kind.kind === '') continue;
    const name = groupKind(kind);
    const fault = (actual: string, expected: string, because: string) => (
      faults.fault([...entry.path, 'kind'], { code: 'API092', actual, expected, because, fix: 'delete the entry' }));
    if (scopeOf({
      apiVersion: `${kind.group}/v1`, kind: kind.kind,
    })) fault(`'${name}'`, 'a kind that isn\'t built in', 'its pods are already known, or it has none');
    else if (read.has(name)) fault(`a second '${name}'`, 'each kind once', 'a kind has one pod template');
    else read.set(name, kind);
  }
  return [...read.values()];
}

function readWorkloadKind(entry: SettingsFields): WorkloadKind {
  const podTemplate = entry.text('podTemplate', POD_TEMPLATE) ?? USUAL_POD_TEMPLATE;
  return { group: entry.requiredText('group', GROUP), kind: entry.requiredText('kind', KIND), podTemplate: podTemplate.split('.') };
}
