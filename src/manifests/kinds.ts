import { FieldPath } from '../findings/finding';

/** A kind whose objects run pods. */
export interface WorkloadKind {
  readonly group: string;
  readonly kind: string;
  /** The field with the pod template; a Pod is its own template. */
  readonly podTemplate: FieldPath;
}

const TEMPLATE: FieldPath = ['spec', 'template'];

/** Kubernetes' kinds that run pods, and Argo's Rollout, which replaces a Deployment. */
const BUILT_IN: readonly WorkloadKind[] = [
  { group: 'apps', kind: 'Deployment', podTemplate: TEMPLATE },
  { group: 'apps', kind: 'StatefulSet', podTemplate: TEMPLATE },
  { group: 'apps', kind: 'DaemonSet', podTemplate: TEMPLATE },
  { group: 'apps', kind: 'ReplicaSet', podTemplate: TEMPLATE },
  { group: '', kind: 'ReplicationController', podTemplate: TEMPLATE },
  { group: 'batch', kind: 'Job', podTemplate: TEMPLATE },
  { group: 'batch', kind: 'CronJob', podTemplate: ['spec', 'jobTemplate', 'spec', 'template'] },
  { group: 'argoproj.io', kind: 'Rollout', podTemplate: TEMPLATE },
  { group: '', kind: 'Pod', podTemplate: [] },
];

/** The kinds that run pods: built-in ones, and those that the user adds. */
export class WorkloadKinds {
  static readonly BUILT_IN = new WorkloadKinds();

  /** @param told the user's kinds */
  static with(told: readonly WorkloadKind[] = []): WorkloadKinds {
    return told.length === 0 ? WorkloadKinds.BUILT_IN : new WorkloadKinds(told);
  }

  readonly all: readonly WorkloadKind[];
  private readonly byName: ReadonlyMap<string, WorkloadKind>;

  private constructor(readonly told: readonly WorkloadKind[] = []) {
    this.all = [...BUILT_IN, ...told];
    this.byName = new Map(this.all.map((one) => [groupKind(one), one]));
  }

