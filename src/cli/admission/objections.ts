import { admit } from '../../admission/admission';
import { Objection } from '../../admission/objection';
import { AdmissionFacts, rootNamespaceIn, runningVersion } from '../../configuration/running-version';
import { ReadObject } from '../input/reading';

/** What admission has against one of the objects that were read; plain, so that one thread can hand it to another. */
export interface Objected {
  readonly objectIndex: number;
  readonly objection: Objection;
}

/** @param tell is told each at once */
export function objectionsTo(
  objects: readonly Pick<ReadObject, 'object'>[], facts: AdmissionFacts, tell?: (objection: Objection) => void,
): Objected[] {
  const found: Objected[] = [];
  const { istiodNamespace } = facts;
  const all: readonly unknown[] = objects.map(({ object }) => object);
  const context = { istiodNamespace, istioVersion: runningVersion(all, facts), rootNamespace: rootNamespaceIn(all, facts) };
  for (const [objectIndex, { object }] of objects.entries()) {
    for (const objection of admit(object, context)) {
      found.push({ objectIndex, objection });
      tell?.(objection);
    }
  }
  return found;
}
