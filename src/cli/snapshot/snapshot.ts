import { Kubectl } from './kubectl';
import { publicPemFault } from '../../certificates/ca-pem';
import { FOUR_KEY_FORM } from '../../certificates/ca-secret';
import { redactedValue } from '../../findings/redacted-value';
import { isMapping, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { ROOT_CONFIG_MAP } from '../../mesh/certificates/ca-sources';
import { plain } from '../../mesh/compare/object-changes';
import { KindName, kindNameOf, kindOf } from '../../mesh/inventory/kinds';
import { compareTexts } from '../../mesh/inventory/object';

/** The resources that are read, by full name. Secrets aren't among them. */
const RESOURCES: readonly (string | RegExp)[] = [
  'namespaces', 'services', 'serviceaccounts', 'configmaps', 'endpoints', 'endpointslices.discovery.k8s.io', 'podtemplates',
  'pods', 'replicationcontrollers', 'deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch',
  'cronjobs.batch',
  'rollouts.argoproj.io', 'ingresses.networking.k8s.io', 'ingressclasses.networking.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io', 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'apiservices.apiregistration.k8s.io', 'customresourcedefinitions.apiextensions.k8s.io',
  'servicemonitors.monitoring.coreos.com', 'podmonitors.monitoring.coreos.com',
  /\.istio\.io$/, /\.gateway\.networking\.(?:k8s|x-k8s)\.io$/,
];

/** The objects of a cluster. */
export interface Snapshot {
  /** By kind, namespace and name. */
  readonly items: readonly object[];
  /** Resources that couldn't be read, each with the reason. */
  readonly unread: readonly string[];
}

/**
 * Reads the objects that make a mesh. Nothing is written.
 *
 * @param onResource called before each resource is read
 * @throws KubectlError if the cluster doesn't answer
 */
export function snapshotOf(kubectl: Kubectl, onResource: (resource: string) => void = () => {}): Snapshot {
  const items: Mapping[] = [];
  const { names, problem } = kubectl.resources();
  const unread = problem === undefined ? [] : [`all resources: ${problem}`];
  const isWanted = (resource: string): boolean => (
    RESOURCES.some((one) => (typeof one === 'string' ? one === resource : one.test(resource))));
  for (const resource of [...names].filter(isWanted).sort()) {
    onResource(resource);
    const found = kubectl.list(resource);
    if (typeof found === 'string') unread.push(`${resource}: ${found}`);
    else items.push(...found.filter(isMapping).filter(isKept).map(trimmed));
  }
  return { items: items.sort((one, other) => compareTexts(keyOf(one), keyOf(other))), unread };
}

/** The key under which istiod distributes its roots. */
const ROOT_CERT = FOUR_KEY_FORM[2];

/** One object per line, so that two snapshots differ only in the lines of changed objects. */
export function snapshotText({ items }: Snapshot): string {
  return `{"apiVersion":"v1","kind":"List","items":[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]}\n`;
}

function keyOf({ kind, metadata }: Mapping): string {
  const { namespace, name } = mapping(metadata);
  return `${text(kind) ?? ''} ${text(namespace) ?? ''}/${text(name) ?? ''}`;
}

/** Keeps istiod's ConfigMaps, API services and definitions that call a Service, and ReplicaSets with pods; and all of other kinds. */
function isKept(object: Mapping): boolean {
  const { metadata, spec } = object;
  switch (kindNameIn(object)) {
    case 'ConfigMap': return /^istio(?:-|$)/.test(text(mapping(metadata).name) ?? '');
    case 'APIService': return mapping(spec).service !== undefined;
    case 'CustomResourceDefinition': return mapping(mapping(spec).conversion).webhook !== undefined;
    case 'ReplicaSet': return mapping(spec).replicas !== 0;
    default: return true;
  }
}

function kindNameIn({ apiVersion, kind }: Mapping): KindName | undefined {
  return kindNameOf(kindOf({ apiVersion, kind }));
}

/** Removes what the API server and tools write for their own use, and values that may be secret. */
function trimmed(object: Mapping): Mapping {
  const { namespace, creationTimestamp } = mapping(object.metadata);
  const { metadata, ...rest } = plain(object);
  const { annotations, labels, ...others } = mapping(metadata);
  const { apiVersion, kind, ...fields } = rest;
  const kept = {
    ...namespace !== undefined && { namespace },
    ...others,
    ...creationTimestamp !== undefined && { creationTimestamp },
    ...isMapping(labels) && { labels },
    ...isMapping(annotations) && Object.keys(annotations).length > 0 && { annotations },
  };
  const own = kindNameIn(object) === 'CustomResourceDefinition' ? { spec: { ...mapping(fields.spec), versions: undefined } } : fields;
  const shown = redactedValue(withoutSecretVariables({ apiVersion, kind, metadata: kept, ...own })) as Mapping;
  const roots = kindNameIn(object) === 'ConfigMap' && others.name === ROOT_CONFIG_MAP ? mapping(fields.data)[ROOT_CERT] : undefined;
  // Certificates are public; any other content under this key is hidden.
  return roots === undefined || publicPemFault(ROOT_CERT, roots) ? shown : {
    ...shown, data: { ...mapping(shown.data), [ROOT_CERT]: roots },
  };
}

/** An address that something may listen on; other values of variables are for the application alone. */
const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[a-z0-9.-]{1,253}(?::\d{1,5})?(?:\/[\w./-]*)?$/i;
const SECRET_NAME = /pass|pwd|secret|token|key|credential|auth/i;

/** Keeps a variable's value only if it may be an address or a flag of istiod. */
function withoutSecretVariables(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretVariables);
  // Settings of proxies and istiod decide connections, and aren't secret.
  if (!isMapping(value) || value.name === 'istio-proxy' || value.name === 'discovery') return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) =>
    (key === 'env' && Array.isArray(field) ? [key, mappings(field).map(variable)] : [key, withoutSecretVariables(field)])));
}

function variable(one: Mapping): Mapping {
  const [name, value] = [text(one.name) ?? '', text(one.value)];
  return value === undefined || (ADDRESS.test(value) && !SECRET_NAME.test(name)) ? one : { ...one, value: '' };
}