  /** The kind of an object that runs pods; undefined if it is unknown or runs none. */
  of({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): WorkloadKind | undefined {
    return typeof apiVersion === 'string' && typeof kind === 'string'
      ? this.byName.get(groupKind({ group: groupOf(apiVersion), kind }))
      : undefined;
  }
}

/** `apps` for `apps/v1`; empty for `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}

/** A kind with its group, as Kubernetes writes it: `CloneSet.apps.kruise.io`. */
export function groupKind({ group, kind }: Pick<WorkloadKind, 'group' | 'kind'>): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** Whether objects of a kind have a namespace. */
export type Scope = 'namespaced' | 'cluster';

/** A group's kinds and current version. */
interface Group {
  readonly version: string;
  readonly namespaced?: readonly string[];
  readonly cluster?: readonly string[];
}

/** The kinds of Kubernetes, Istio and the Gateway API by group; a kind's current group comes before former ones. */
const GROUPS: { readonly [group: string]: Group } = {
  '': {
    version: 'v1',
    namespaced: ['Binding', 'ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'PersistentVolumeClaim', 'Pod', 'PodTemplate',
      'ReplicationController', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
    cluster: ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  },
  'apps': { version: 'v1', namespaced: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'] },
  'batch': { version: 'v1', namespaced: ['CronJob', 'Job'] },
  'autoscaling': { version: 'v2', namespaced: ['HorizontalPodAutoscaler'] },
  'policy': { version: 'v1', namespaced: ['Eviction', 'PodDisruptionBudget'], cluster: ['PodSecurityPolicy'] },
  'networking.k8s.io': { version: 'v1', namespaced: ['Ingress', 'NetworkPolicy'], cluster: ['IngressClass', 'IPAddress', 'ServiceCIDR'] },
  'discovery.k8s.io': { version: 'v1', namespaced: ['EndpointSlice'] },
  'events.k8s.io': { version: 'v1', namespaced: ['Event'] },
  'coordination.k8s.io': { version: 'v1', namespaced: ['Lease', 'LeaseCandidate'] },
  'rbac.authorization.k8s.io': { version: 'v1', namespaced: ['Role', 'RoleBinding'], cluster: ['ClusterRole', 'ClusterRoleBinding'] },
  'authorization.k8s.io': {
    version: 'v1',
    namespaced: ['LocalSubjectAccessReview'],
    cluster: ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  },
  'authentication.k8s.io': { version: 'v1', cluster: ['SelfSubjectReview', 'TokenReview'] },
  'admissionregistration.k8s.io': {
    version: 'v1',
    cluster: ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding', 'MutatingWebhookConfiguration', 'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration'],
  },
  'apiextensions.k8s.io': { version: 'v1', cluster: ['CustomResourceDefinition'] },
  'apiregistration.k8s.io': { version: 'v1', cluster: ['APIService'] },
  'certificates.k8s.io': {
    version: 'v1', namespaced: ['PodCertificateRequest'], cluster: ['CertificateSigningRequest', 'ClusterTrustBundle'],
  },
  'flowcontrol.apiserver.k8s.io': { version: 'v1', cluster: ['FlowSchema', 'PriorityLevelConfiguration'] },
  'node.k8s.io': { version: 'v1', cluster: ['RuntimeClass'] },
  'resource.k8s.io': {
    version: 'v1', namespaced: ['ResourceClaim', 'ResourceClaimTemplate'], cluster: ['DeviceClass', 'DeviceTaintRule', 'ResourceSlice'],
  },
  'scheduling.k8s.io': { version: 'v1', namespaced: ['PodGroup', 'Workload'], cluster: ['PriorityClass'] },
  'storage.k8s.io': {
    version: 'v1',
    namespaced: ['CSIStorageCapacity'],
    cluster: ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
  },
  'storagemigration.k8s.io': { version: 'v1beta1', cluster: ['StorageVersionMigration'] },
  'extensions': {
    version: 'v1beta1', namespaced: ['DaemonSet', 'Deployment', 'Ingress', 'NetworkPolicy', 'ReplicaSet'], cluster: ['PodSecurityPolicy'],
  },
  'security.istio.io': { version: 'v1', namespaced: ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'] },
  'networking.istio.io': {
    version: 'v1',
    namespaced: ['DestinationRule', 'EnvoyFilter', 'Gateway', 'ProxyConfig', 'ServiceEntry', 'Sidecar', 'VirtualService', 'WorkloadEntry',
      'WorkloadGroup'],
  },
  'telemetry.istio.io': { version: 'v1', namespaced: ['Telemetry'] },
  'extensions.istio.io': { version: 'v1alpha1', namespaced: ['TrafficExtension', 'WasmPlugin'] },
  'install.istio.io': { version: 'v1alpha1', namespaced: ['IstioOperator'] },
  'gateway.networking.k8s.io': {
    version: 'v1',
    namespaced: ['BackendTLSPolicy', 'Gateway', 'GRPCRoute', 'HTTPRoute', 'ListenerSet', 'ReferenceGrant', 'TCPRoute',
      'TLSRoute', 'UDPRoute'],
    cluster: ['GatewayClass'],
  },
  'gateway.networking.x-k8s.io': {
    version: 'v1alpha1', namespaced: ['XBackend', 'XBackendTrafficPolicy', 'XListenerSet'], cluster: ['XMesh'],
  },
};

/** Operators' kinds that a mesh is read from. Their names without a group are too general to identify them. */
const OPERATORS: { readonly [group: string]: Group } = {
  'argoproj.io': { version: 'v1alpha1', namespaced: ['Rollout'] },
  'monitoring.coreos.com': { version: 'v1', namespaced: ['PodMonitor', 'PrometheusRule', 'ServiceMonitor'] },
};

const SCOPES: ReadonlyMap<string, Scope> = new Map(Object.entries({ ...GROUPS, ...OPERATORS }).flatMap(scopesOf));

/** If several groups have a kind, its name alone means that of the first group. */
const API_VERSIONS: ReadonlyMap<string, string> = new Map(Object.entries(GROUPS).reverse().flatMap(apiVersionsOf));

function scopesOf([group, { namespaced = [], cluster = [] }]: [string, Group]): [string, Scope][] {
  const entries = (kinds: readonly string[], scope: Scope) => kinds.map((kind): [string, Scope] => [`${group}/${kind}`, scope]);
  return [...entries(namespaced, 'namespaced'), ...entries(cluster, 'cluster')];
}

function apiVersionsOf([group, { version, namespaced = [], cluster = [] }]: [string, Group]): [string, string][] {
  return [...namespaced, ...cluster].map((kind) => [kind, group === '' ? version : `${group}/${version}`]);
}

/** Undefined for an unknown kind, such as an operator's. */
export function scopeOf({ apiVersion, kind }: Readonly<Record<string, unknown>>): Scope | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  return SCOPES.get(`${groupOf(apiVersion)}/${kind}`);
}

/** The apiVersion of a kind named without one; undefined if neither Kubernetes, Istio nor the Gateway API has the kind. */
export function usualApiVersion(kind: unknown): string | undefined {
  return typeof kind === 'string' ? API_VERSIONS.get(kind) : undefined;
}

/** Whether an object is namespaced but names no namespace, so that kubectl applies it to that of `--namespace`. */
export function lacksNamespace(object: Readonly<Record<string, unknown>>, workloads = WorkloadKinds.BUILT_IN): boolean {
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || ((metadata as { namespace?: unknown }).namespace ?? '') !== '') return false;
  return scopeOf(object) === 'namespaced' || workloads.of(object) !== undefined;
}

/** The object in a default namespace, as with kubectl's `--namespace`: a namespace in the object stays. */
export function inNamespace<T extends Readonly<Record<string, unknown>>>(
  object: T, namespace: string | undefined, workloads?: WorkloadKinds,
): T {
  return namespace !== undefined && lacksNamespace(object, workloads) ? {
    ...object, metadata: { ...object.metadata as object, namespace },
  } : object;
}

/** The annotation of a workload that lists the calls it makes, such as `shop/cart, shop/orders:80, bank.example:443`. */
export const DECLARED_CALLS = 'calls.istio-mtls/to';

/** The annotation of a workload with the path of the construct that emits it, such as `shop/web/Resource`. */
export const CONSTRUCT_PATH = 'constructs.istio-mtls/path';

/** The reserved gateway name in VirtualServices that stands for all sidecars. */
export const MESH_GATEWAY = 'mesh';
