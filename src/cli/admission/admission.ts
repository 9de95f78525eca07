import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Objected } from './objections';
import type { AdmissionFacts } from '../../configuration/running-version';
import { isRefusal } from '../../findings/finding';
import { late } from '../../modules/late';
import { objectsOf, Reading, ReadingOptions, ReadObject } from '../input/reading';
import { sizeOf, Texts } from '../input/sources';

/** From how many characters on a second thread ends before one thread would have done both. */
export const WORTHWHILE = 400_000;

/** Objects that the second thread needs no longer don't pile up higher: they are collected sooner, in the same time. */
const YOUNG_MEGABYTES = 4;

/** What the second thread gets: texts, since to copy objects costs as much as to read them again. */
export interface AdmissionTask {
  readonly texts: Texts;
  readonly reading: ReadingOptions;
  readonly facts: AdmissionFacts;
  /** Not 0 once the second thread has met an object that is refused: the first reads it while it works. */
  readonly refusals: Int32Array;
}

/** Admission by a second thread. */
export interface AdmissionElsewhere {
  /**
   * Settles with nothing if the thread can't start or can't finish: then who asked admits the
   * objects itself, and meets the error if there is one.
   */
  readonly objected: Promise<readonly Objected[] | undefined>;
  /** Whether it has met an object that is refused, as far as it got. */
  readonly hasRefused: () => boolean;
}

/** Admits the objects of texts in a second thread; undefined where that doesn't pay. */
export function admitElsewhere(
  texts: Texts, reading: ReadingOptions, { istiodNamespace, istioVersion, meshConfigs, rootNamespace }: AdmissionFacts,
): AdmissionElsewhere | undefined {
  if (sizeOf(texts.texts) < WORTHWHILE || availableParallelism() < 2) return undefined;
  const refusals = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return {
    objected: objectedByWorker({ texts, reading, facts: { istiodNamespace, istioVersion, meshConfigs, rootNamespace }, refusals }),
    hasRefused: () => Atomics.load(refusals, 0) > 0,
  };
}

function objectedByWorker(task: AdmissionTask): Promise<readonly Objected[] | undefined> {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(
        join(__dirname, 'admission-worker.js'), { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } },
      );
      worker.once('message', resolve);
      for (const end of ['messageerror', 'error', 'exit']) worker.once(end, () => resolve(undefined));
    } catch {
      resolve(undefined);
    }
  });
}

/** The objects that are there after an apply. */
export interface Admitted {
  readonly judged: readonly Readonly<Record<string, unknown>>[];
  /** What the cluster has besides, before the apply. */
  readonly facts: readonly Readonly<Record<string, unknown>>[];
}

/** What admission has against the objects that were read, facts included: a second thread's answer, if there is one and it could finish. */
export async function objectedIn(
  reading: Reading, facts: AdmissionFacts, elsewhere?: AdmissionElsewhere,
): Promise<readonly Objected[]> {
  const answer = await elsewhere?.objected;
  if (answer) return answer;
  // Loaded when it runs: mostly the second thread has it.
  const { objectionsTo } = late<typeof import('./objections')>(() => require('./objections'));
  return objectionsTo(objectsOf(reading), facts);
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
