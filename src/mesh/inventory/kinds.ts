import { groupOf } from '../../manifests/kinds';
import { text } from '../../manifests/mapping';

/**
 * A kind of objects. Several API groups may have kinds of one name: Kubernetes and Knative
 * have Services, Istio and the Gateway API Gateways.
 */
export interface Kind {
  readonly group: string;
  readonly kind: string;
}

/** The kinds that a mesh is read from besides those that run pods, by their API group. */
const READ = {
  '': ['Namespace', 'PodTemplate', 'Service', 'ConfigMap', 'ServiceAccount', 'Endpoints'],
  'discovery.k8s.io': ['EndpointSlice'],
  'networking.k8s.io': ['Ingress', 'IngressClass', 'NetworkPolicy'],
  'security.istio.io': ['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'],
  'networking.istio.io': [
    'DestinationRule', 'VirtualService', 'ServiceEntry', 'WorkloadEntry', 'WorkloadGroup', 'Sidecar', 'ProxyConfig', 'EnvoyFilter',
    'Gateway',
  ],
  'extensions.istio.io': ['WasmPlugin', 'TrafficExtension'],
  'gateway.networking.k8s.io': ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'BackendTLSPolicy'],
  'gateway.networking.x-k8s.io': ['XBackendTrafficPolicy'],
  'admissionregistration.k8s.io': ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  'apiregistration.k8s.io': ['APIService'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'monitoring.coreos.com': ['ServiceMonitor', 'PodMonitor'],
} as const;

/** The kinds that provide istiod's CA. */
const OF_CA = {
  '': ['Secret'],
  'cert-manager.io': ['Certificate', 'Issuer', 'ClusterIssuer'],
  'external-secrets.io': ['ExternalSecret'],
  'bitnami.com': ['SealedSecret'],
  'trust.cert-manager.io': ['Bundle'],
} as const;

/** The kinds that run pods and of which the model knows more than their pods. */
const RUNNING_PODS = {
  '': ['Pod'],
  'apps': ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  'batch': ['Job', 'CronJob'],
  'argoproj.io': ['Rollout'],
} as const;

type NamesIn<T extends Readonly<Record<string, readonly string[]>>> = T[keyof T][number];

/** The kinds that a mesh is read from, by name. */
export type KindName = NamesIn<typeof READ> | NamesIn<typeof OF_CA> | NamesIn<typeof RUNNING_PODS>;

/** Kinds whose names others have that are read, too. */
const OF_ONE_NAME = {
  GatewayApiGateway: { group: 'gateway.networking.k8s.io', kind: 'Gateway' },
  KruiseStatefulSet: { group: 'apps.kruise.io', kind: 'StatefulSet' },
  KruiseDaemonSet: { group: 'apps.kruise.io', kind: 'DaemonSet' },
};

/** Every kind that the model asks for, with its group. */
export const KIND: Readonly<Record<KindName | keyof typeof OF_ONE_NAME, Kind>> = {
  ...byName(READ),
  ...byName(OF_CA),
  ...byName(RUNNING_PODS),
  ...OF_ONE_NAME,
};

function byName<T extends Readonly<Record<string, readonly string[]>>>(groups: T): Readonly<Record<NamesIn<T>, Kind>> {
  const entries = Object.entries(groups).flatMap(([group, names]) => names.map((kind) => [kind, { group, kind }] as const));
  return Object.fromEntries(entries) as unknown as Record<NamesIn<T>, Kind>;
}

/** Whether an object is of a kind. */
export function isOf(object: Kind, { group, kind }: Kind): boolean {
  return object.kind === kind && object.group === group;
}

/** The kind of a manifest. */
export function kindOf({ apiVersion, kind }: Readonly<Partial<Record<'apiVersion' | 'kind', unknown>>>): Kind {
  return { group: groupOf(text(apiVersion) ?? ''), kind: text(kind) ?? '' };
}

/** The name in `KIND` of an object's kind; undefined: the model doesn't know it, though it may know another of the same name. */
export function kindNameOf(object: Kind): KindName | undefined {
  return Object.hasOwn(KIND, object.kind) && isOf(object, KIND[object.kind as KindName]) ? object.kind as KindName : undefined;
}

/** Several kinds. */
export class Kinds implements Iterable<Kind> {
  /** @param names as in `KIND` */
  static of(...names: readonly (keyof typeof KIND)[]): Kinds {
    return new Kinds(names.map((name) => KIND[name]));
  }

  private readonly groups: ReadonlyMap<string, readonly string[]>;

  private constructor(private readonly all: readonly Kind[]) {
    const byKind = new Map<string, string[]>();
    for (const { group, kind } of all) byKind.set(kind, [...byKind.get(kind) ?? [], group]);
    this.groups = byKind;
  }

  has({ group, kind }: Kind): boolean {
    return this.groups.get(kind)?.includes(group) ?? false;
  }

  [Symbol.iterator](): Iterator<Kind> {
    return this.all[Symbol.iterator]();
  }
}

/** Those that a mesh is read from besides those that run pods. */
export const READ_KINDS = Kinds.of(...Object.values(READ).flat(), 'GatewayApiGateway');

export const CA_KINDS = Kinds.of(...Object.values(OF_CA).flat());

/** The kinds of Istio's own API and of the Gateway API, which may be split between istiods of several revisions. */
export const ISTIO_KINDS =
  Kinds.of(...Object.entries(READ).flatMap(([group, names]) => (/\.istio\.io$|^gateway\./.test(group) ? names : [])));

/** Kinds that number their pods, which call each other. */
export const STATEFUL_SETS = Kinds.of('StatefulSet', 'KruiseStatefulSet');

/** Kinds that run a pod on each node. */
export const DAEMON_SETS = Kinds.of('DaemonSet', 'KruiseDaemonSet');

/** Whether the mesh is read from objects of an API group, or pods run for them. */
export function definesMesh(group: string): boolean {
  return Object.hasOwn(READ, group) || Object.hasOwn(RUNNING_PODS, group);
}

/** Whether objects of an inventory run or describe pods. */
export function hasPods(object: Kind): boolean {
  return isOf(object, KIND.PodTemplate) || !READ_KINDS.has(object);
}
