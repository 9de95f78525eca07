import { FieldPath } from '../findings/finding';
import { isMapping } from '../manifests/mapping';

type Mapping = Readonly<Record<string, unknown>>;

/** A format of an installer's input: where it holds each setting of istiod. Of several paths, the last one that is set counts. */
export interface InstallationFormat {
  readonly meshConfig: readonly FieldPath[];
  readonly namespace: readonly FieldPath[];
  readonly clusterDomain: readonly FieldPath[];
  readonly revision: readonly FieldPath[];
  /** Lists of revision tags. */
  readonly tags: readonly FieldPath[];
  /** The network of the cluster's proxies. */
  readonly network: readonly FieldPath[];
  /** Networks by addresses and registries, with their gateways. */
  readonly meshNetworks: readonly FieldPath[];
  readonly version: readonly FieldPath[];
  /** An earlier minor version whose behavior istiod should keep. */
  readonly compatibility: readonly FieldPath[];
  /** Environment variables of istiod: a mapping, or a list as in a container. */
  readonly env: readonly FieldPath[];
  /** The revision, if the name of the object determines it. */
  named?(object: Mapping): string | undefined;
}

const values = (root: FieldPath): InstallationFormat => ({
  meshConfig: [[...root, 'meshConfig']],
  namespace: [[...root, 'global', 'istioNamespace']],
  clusterDomain: [[...root, 'global', 'proxy', 'clusterDomain']],
  revision: [[...root, 'revision']],
  tags: [[...root, 'revisionTags']],
  network: [[...root, 'global', 'network']],
  meshNetworks: [[...root, 'global', 'meshNetworks']],
  version: [[...root, 'global', 'tag'], [...root, 'tag'], [...root, 'pilot', 'tag']],
  compatibility: [[...root, 'compatibilityVersion']],
  env: [[...root, 'pilot', 'env'], [...root, 'env'], [...root, 'pilot', 'envVarFrom'], [...root, 'envVarFrom']],
});

const IN_SPEC = values(['spec', 'values']);

/** Values for Istio's chart `istiod`. */
const HELM_VALUES = values([]);

/** A mesh config as istiod reads it, without any setting of istiod itself. */
const MESH_CONFIG: InstallationFormat = {
  meshConfig: [[]],
  namespace: [],
  clusterDomain: [],
  revision: [],
  tags: [],
  network: [],
  meshNetworks: [],
  version: [],
  compatibility: [],
  env: [],
};

const ISTIO_OPERATOR: InstallationFormat = {
  ...IN_SPEC,
  meshConfig: [...IN_SPEC.meshConfig, ['spec', 'meshConfig']],
  namespace: [['metadata', 'namespace'], ...IN_SPEC.namespace],
  revision: [...IN_SPEC.revision, ['spec', 'revision']],
  version: [...IN_SPEC.version, ['spec', 'tag']],
  compatibility: [...IN_SPEC.compatibility, ['spec', 'compatibilityVersion']],
  env: [...IN_SPEC.env, ['spec', 'components', 'pilot', 'k8s', 'env']],
};

/** The name of a resource of the Sail operator is the revision, which it installs into `spec.namespace`. */
const SAIL_REVISION: InstallationFormat = {
  ...IN_SPEC, namespace: [...IN_SPEC.namespace, ['spec', 'namespace']], version: [...IN_SPEC.version, ['spec', 'version']], named: nameOf,
};

const KINDS: Readonly<Record<string, InstallationFormat>> = {
  'install.istio.io IstioOperator': ISTIO_OPERATOR,
  'sailoperator.io IstioRevision': SAIL_REVISION,
  'sailoperator.io Istio': { ...SAIL_REVISION, named: sailRevision },
};

/** The kinds without their groups, which rule out nearly all manifests quickly. */
const KIND_NAMES: ReadonlySet<unknown> = new Set(Object.keys(KINDS).map((kind) => kind.split(' ')[1]));

/** Fields of the chart that a mesh config doesn't have. */
const CHART_FIELDS = ['meshConfig', 'global', 'pilot', 'revision', 'tag', 'compatibilityVersion', 'revisionTags', 'defaultRevision', 'env',
  'envVarFrom', 'profile', 'sidecarInjectorWebhook', 'istiodRemote'];

export const INSTALLATION_FORMATS = 'a mesh config, values for Istio\'s chart istiod, an IstioOperator, or an Istio of the Sail operator';

/** Undefined for an object of another kind. */
export function formatOf(object: Mapping): InstallationFormat | undefined {
  const kind = kindOf(object);
  if (kind !== undefined) return KINDS[kind];
  return CHART_FIELDS.some((field) => field in object) ? HELM_VALUES : MESH_CONFIG;
}

/** Whether an operator installs istiod from a manifest. */
export function isInstallation(object: unknown): object is Mapping {
  return isMapping(object) && KIND_NAMES.has(object.kind) && KINDS[kindOf(object) ?? ''] !== undefined;
}

function kindOf({ apiVersion, kind }: Mapping): string | undefined {
  return typeof apiVersion === 'string' && typeof kind === 'string' ? `${apiVersion.split('/')[0]} ${kind}` : undefined;
}

function nameOf({ metadata }: Mapping): string | undefined {
  return isMapping(metadata) && typeof metadata.name === 'string' ? metadata.name : undefined;
}

/** An Istio that is updated in place has one revision with its name; otherwise each version is a revision: `default-v1-31-0`. */
function sailRevision(object: Mapping): string | undefined {
  const spec = isMapping(object.spec) ? object.spec : {};
  const strategy = isMapping(spec.updateStrategy) ? spec.updateStrategy : {};
  const name = nameOf(object);
  return strategy.type === 'RevisionBased' ? [name, String(spec.version ?? '').replaceAll('.', '-')].filter(Boolean).join('-') : name;
}
