import { ObjectDifference, ReportedObjects } from './object-changes';
import { redacted } from '../findings/safe-text';
import { groupKind } from '../manifests/kinds';
import { mappings } from '../manifests/mapping';
import { canonicalText, ComparedObject, objectOf } from '../mesh/compare/object-changes';
import { isOtherWebhook } from '../mesh/config/other-webhooks';
import { isOf, Kind, KIND } from '../mesh/inventory/kinds';
import { idKey, MeshObject } from '../mesh/inventory/object';
import { MeshStates } from '../mesh/plan/change-unit';
import { routesForGateways } from '../mesh/routes/gateway-routes';
import { hasFaults } from '../mesh/routes/virtual-service';

/** A changed object whose effect isn't analyzed. */
export interface NotJudged extends ObjectDifference {
  /** Why its effect isn't analyzed. */
  readonly why: string;
}

/** The changed objects whose effect isn't analyzed, and those that have none by their kind. */
export interface ReportedNotJudged {
  /** Changed objects whose effect, or a part of it, isn't analyzed, such as AuthorizationPolicies, Gateways and faults. */
  readonly unjudged: readonly NotJudged[];
  /**
   * The number of changed objects of kinds that aren't read, so that their effect isn't analyzed either, by kind and API group, such as
   * `Service.serving.knative.dev`.
   */
  readonly unjudgedKinds: Readonly<Record<string, number>>;
  /** The number of changed objects of kinds that decide nothing about connections, by kind. Secrets aren't counted. */
  readonly unread: Readonly<Record<string, number>>;
}

const [REQUESTS, OUTSIDE, FILTERS, TELEMETRY, PACKETS, FAULTS, WEBHOOK, UNREAD] = [
  'which requests are allowed isn\'t checked', 'calls from outside the mesh aren\'t checked', 'what filters do to requests isn\'t checked',
  'telemetry isn\'t checked', 'which packets the network lets through isn\'t checked',
  'whether requests are aborted or delayed isn\'t checked', 'what it changes in other objects isn\'t checked',
  'the model doesn\'t read this kind',
];

const WHY: Readonly<Record<string, string>> = {
  AuthorizationPolicy: REQUESTS,
  RequestAuthentication: REQUESTS,
  Gateway: OUTSIDE,
  GatewayClass: OUTSIDE,
  Ingress: OUTSIDE,
  IngressClass: OUTSIDE,
  ReferenceGrant: OUTSIDE,
  EnvoyFilter: FILTERS,
  WasmPlugin: FILTERS,
  TrafficExtension: FILTERS,
  Telemetry: TELEMETRY,
  NetworkPolicy: PACKETS,
  MutatingWebhookConfiguration: WEBHOOK,
};

/** The API groups whose objects are listed, whatever their kind: those of Istio, the Gateway API, and Kubernetes' own networking. */
const LISTED = /\.istio\.io$|^gateway\.networking\.(?:k8s|x-k8s)\.io$|^networking\.k8s\.io$/;

/**
 * Kinds that decide nothing about connections, by API group: what may use the API and the nodes, storage, the number of pods, and records.
 * Any other kind that isn't read may run pods, create objects, or filter packets.
 */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  '': ['ComponentStatus', 'ConfigMap', 'Event', 'LimitRange', 'PersistentVolume', 'PersistentVolumeClaim', 'ResourceQuota', 'Secret',
    'ServiceAccount'],
  'apps': ['ControllerRevision'],
  'autoscaling': ['HorizontalPodAutoscaler'],
  'coordination.k8s.io': ['Lease', 'LeaseCandidate'],
  'events.k8s.io': ['Event'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'monitoring.coreos.com': ['PrometheusRule'],
  'policy': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'CSIStorageCapacity', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
};

function isHarmless({ group, kind }: Kind): boolean {
  return Object.hasOwn(HARMLESS, group) && HARMLESS[group].includes(kind);
}

/** All changes of a comparison or a plan. */
interface FoundChanges extends MeshStates {
  /** The changed objects that are read, and others that may create a Service. */
  readonly objects: readonly ComparedObject[];
  /** Those of them that decide about requests, or only configure gateways. */
  readonly unjudged: readonly ComparedObject[];
  /** The changed objects that aren't among these. */
  readonly unread: readonly ComparedObject[];
}

/** The changed objects that aren't judged: by name those that belong to the mesh, and of other kinds their numbers. */
export function notJudgedIn(found: FoundChanges, objects: ReportedObjects): ReportedNotJudged {
  const { unjudged, unread } = found;
  const others = [...found.objects.filter((change) => isOfUnreadKind(change, found)), ...unread.filter((change) => !isListed(change))];
  const named = [...unjudged, ...found.objects.filter(changesUnjudged), ...unread.filter(isListed)];
  return {
    unjudged: named.map((change) => ({ ...objects.of(change), why: whyOf(change) })),
    unjudgedKinds: countsOf(others.filter((change) => !isHarmless(objectOf(change))), groupKind),
    unread: countsOf(others.filter((change) => isHarmless(objectOf(change))), ({ kind }) => kind),
  };
}

function whyOf(change: ComparedObject): string {
  const parts = [...changesFaults(change) ? [FAULTS] : [], ...changesGatewayRoutes(change) ? [OUTSIDE] : []];
  return parts.length > 0 ? parts.join('; ') : WHY[objectOf(change).kind] ?? UNREAD;
}

/** Whether an object without effect on connections has none at all, as far as its kind is read. */
export function isJudged(change: ComparedObject, states: MeshStates): boolean {
  return !changesUnjudged(change) && (isHarmless(objectOf(change)) || !isOfUnreadKind(change, states));
}

/** Whether only the Services are read that an object may create. */
function isOfUnreadKind(change: ComparedObject, { before, after }: MeshStates): boolean {
  const key = idKey(objectOf(change));
  return before.objects.unread.has(key) || after.objects.unread.has(key);
}

/** Whether a part of the object changes that isn't checked. */
function changesUnjudged(change: ComparedObject): boolean {
  return changesFaults(change) || changesGatewayRoutes(change) || isOtherWebhook(objectOf(change));
}

/** Whether a gateway may route otherwise what it receives. */
function changesGatewayRoutes({ before, after }: ComparedObject): boolean {
  return [before, after].some((version) => version && routesForGateways(version)) && specText(before) !== specText(after);
}

function specText(object: MeshObject | undefined): string {
  return object ? canonicalText(object.spec) : '';
}

/** Whether other requests may be aborted or delayed. */
function changesFaults({ before, after }: ComparedObject): boolean {
  return [before, after].some((version) => version && isOf(version, KIND.VirtualService) && hasFaults(version))
    && faultsText(before) !== faultsText(after);
}

/** What decides which requests a VirtualService aborts or delays. */
function faultsText(object: MeshObject | undefined): string {
  if (!object) return '';
  const { hosts, gateways, exportTo, http } = object.spec;
  return canonicalText({ hosts, gateways, exportTo, http: mappings(http).map(({ match, fault }) => ({ match, fault })) });
}

function isListed(change: ComparedObject): boolean {
  return LISTED.test(objectOf(change).group);
}

function countsOf(changes: readonly ComparedObject[], nameOf: (kind: Kind) => string): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const change of changes) {
    const kind = redacted(nameOf(objectOf(change)));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort());
}
