import type { Objected } from './objected';
import { objectsOf, Reading, ReadObject } from './reading';
import { isRefusal } from './report';
import type { AdmissionContext } from '../admission/admission';

/** The objects that are there after an apply. */
export interface Admitted {
  readonly judged: readonly Readonly<Record<string, unknown>>[];
  /** What the cluster has besides, before the apply. */
  readonly facts: readonly Readonly<Record<string, unknown>>[];
}

/** What admission has against the objects that were read, facts included: a second thread's answer, if there is one and it could finish. */
export async function objectedIn(
  reading: Reading, context: AdmissionContext, elsewhere?: Promise<readonly Objected[] | undefined>,
): Promise<readonly Objected[]> {
  const answer = await elsewhere;
  if (answer) return answer;
  // Loaded when it runs: mostly the second thread has it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { objectionsTo } = require('./objected') as typeof import('./objected');
  return objectionsTo(objectsOf(reading), context);
}

/** The numbers of the objects that an API server or istiod would refuse: after an apply they aren't there. */
export function refusedIn(objected: readonly Objected[]): ReadonlySet<number> {
  return new Set(objected.filter(({ objection }) => isRefusal(objection)).map(({ objectIndex }) => objectIndex));
}

export function admitted({ documents, facts }: Reading, refused: ReadonlySet<number>): Admitted {
  const from = (objects: readonly ReadObject[], first: number) =>
    objects.filter((_, index) => !refused.has(first + index)).map(({ object }) => object);
  return { judged: from(documents, 0), facts: from(facts.documents, documents.length) };
}
