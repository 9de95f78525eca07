import { NamedServices } from './named-services';
import { asApplied } from '../../manifests/as-applied';
import { isMapping, Mapping, mapping } from '../../manifests/mapping';
import { InventoryChange, Inventory } from '../inventory/inventory';
import { compareNames, compareTexts, idKey, MeshObject, YOUNGEST } from '../inventory/object';
import { isStated } from '../policies/mesh-mode';

/** An object that differs between two states of a mesh. */
export interface ComparedObject {
  /** Undefined if the object is added. */
  readonly before?: MeshObject;
  /** Undefined if the object is removed. */
  readonly after?: MeshObject;
}

/**
 * The differing objects that may decide about connections, by namespace, name and kind: those of kinds that the mesh reads, and others
 * from which a Service is created that something names.
 */
export function objectChanges(before: Inventory, after: Inventory): readonly ComparedObject[] {
  const read = changesBetween(before.all(), after.all());
  const deciding = othersBetween(before, after).filter(new NamedServices([before, after]).areOf);
  return deciding.length === 0 ? read : [...read, ...deciding].sort(byName);
}

/** All other differing objects, in the same order; Secrets that may hold a private key are left out. */
export function unreadChanges(before: Inventory, after: Inventory): readonly ComparedObject[] {
  const { areOf } = new NamedServices([before, after]);
  return othersBetween(before, after).filter((change) => !areOf(change));
}

function othersBetween(before: Inventory, after: Inventory): readonly ComparedObject[] {
  return changesBetween(before.unread.values(), after.unread.values());
}

function changesBetween(before: Iterable<MeshObject>, after: Iterable<MeshObject>): readonly ComparedObject[] {
  const former = new Map(Array.from(before, (object) => [idKey(object), object]));
  const changes: ComparedObject[] = [];
  for (const object of after) {
    const same = former.get(idKey(object));
    former.delete(idKey(object));
    if (!same || !areAlike(same, object)) changes.push({ before: same, after: object });
  }
  // What an option states is of every state, whatever manifests these have.
  for (const object of former.values()) if (!isStated(object)) changes.push({ before: object });
  return changes.sort(byName);
}

function byName(one: ComparedObject, other: ComparedObject): number {
  return compareNames(objectOf(one), objectOf(other));
}

/** The object after the change, or before its removal. */
export function objectOf({ before, after }: ComparedObject): MeshObject {
  return (after ?? before)!;
}

/** The change as one of the inventory. An added object is the youngest, unless its manifest has a creation time. */
export function inventoryChange({ before, after }: ComparedObject): InventoryChange {
  if (!after) return { delete: before! };
  return before ? {
    apply: after.source, replaces: before, created: before.created,
  } : { apply: after.source, created: after.created ?? YOUNGEST };
}

/**
 * The inventory change that reverts a change.
 *
 * @param object the object in the changed mesh
 */
export function reverted({ before }: ComparedObject, object: MeshObject | undefined): InventoryChange {
  if (!before) return { delete: object! };
  return { apply: before.source, replaces: object, created: before.created };
}

function areAlike(one: MeshObject, other: MeshObject): boolean {
  return one.source === other.source || canonicalText(plain(one.source)) === canonicalText(plain(other.source));
}

/** A text that is equal for equal objects, whatever the order of their fields. */
export function canonicalText(object: Mapping): string {
  return JSON.stringify(object, (_, value: unknown) => (isMapping(value) ? inOrder(value) : value));
}

function inOrder(fields: Mapping): Mapping {
  return Object.fromEntries(Object.entries(fields).sort(([one], [other]) => compareTexts(one, other)));
}

/** The object without fields that a server or tool writes, and without its namespace, which doesn't matter here. */
export function plain(source: object): Mapping {
  const { metadata, ...rest } = asApplied(source as Mapping);
  const { namespace: _, annotations, ...kept } = mapping(metadata);
  return { ...rest, metadata: { ...defined(kept), annotations: defined(mapping(annotations)) } };
}

function defined(fields: Mapping): Mapping {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
