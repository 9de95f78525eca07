import { admit } from '../../admission/admission';
import { Objection } from '../../admission/objection';
import { AdmissionFacts, rootNamespaceIn, runningVersion } from '../../configuration/running-version';
import { ReadObject } from '../input/reading';

/** An objection of admission to one of the objects that were read. Plain data, so that a thread can send it to another. */
export interface Objected {
  readonly objectIndex: number;
  readonly objection: Objection;
}

/** @param tell receives each objection as soon as it is found */
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
