import { FieldPath } from '../findings/finding';

/** A kind whose objects run pods. */
export interface WorkloadKind {
  readonly group: string;
  readonly kind: string;
  /** The field that holds the template of its pods; a Pod is its own. */
  readonly podTemplate: FieldPath;
}

const TEMPLATE: FieldPath = ['spec', 'template'];

/** The kinds of Kubernetes that run pods, and Argo's Rollout, which takes a Deployment's place. */
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

/** The kinds that run pods: those that everybody knows, and those that a user tells of. */
export class WorkloadKinds {
  static readonly BUILT_IN = new WorkloadKinds();

  /** @param told kinds that aren't built in */
  static with(told: readonly WorkloadKind[] = []): WorkloadKinds {
    return told.length === 0 ? WorkloadKinds.BUILT_IN : new WorkloadKinds(told);
  }

  readonly all: readonly WorkloadKind[];
  private readonly byName: ReadonlyMap<string, WorkloadKind>;

  private constructor(readonly told: readonly WorkloadKind[] = []) {
    this.all = [...BUILT_IN, ...told];
    this.byName = new Map(this.all.map((one) => [groupKind(one), one]));
  }

  /** The kind of an object that runs pods; undefined: it runs none, as far as is known. */
  of({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): WorkloadKind | undefined {
    return typeof apiVersion === 'string' && typeof kind === 'string'
      ? this.byName.get(groupKind({ group: groupOf(apiVersion), kind }))
      : undefined;
  }
}

/** `apps` of `apps/v1`; nothing of `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf('/'), 0));
}

/** As Kubernetes writes a kind of any group: `CloneSet.apps.kruise.io`. */
export function groupKind({ group, kind }: Pick<WorkloadKind, 'group' | 'kind'>): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** How the objects of a kind are named: each namespace has its own, or the cluster as a whole. */
export type Scope = 'namespaced' | 'cluster';

/** A group's kinds, and the version that an object of it is written in today. */
interface Group {
  readonly version: string;
  readonly namespaced?: readonly string[];
  readonly cluster?: readonly string[];
}

/** The kinds of Kubernetes, Istio and the Gateway API by group, the group that has them today before those that had them once. */
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

/** Operators' kinds that a mesh is read from: their groups are theirs, so by their names alone they are nobody's. */
const OPERATORS: { readonly [group: string]: Group } = {
  'argoproj.io': { version: 'v1alpha1', namespaced: ['Rollout'] },
  'monitoring.coreos.com': { version: 'v1', namespaced: ['PodMonitor', 'PrometheusRule', 'ServiceMonitor'] },
};

const SCOPES: ReadonlyMap<string, Scope> = new Map(Object.entries({ ...GROUPS, ...OPERATORS }).flatMap(scopesOf));

/** A name that several groups have stands for the kind of the first. */
const API_VERSIONS: ReadonlyMap<string, string> = new Map(Object.entries(GROUPS).reverse().flatMap(apiVersionsOf));

function scopesOf([group, { namespaced = [], cluster = [] }]: [string, Group]): [string, Scope][] {
  const entries = (kinds: readonly string[], scope: Scope) => kinds.map((kind): [string, Scope] => [`${group}/${kind}`, scope]);
  return [...entries(namespaced, 'namespaced'), ...entries(cluster, 'cluster')];
}

function apiVersionsOf([group, { version, namespaced = [], cluster = [] }]: [string, Group]): [string, string][] {
  return [...namespaced, ...cluster].map((kind) => [kind, group === '' ? version : `${group}/${version}`]);
}

/** Undefined: a kind that isn't known, such as an operator's. */
export function scopeOf({ apiVersion, kind }: Readonly<Record<string, unknown>>): Scope | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  return SCOPES.get(`${groupOf(apiVersion)}/${kind}`);
}

/** The apiVersion of a kind of Kubernetes', Istio's or the Gateway API's that a document names without one; undefined: no such kind. */
export function usualApiVersion(kind: unknown): string | undefined {
  return typeof kind === 'string' ? API_VERSIONS.get(kind) : undefined;
}

/** Whether an object goes to a namespace and doesn't say to which: kubectl puts it into that of `--namespace`. */
export function lacksNamespace(object: Readonly<Record<string, unknown>>, workloads = WorkloadKinds.BUILT_IN): boolean {
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null || ((metadata as { namespace?: unknown }).namespace ?? '') !== '') return false;
  return scopeOf(object) === 'namespaced' || workloads.of(object) !== undefined;
}

/** The object as kubectl sends it with `--namespace`: one that names a namespace keeps it. */
export function inNamespace<T extends Readonly<Record<string, unknown>>>(
  object: T, namespace: string | undefined, workloads?: WorkloadKinds,
): T {
  return namespace !== undefined && lacksNamespace(object, workloads) ? {
    ...object, metadata: { ...object.metadata as object, namespace },
  } : object;
}

/** The name that stands for all sidecars where VirtualServices name gateways. */
export const MESH_GATEWAY = 'mesh';
