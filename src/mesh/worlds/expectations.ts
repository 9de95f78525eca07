import { MissingInjection } from '../../findings/condition';
import { isMapping, labelsOf, mapping, mappings, text } from '../../manifests/mapping';
import { addTo, grouped } from '../collections';
import { DEFAULT_REVISION } from '../config/control-plane-facts';
import { REVISION } from '../config/revisions';
import { isOf, KIND, Kind, Kinds } from '../inventory/kinds';
import { compareNames, MeshObject, nameOf, ObjectName } from '../inventory/object';
import { Mesh } from '../mesh';
import { Labels, selects } from '../names/labels';
import { isForSidecars } from '../plan/unit-manifests';
import { DATAPLANE, isWaypoint, showsAmbient } from '../workloads/ambient';
import { INJECT } from '../workloads/injection';
import { INJECTION } from '../workloads/injection-facts';
import { factKey, missingOf } from '../workloads/missing-injection';
import { Workload } from '../workloads/workload';

/** Objects that mean nothing where a missing fact doesn't hold, since there are no sidecars then. */
export interface ExpectedBy {
  /** `strong`: they are for sidecars and nothing else; `weak`: they may be meant for other proxies. */
  readonly strength: 'strong' | 'weak';
  /** How many objects expect it. */
  readonly objects: number;
  /** The first of them; of a strong expectation, the first that is for sidecars only. */
  readonly example: ObjectName;
}

/** Kinds of objects that only sidecars read. */
const OF_SIDECARS = Kinds.of('Sidecar', 'ProxyConfig');

/** Kinds of objects with a selector that other proxies may read, too. */
const OF_PROXIES = Kinds.of('PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication', 'EnvoyFilter', 'WasmPlugin');

const TELEMETRY: Kind = { group: 'telemetry.istio.io', kind: 'Telemetry' };

/** The annotations of pods that a sidecar's injector or agent reads. */
const OF_PODS = /^(?:sidecar|proxy|traffic\.sidecar|inject)\.istio\.io\//;

const USES_WAYPOINT = 'istio.io/use-waypoint';

/**
 * The missing facts that objects expect to hold, by `factKey`. A namespace's injection is expected by objects that select one of its pods
 * there, by routes for the mesh, and by pods with annotations for a sidecar that neither ask for one by a label nor decline it; not by
 * DestinationRules, whose clients may be elsewhere. A revision is expected by whatever asks for it.
 */
export function expectationsOf(mesh: Mesh, facts: readonly MissingInjection[]): ReadonlyMap<string, ExpectedBy> {
  const { objects, planes, workloads } = mesh;
  const { rootNamespace } = planes.default.config;
  const lacking = grouped(workloads.filter((one) => missingOf(one)), (one) => factKey(missingOf(one)!));
  const namespaces = new Set(facts.filter(({ fact }) => fact === 'namespace').map(({ name }) => name));
  const objectsThere = new Map<string, MeshObject[]>();
  for (const object of [...objects.all(), ...objects.unread.values()]) {
    if (namespaces.has(object.namespace) && object.namespace !== rootNamespace) addTo(objectsThere, object.namespace, object);
  }
  const hasAmbient = showsAmbient(objects);
  const found = new Map<string, ExpectedBy>();
  for (const fact of facts) {
    const { fact: about, name } = fact;
    const expectation = about === 'revision' ? ofRevision(name, mesh)
      : ofNamespace(lacking.get(factKey(fact)) ?? [], objectsThere.get(name) ?? [], hasAmbient);
    if (expectation) found.set(factKey(fact), expectation);
  }
  return found;
}

/** Undefined: nothing there expects sidecars. */
function ofNamespace(pods: readonly Workload[], objects: readonly MeshObject[], hasAmbient: boolean): ExpectedBy | undefined {
  const own = pods.filter(isForSidecar).map(({ object }) => object);
  const selecting = objects.filter((object) => OF_SIDECARS.has(object) && selectsAny(object, pods));
  const strong = expectationOf('strong', [...own, ...selecting]);
  if (strong) return strong;
  if (hasAmbient || objects.some(isForAmbient)) return undefined;
  return expectationOf('weak', objects.filter((object) => isForProxies(object, pods)));
}

/** Undefined: nothing asks for the revision. */
function ofRevision(revision: string, { objects, workloads }: Mesh): ExpectedBy | undefined {
  const isDefault = revision === DEFAULT_REVISION;
  const asksFor = (labels: Labels, asking: string, value: string): boolean => (
    labels[REVISION] === revision || (isDefault && labels[REVISION] === undefined && labels[asking] === value));
  const namespaces = objects.of(KIND.Namespace).filter(({ labels }) => asksFor(labels, INJECTION, 'enabled'));
  const pods = workloads.filter(({ labels }) => asksFor(labels, INJECT, 'true')).map(({ object }) => object);
  return expectationOf('strong', [...namespaces, ...pods]);
}

function expectationOf(strength: ExpectedBy['strength'], objects: readonly MeshObject[]): ExpectedBy | undefined {
  const [first] = [...objects].sort(compareNames);
  return first && { strength, objects: objects.length, example: nameOf(first) };
}

/** Whether pods are annotated for a sidecar that only their namespace can give them. */
function isForSidecar({ labels, annotations }: Workload): boolean {
  if (labels[INJECT] !== undefined || labels[REVISION] !== undefined || annotations[INJECT] === 'false') return false;
  return Object.keys(annotations).some((key) => OF_PODS.test(key));
}

function isForProxies(object: MeshObject, pods: readonly Workload[]): boolean {
  if (isOf(object, KIND.VirtualService)) return isForSidecars(object);
  return (OF_PROXIES.has(object) || isOf(object, TELEMETRY)) && selectsAny(object, pods);
}

/** Whether an object's selector selects some of the pods; what targets gateways or Services selects none. */
function selectsAny({ spec }: MeshObject, pods: readonly Workload[]): boolean {
  if (isMapping(spec.targetRef) || mappings(spec.targetRefs).length > 0) return false;
  const selector: Labels = { ...labelsOf(mapping(spec.selector).matchLabels), ...labelsOf(mapping(spec.workloadSelector).labels) };
  return pods.some(({ labels }) => selects(selector, labels));
}

/** Whether an object is there for ztunnel or a waypoint. */
function isForAmbient(object: MeshObject): boolean {
  const { labels, spec } = object;
  const targets = [...isMapping(spec.targetRef) ? [spec.targetRef] : [], ...mappings(spec.targetRefs)];
  return labels[DATAPLANE] !== undefined || labels[USES_WAYPOINT] !== undefined
    || targets.some((target) => isOf({ group: text(target.group) ?? '', kind: text(target.kind) ?? '' }, KIND.Service))
    || (isOf(object, KIND.GatewayApiGateway) && isWaypoint(object));
}
