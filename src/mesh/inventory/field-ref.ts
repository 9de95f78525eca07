import { MeshObject } from './object';
import { FieldPath } from '../../findings/finding';

/** Where something is written, or would be; the empty path is the whole object. */
export interface FieldRef {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

/** A field inside another one. */
export function within({ object, field }: FieldRef, ...steps: FieldPath): FieldRef {
  return { object, field: [...field, ...steps] };
}
