import { ObjectName } from '../objects/mesh-object';

/** A link in the chain that leads to an outcome: an object, its field, and what that does. */
export interface Reason extends ObjectName {
  readonly field: string;
  readonly effect: string;
}

export function reason({ kind, namespace, name }: ObjectName, field: string, effect: string): Reason {
  return { kind, namespace, name, field, effect };
}

/** None where no object says it. */
export function reasonOf(object: ObjectName | undefined, field: string, effect: string): readonly Reason[] {
  return object ? [reason(object, field, effect)] : [];
}
