import { isMapping, Mapping, mapping } from '../../manifests/mapping';
import { Change, Inventory } from '../inventory/inventory';
import { compareNames, compareTexts, idKey, MeshObject, YOUNGEST } from '../inventory/object';

/** An object that differs between two states of a mesh. */
export interface ObjectChange {
  /** Undefined: it is added. */
  readonly before?: MeshObject;
  /** Undefined: it is removed. */
  readonly after?: MeshObject;
}

/** What an API server writes into objects, including the namespace of those without one, and tools that remember what they applied: it decides nothing. */
const KEPT_BY_SERVERS = ['namespace', 'managedFields', 'resourceVersion', 'uid', 'generation', 'creationTimestamp', 'selfLink'];
const KEPT_BY_TOOLS = ['kubectl.kubernetes.io/last-applied-configuration'];

/** The objects that differ, by namespace, name and kind; without those that decide nothing about a mesh. */
export function objectChanges(before: Inventory, after: Inventory): readonly ObjectChange[] {
  const former = new Map([...before.all()].map((object) => [idKey(object), object]));
  const changes: ObjectChange[] = [];
  for (const object of after.all()) {
    const same = former.get(idKey(object));
    former.delete(idKey(object));
    if (!same || !areAlike(same, object)) changes.push({ before: same, after: object });
  }
  for (const object of former.values()) changes.push({ before: object });
  return changes.sort((one, other) => compareNames(objectOf(one), objectOf(other)));
}

/** The object after the change, or before its removal. */
export function objectOf({ before, after }: ObjectChange): MeshObject {
  return (after ?? before)!;
}

/** Makes a change. What it adds is the youngest, unless its manifest has a creation time. */
export function applied({ before, after }: ObjectChange): Change {
  if (!after) return { delete: before! };
  return before ? { apply: after.source, replaces: before, created: before.created } : { apply: after.source, created: after.created ?? YOUNGEST };
}

/**
 * Reverts a change.
 *
 * @param object as in the changed mesh
 */
export function reverted({ before }: ObjectChange, object: MeshObject | undefined): Change {
  if (!before) return { delete: object! };
  return { apply: before.source, replaces: object, created: before.created };
}

function areAlike(one: MeshObject, other: MeshObject): boolean {
  return one.source === other.source || textOf(plain(one.source)) === textOf(plain(other.source));
}

/** Equal for equal objects, whatever the order of their fields. */
function textOf(object: Mapping): string {
  return JSON.stringify(object, (_, value: unknown) => (isMapping(value) ? inOrder(value) : value));
}

function inOrder(fields: Mapping): Mapping {
  return Object.fromEntries(Object.entries(fields).sort(([one], [other]) => compareTexts(one, other)));
}

/** An object as somebody would write it. */
export function plain(source: object): Mapping {
  const { status, metadata, ...rest } = source as Mapping;
  const { annotations, ...kept } = without(mapping(metadata), KEPT_BY_SERVERS);
  return { ...rest, metadata: { ...kept, annotations: without(mapping(annotations), KEPT_BY_TOOLS) } };
}

function without(fields: Mapping, names: readonly string[]): Mapping {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== undefined && !names.includes(name)));
}
