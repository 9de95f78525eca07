import { mapping } from '../../manifests/mapping';
import { grouped } from '../collections';
import { NamedServices } from '../compare/named-services';
import { inventoryChange, ComparedObject, objectOf } from '../compare/object-changes';
import { saidOfMesh } from '../compare/said-of-mesh';
import { InventoryChange } from '../inventory/inventory';
import { isOf, KIND, Kinds } from '../inventory/kinds';
import { compareNames, idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { runsAlike } from '../workloads/runs-alike';
import { Workload } from '../workloads/workload';

/** One version of an object during a change, with the pods that run for it. */
export interface Version {
  /** The change to the mesh before that makes this version; undefined if the object is unchanged. */
  readonly change?: InventoryChange;
  /** The pods, if the object runs some. */
  readonly pods?: Workload;
}

/** The smallest part of a change: an object, or the pods of a workload that must restart to get or lose a sidecar. */
export interface ChangeUnit {
  /** The object after the change, or before its deletion. */
  readonly object: MeshObject;
  /** The object before the change; undefined if it doesn't exist. */
  readonly former?: MeshObject;
  /** Undefined if the object stays as it is and only its pods restart. */
  readonly change?: ComparedObject;
  /** The first version is that before the change. */
  readonly versions: readonly Version[];
  /** The index of the version after the change. */
  readonly goal: number;
}

/** The parts of a change. */
export interface ChangeUnits {
  readonly units: readonly ChangeUnit[];
  /** Units, by index, that change together: a namespace's labels and the pods that restart with them. */
  readonly groups: readonly (readonly number[])[];
  /** Temporary rules: of these units, as many change at once as is safe. */
  readonly loose: readonly (readonly number[])[];
  /** Changed objects that don't affect connections: they may change at any time. */
  readonly others: readonly ComparedObject[];
}

/** The kinds, other than workloads, that affect which server a call reaches and with which TLS. */
const TRANSPORT_KINDS = Kinds.of(
  'Namespace', 'PodTemplate', 'Service', 'ConfigMap', 'Endpoints', 'EndpointSlice', 'PeerAuthentication', 'DestinationRule',
  'VirtualService', 'ServiceEntry', 'WorkloadEntry', 'WorkloadGroup', 'Sidecar', 'ProxyConfig', 'EnvoyFilter', 'HTTPRoute', 'GRPCRoute',
  'TCPRoute', 'TLSRoute', 'BackendTLSPolicy', 'XBackendTrafficPolicy', 'MutatingWebhookConfiguration',
);

/** The kinds that decide whether other objects' pods get a sidecar, and which. */
const INJECTION_KINDS = Kinds.of('Namespace', 'ConfigMap', 'PodTemplate', 'ProxyConfig', 'MutatingWebhookConfiguration');

/** Two states of a mesh, or of one case of it. */
export interface MeshStates {
  readonly before: Mesh;
  readonly after: Mesh;
}

/**
 * Splits a change into its parts.
 *
 * @param cases both states, in each case that they leave open
 * @returns the parts in each case: the same units, whose pods may differ
 */
export function unitsOf(cases: readonly MeshStates[], changes: readonly ComparedObject[]): readonly ChangeUnits[] {
  const pods = cases.map(({ before, after }) => new JointPods(before, after));
  const [{ before, after }] = cases;
  const named = new NamedServices([before.objects, after.objects]);
  const [units, others]: [ComparedObject[], ComparedObject[]] = [[], []];
  for (const change of changes) {
    const key = idKey(objectOf(change));
    const isWorkload = pods.some((one) => one.has(key));
    const isUnit = isWorkload ? pods.some((one) => one.isChanged(key)) : isOfTransport(change, named);
    (isUnit ? units : others).push(change);
  }
  const restarting = restarts(pods, changes);
  const { groups } = groupsOf(units, restarting, pods);
  return pods.map((one) => ({
    units: [
      ...units.map((change) => unitOf({ object: objectOf(change), former: change.before, change }, one)),
      ...restarting.map((object) => unitOf({ object, former: object }, one)),
    ],
    groups,
    loose: [],
    others,
  }));
}

function isOfTransport(change: ComparedObject, named: NamedServices): boolean {
  const object = objectOf(change);
  if (TRANSPORT_KINDS.has(object) || named.areOf(change)) return true;
  return isOf(object, KIND.GatewayApiGateway) && saidOfMesh(change.before) !== saidOfMesh(change.after);
}

function unitOf(unit: Pick<ChangeUnit, 'object' | 'former' | 'change'>, joint: JointPods): ChangeUnit {
  const [former, latter] = joint.of(idKey(unit.object));
  return { ...unit, versions: [{ pods: former }, { ...unit.change && { change: inventoryChange(unit.change) }, pods: latter }], goal: 1 };
}

/** The pods of both states of a mesh, by the key of their workload. */
class JointPods {
  private readonly former: ReadonlyMap<string, Workload>;
  private readonly latter: ReadonlyMap<string, Workload>;

  constructor(before: Mesh, after: Mesh) {
    [this.former, this.latter] = [before, after].map(({ workloads }) => new Map(workloads.map((one) => [idKey(one), one])));
  }

  keys(): Iterable<string> {
    return new Set([...this.former.keys(), ...this.latter.keys()]);
  }

  has(key: string): boolean {
    return this.former.has(key) || this.latter.has(key);
  }

  isChanged(key: string): boolean {
    return !runsAlike(this.former.get(key), this.latter.get(key));
  }

  objectOf(key: string): MeshObject | undefined {
    return (this.latter.get(key) ?? this.former.get(key))?.object;
  }

  /** The pods before and after the change, the latter marked as different. */
  of(key: string): readonly [former: Workload | undefined, latter: Workload | undefined] {
    const latter = this.latter.get(key);
    return [this.former.get(key), latter && { ...latter, template: 1 }];
  }
}

/** Workloads that are unchanged themselves, but whose pods change in some case. */
function restarts(pods: readonly JointPods[], changes: readonly ComparedObject[]): readonly MeshObject[] {
  const changed = new Set(changes.map((change) => idKey(objectOf(change))));
  const keys = new Set(pods.flatMap((one) => [...one.keys()]).filter((key) => !changed.has(key)));
  return [...keys].filter((key) => pods.some((one) => one.isChanged(key)))
    .flatMap((key) => pods.map((one) => one.objectOf(key)).find((object) => object) ?? []).sort(compareNames);
}

/** Groups a workload's restart with its namespace's labels, or else with all objects that decide about injection. */
function groupsOf(
  changes: readonly ComparedObject[], restarting: readonly MeshObject[], pods: readonly JointPods[],
): Pick<ChangeUnits, 'groups'> {
  const objects = changes.map(objectOf);
  const namespaces = grouped([...objects.keys()].filter((index) => isOf(objects[index], KIND.Namespace)), (index) => objects[index].name);
  const namespacesOf = ({ namespace }: MeshObject): readonly number[] => namespaces.get(namespace) ?? [];
  const dependent = [
    ...objects.map((object, index) => ({ object, index }))
      .filter(({ object }) => pods.some((one) => one.has(idKey(object))) && namespacesOf(object).length > 0),
    ...restarting.map((object, index) => ({ object, index: changes.length + index })),
  ];
  const groups = new Map(changes.map((_, index) => [index, [index]]));
  const joined = (one: number, other: number): void => {
    const [group, added] = [groups.get(one)!, groups.get(other)!];
    if (group === added) return;
    group.push(...added);
    for (const index of added) groups.set(index, group);
  };
  for (const { object, index } of dependent) {
    if (!groups.has(index)) groups.set(index, [index]);
    const own = namespacesOf(object);
    const causes = own.length > 0 ? own : objects.flatMap((one, at) => (INJECTION_KINDS.has(one) ? [at] : []));
    for (const cause of causes) joined(cause, index);
  }
  return { groups: [...new Set(groups.values())] };
}

/** The object in one of its versions; undefined if it doesn't exist then. */
export function objectIn({ object, former, versions }: ChangeUnit, version: number): MeshObject | undefined {
  const { change } = versions[version];
  if (!change) return former;
  if (!('apply' in change)) return undefined;
  return { ...object, source: change.apply as object, spec: mapping(mapping(change.apply).spec) };
}

/** Whether a unit replaces pods: old and new pods run at the same time for a while. */
export function isRollout({ versions }: ChangeUnit): boolean {
  return versions.some(({ pods }) => pods !== undefined);
}
