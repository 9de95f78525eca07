import { mapping } from '../../manifests/mapping';
import { grouped } from '../collections';
import { inventoryChange, ComparedObject, objectOf } from '../compare/object-changes';
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

/** Splits a change into its parts. */
export function unitsOf(before: Mesh, after: Mesh, changes: readonly ComparedObject[]): ChangeUnits {
  const [former, latter] = [byId(before.workloads), byId(after.workloads)];
  const units: ChangeUnit[] = [];
  const others: ComparedObject[] = [];
  for (const change of changes) {
    const object = objectOf(change);
    const key = idKey(object);
    const [one, other] = [former.get(key), latter.get(key)];
    const isWorkload = one !== undefined || other !== undefined;
    if (isWorkload ? runsAlike(one, other) : !TRANSPORT_KINDS.has(object)) {others.push(change);} else {
      units.push({
        object, former: change.before, change, versions: [{ pods: one }, { change: inventoryChange(change), pods: ofNext(other) }], goal: 1,
      });
    }
  }
  return { units: [...units, ...restarts(former, latter, changes)], ...groupsOf(units, former, latter, changes), loose: [], others };
}

/** Workloads that are unchanged themselves, but whose pods change. */
function restarts(
  former: ReadonlyMap<string, Workload>, latter: ReadonlyMap<string, Workload>, changes: readonly ComparedObject[],
): readonly ChangeUnit[] {
  const changed = new Set(changes.map((change) => idKey(objectOf(change))));
  return [...new Set([...former.keys(), ...latter.keys()])].flatMap((key) => {
    const [one, other] = [former.get(key), latter.get(key)];
    if (changed.has(key) || runsAlike(one, other)) return [];
    const { object } = (other ?? one)!;
    return [{ object, former: object, versions: [{ pods: one }, { pods: ofNext(other) }], goal: 1 }];
  }).sort((one, other) => compareNames(one.object, other.object));
}

/** The pods after the change, marked as different from those before. */
function ofNext(pods: Workload | undefined): Workload | undefined {
  return pods && { ...pods, template: 1 };
}

/** Groups a workload's restart with its namespace's labels, or else with all objects that decide about injection. */
function groupsOf(
  units: readonly ChangeUnit[], former: ReadonlyMap<string, Workload>, latter: ReadonlyMap<string, Workload>,
  changes: readonly ComparedObject[],
): Pick<ChangeUnits, 'groups'> {
  const restarting = restarts(former, latter, changes);
  const namespaces = grouped([...units.keys()].filter((index) => isOf(units[index].object, KIND.Namespace)),
    (index) => units[index].object.name);
  const namespacesOf = (unit: ChangeUnit): readonly number[] => namespaces.get(unit.object.namespace) ?? [];
  const dependent = [
    ...units.map((unit, index) => ({ unit, index })).filter(({ unit }) => isRollout(unit) && namespacesOf(unit).length > 0),
    ...restarting.map((unit, index) => ({ unit, index: units.length + index })),
  ];
  const groups = new Map(units.map((_, index) => [index, [index]]));
  const joined = (one: number, other: number): void => {
    const [group, added] = [groups.get(one)!, groups.get(other)!];
    if (group === added) return;
    group.push(...added);
    for (const index of added) groups.set(index, group);
  };
  for (const { unit, index } of dependent) {
    if (!groups.has(index)) groups.set(index, [index]);
    const own = namespacesOf(unit);
    const causes = own.length > 0 ? own : units.flatMap(({ object: one }, at) => (INJECTION_KINDS.has(one) ? [at] : []));
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

function byId(workloads: readonly Workload[]): ReadonlyMap<string, Workload> {
  return new Map(workloads.map((workload) => [idKey(workload), workload]));
}
