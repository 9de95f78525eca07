import type { Objected } from './objected';
import { Reading } from './reading';
import { isRefusal } from './report';
import type { AdmissionContext } from '../admission/admission';

/** What admission has against the objects that were read: a second thread's answer, if there is one and it could finish. */
export async function objectedIn(
  reading: Reading, context: AdmissionContext, elsewhere?: Promise<readonly Objected[] | undefined>,
): Promise<readonly Objected[]> {
  const answer = await elsewhere;
  if (answer) return answer;
  // Loaded when it runs: mostly the second thread has it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { objectionsTo } = require('./objected') as typeof import('./objected');
  return objectionsTo(reading, context);
}

/** The numbers of the objects that an API server or istiod would refuse: after an apply they aren't there. */
export function refusedIn(objected: readonly Objected[]): ReadonlySet<number> {
  return new Set(objected.filter(({ objection }) => isRefusal(objection)).map(({ objectIndex }) => objectIndex));
}

/** The objects that are there after an apply. */
export function admitted({ documents }: Reading, refused: ReadonlySet<number>): readonly Readonly<Record<string, unknown>>[] {
  return documents.filter((_, index) => !refused.has(index)).map(({ object }) => object);
}
