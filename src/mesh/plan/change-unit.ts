import { mapping } from '../../manifests/mapping';
import { grouped } from '../collections';
import { inventoryChange, ComparedObject, objectOf } from '../compare/object-changes';
import { InventoryChange } from '../inventory/inventory';
import { isOf, KIND, Kinds } from '../inventory/kinds';
import { compareNames, idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { runsAlike } from '../workloads/runs-alike';
import { Workload } from '../workloads/workload';

/** An object at some time during a change, and what runs for it. */
export interface Version {
  /** The change that makes it so in the mesh before; undefined: it is unchanged. */
  readonly change?: InventoryChange;
  /** The pods, if the object runs some. */
  readonly pods?: Workload;
}

/** What changes together: an object, or the pods of a workload that must restart to get or lose a sidecar. */
export interface ChangeUnit {
  /** The object after the change, or before its deletion. */
  readonly object: MeshObject;
  /** The object before the change; undefined: it doesn't exist. */
  readonly former?: MeshObject;
  /** Undefined: it stays as it is. */
  readonly change?: ComparedObject;
  /** The first is that before the change. */
  readonly versions: readonly Version[];
  /** Which of them is the goal. */
  readonly goal: number;
}

/** The parts of a change. */
export interface ChangeUnits {
  readonly units: readonly ChangeUnit[];
  /** Units, by index, that change together: a namespace's labels and the pods that restart with them. */
  readonly groups: readonly (readonly number[])[];
  /** Units of which as many change together as safely possible: temporary rules. */
  readonly loose: readonly (readonly number[])[];
  /** Changed objects that don't affect which connections are made and how: they may change at any time. */
  readonly others: readonly ComparedObject[];
}

/** The kinds that affect who is reached and with which TLS, besides those that run pods. */
const TRANSPORT_KINDS = Kinds.of(
  'Namespace', 'PodTemplate', 'Service', 'ConfigMap', 'Endpoints', 'EndpointSlice', 'PeerAuthentication', 'DestinationRule',
  'VirtualService', 'ServiceEntry', 'WorkloadEntry', 'WorkloadGroup', 'Sidecar', 'ProxyConfig', 'EnvoyFilter', 'HTTPRoute', 'GRPCRoute',
  'TCPRoute', 'TLSRoute', 'BackendTLSPolicy', 'XBackendTrafficPolicy', 'MutatingWebhookConfiguration',
);

/** What decides whether other objects' pods get a sidecar, and which. */
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

/** Pods that differ from those before. */
function ofNext(pods: Workload | undefined): Workload | undefined {
  return pods && { ...pods, template: 1 };
}

/** A workload restarts with its namespace's labels, or else with everything that decides about sidecars. */
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

/** The object in one of its versions; undefined: it doesn't exist. */
export function objectIn({ object, former, versions }: ChangeUnit, version: number): MeshObject | undefined {
  const { change } = versions[version];
  if (!change) return former;
  if (!('apply' in change)) return undefined;
  return { ...object, source: change.apply as object, spec: mapping(mapping(change.apply).spec) };
}

/** Whether a unit is pods that are replaced by others, both of which run for a time. */
export function isRollout({ versions }: ChangeUnit): boolean {
  return versions.some(({ pods }) => pods !== undefined);
}

function byId(workloads: readonly Workload[]): ReadonlyMap<string, Workload> {
  return new Map(workloads.map((workload) => [idKey(workload), workload]));
}
