import { FieldPath } from '../findings/finding';
import { isMapping } from '../manifests/mapping';

type Mapping = Readonly<Record<string, unknown>>;

/** A way to write what istiod is installed with, and where it says what. Of several places the last that says it counts. */
export interface InstallationFormat {
  readonly meshConfig: readonly FieldPath[];
  readonly namespace: readonly FieldPath[];
  readonly clusterDomain: readonly FieldPath[];
  readonly revision: readonly FieldPath[];
  /** Lists of names that stand for the revision. */
  readonly tags: readonly FieldPath[];
  /** The network of the cluster's proxies. */
  readonly network: readonly FieldPath[];
  /** Networks by addresses and registries, with their gateways. */
  readonly meshNetworks: readonly FieldPath[];
  readonly version: readonly FieldPath[];
  /** A former minor, as which istiod is to decide. */
  readonly compatibility: readonly FieldPath[];
  /** Variables of istiod's environment: a mapping, or a list as Kubernetes has it. */
  readonly env: readonly FieldPath[];
  /** The revision, where it goes by the object's name. */
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

/** What istiod itself reads, and knows nothing of istiod. */
const MESH_CONFIG: InstallationFormat = {
  meshConfig: [[]], namespace: [], clusterDomain: [], revision: [], tags: [], network: [], meshNetworks: [], version: [], compatibility: [], env: [],
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

/** The Sail operator's resources give the revision their name, and install it into `spec.namespace`. */
const SAIL_REVISION: InstallationFormat = {
  ...IN_SPEC, namespace: [...IN_SPEC.namespace, ['spec', 'namespace']], version: [...IN_SPEC.version, ['spec', 'version']], named: nameOf,
};

const KINDS: Readonly<Record<string, InstallationFormat>> = {
  'install.istio.io IstioOperator': ISTIO_OPERATOR,
  'sailoperator.io IstioRevision': SAIL_REVISION,
  'sailoperator.io Istio': { ...SAIL_REVISION, named: sailRevision },
};

/** The kinds without their groups: by these nearly all manifests are told to be none, without a look at theirs. */
const KIND_NAMES: ReadonlySet<unknown> = new Set(Object.keys(KINDS).map((kind) => kind.split(' ')[1]));

/** Fields of the chart that a mesh config doesn't have. */
const CHART_FIELDS = ['meshConfig', 'global', 'pilot', 'revision', 'tag', 'compatibilityVersion', 'revisionTags', 'defaultRevision', 'env', 'envVarFrom', 'profile', 'sidecarInjectorWebhook', 'istiodRemote'];

export const INSTALLATION_FORMATS = 'a mesh config, values of Istio\'s chart istiod, an IstioOperator, or an Istio of the Sail operator';

/** Undefined for an object of another kind. */
export function formatOf(object: Mapping): InstallationFormat | undefined {
  const kind = kindOf(object);
  if (kind !== undefined) return KINDS[kind];
  return CHART_FIELDS.some((field) => field in object) ? HELM_VALUES : MESH_CONFIG;
}

/** Whether a manifest is what an operator installs istiod by. */
export function isInstallation(object: unknown): object is Mapping {
  return isMapping(object) && KIND_NAMES.has(object.kind) && KINDS[kindOf(object) ?? ''] !== undefined;
}

function kindOf({ apiVersion, kind }: Mapping): string | undefined {
  return typeof apiVersion === 'string' && typeof kind === 'string' ? `${apiVersion.split('/')[0]} ${kind}` : undefined;
}

function nameOf({ metadata }: Mapping): string | undefined {
  return isMapping(metadata) && typeof metadata.name === 'string' ? metadata.name : undefined;
}

/** An Istio that is updated in place has one revision, of its name; else each version is one: `default-v1-31-0`. */
function sailRevision(object: Mapping): string | undefined {
  const spec = isMapping(object.spec) ? object.spec : {};
  const strategy = isMapping(spec.updateStrategy) ? spec.updateStrategy : {};
  const name = nameOf(object);
  return strategy.type === 'RevisionBased' ? [name, String(spec.version ?? '').replaceAll('.', '-')].filter(Boolean).join('-') : name;
}
