import type { ReadObject } from './reading';
import { admit, AdmissionContext } from '../admission/admission';
import { Objection } from '../admission/objection';

/** What admission has against one of the objects that were read; plain, so that one thread can hand it to another. */
export interface Objected {
  readonly objectIndex: number;
  readonly objection: Objection;
}

export function objectionsTo(objects: readonly Pick<ReadObject, 'object'>[], context: AdmissionContext): Objected[] {
  const all: Objected[] = [];
  for (const [objectIndex, { object }] of objects.entries()) {
    for (const objection of admit(object, context)) all.push({ objectIndex, objection });
  }
  return all;
}
