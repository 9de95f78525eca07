import { MeshObject, ObjectName } from '../objects/mesh-object';

/** A link in the chain that leads to an outcome: an object, its field, and what that does. */
export interface Reason extends ObjectName {
  /** The API group of the object's kind. */
  readonly group: string;
  readonly field: string;
  readonly effect: string;
}

/** What a reason can name: an object, or what is read of one. */
export type Named = GroupedName | { readonly object: MeshObject };

type GroupedName = ObjectName & { readonly group: string };

export function reason(named: Named, field: string, effect: string): Reason {
  return { ...groupedNameOf(named), field, effect };
}

export function groupedNameOf(named: Named): GroupedName {
  const { group, kind, namespace, name } = 'object' in named ? named.object : named;
  return { group, kind, namespace, name };
}

/** None where no object says it. */
export function reasonOf(named: Named | undefined, field: string, effect: string): readonly Reason[] {
  return named ? [reason(named, field, effect)] : [];
}
