import { oncePerObject } from '../collections';
import { MeshObject } from './object';
import { FieldPath } from '../../findings/finding';

/** Where something is written, or would be; the empty path is the whole object. */
export interface FieldRef {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

const WHOLE: FieldPath = [];

/** The whole object, where no single field of it decides. */
export const wholeOf = oncePerObject((object: MeshObject): FieldRef => ({ object, field: WHOLE }));

/** A field inside another one. */
export function within({ object, field }: FieldRef, ...steps: FieldPath): FieldRef {
  return { object, field: [...field, ...steps] };
}
