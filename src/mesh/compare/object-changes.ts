import { asApplied } from '../../manifests/as-applied';
import { isMapping, Mapping, mapping } from '../../manifests/mapping';
import { InventoryChange, Inventory } from '../inventory/inventory';
import { compareNames, compareTexts, idKey, MeshObject, YOUNGEST } from '../inventory/object';

/** An object that differs between two states of a mesh. */
export interface ComparedObject {
  /** Undefined: it is added. */
  readonly before?: MeshObject;
  /** Undefined: it is removed. */
  readonly after?: MeshObject;
}

/** The objects that differ, by namespace, name and kind; without those that decide nothing about a mesh. */
export function objectChanges(before: Inventory, after: Inventory): readonly ComparedObject[] {
  return changesBetween(before.all(), after.all());
}

/** The others that differ, in the same order; without those that may hold a private key. */
export function unreadChanges(before: Inventory, after: Inventory): readonly ComparedObject[] {
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
  for (const object of former.values()) changes.push({ before: object });
  return changes.sort((one, other) => compareNames(objectOf(one), objectOf(other)));
}

/** The object after the change, or before its removal. */
export function objectOf({ before, after }: ComparedObject): MeshObject {
  return (after ?? before)!;
}

/** Makes a change. What it adds is the youngest, unless its manifest has a creation time. */
export function inventoryChange({ before, after }: ComparedObject): InventoryChange {
  if (!after) return { delete: before! };
  return before ? { apply: after.source, replaces: before, created: before.created } : { apply: after.source, created: after.created ?? YOUNGEST };
}

/**
 * Reverts a change.
 *
 * @param object as in the changed mesh
 */
export function reverted({ before }: ComparedObject, object: MeshObject | undefined): InventoryChange {
  if (!before) return { delete: object! };
  return { apply: before.source, replaces: object, created: before.created };
}

function areAlike(one: MeshObject, other: MeshObject): boolean {
  return one.source === other.source || canonicalText(plain(one.source)) === canonicalText(plain(other.source));
}

/** Equal for equal objects, whatever the order of their fields. */
export function canonicalText(object: Mapping): string {
  return JSON.stringify(object, (_, value: unknown) => (isMapping(value) ? inOrder(value) : value));
}

function inOrder(fields: Mapping): Mapping {
  return Object.fromEntries(Object.entries(fields).sort(([one], [other]) => compareTexts(one, other)));
}

/** An object as somebody would write it; its namespace may be written by a server or tool, and decides nothing here. */
export function plain(source: object): Mapping {
  const { metadata, ...rest } = asApplied(source as Mapping);
  const { namespace: _, annotations, ...kept } = mapping(metadata);
  return { ...rest, metadata: { ...defined(kept), annotations: defined(mapping(annotations)) } };
}

function defined(fields: Mapping): Mapping {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
