import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Objected } from './objections';
import type { AdmissionFacts } from '../../configuration/running-version';
import { isRefusal } from '../../findings/finding';
import { late } from '../../modules/late';
import { objectsOf, Reading, ReadingOptions, ReadObject } from '../input/reading';
import { sizeOf, Texts } from '../input/sources';

/** Number of characters from which a second thread finishes admission earlier than one thread that does everything. */
export const WORTHWHILE = 400_000;

/** A small young generation, so that V8 collects dead objects of the second thread sooner, in the same time. */
const YOUNG_MEGABYTES = 4;

/** The second thread's input: texts, since copying the parsed objects costs as much as parsing them again. */
export interface AdmissionTask {
  readonly texts: Texts;
  readonly reading: ReadingOptions;
  readonly facts: AdmissionFacts;
  /** Becomes nonzero when the second thread meets a refused object; the first thread polls it. */
  readonly refusals: Int32Array;
}

/** Admission that runs in a second thread. */
export interface AdmissionElsewhere {
  /**
   * Resolves to undefined if the thread can't start or finish. The caller
   * then admits the objects itself and meets the error, if there is one.
   */
  readonly objected: Promise<readonly Objected[] | undefined>;
  /** Whether the thread has met a refused object so far. */
  readonly hasRefused: () => boolean;
}

/** Starts admission in a second thread; undefined if the texts are too short or only one core is available. */
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

/** The objects that exist in the cluster after an apply. */
export interface Admitted {
  readonly judged: readonly Readonly<Record<string, unknown>>[];
  /** Other objects of the cluster, which exist before the apply. */
  readonly facts: readonly Readonly<Record<string, unknown>>[];
}

/** Admission's objections to all objects that were read, facts included. Takes the second thread's answer if that finished. */
export async function objectedIn(
  reading: Reading, facts: AdmissionFacts, elsewhere?: AdmissionElsewhere,
): Promise<readonly Objected[]> {
  const answer = await elsewhere?.objected;
  if (answer) return answer;
  // Loaded late: usually the second thread does this.
  const { objectionsTo } = late<typeof import('./objections')>(() => require('./objections'));
  return objectionsTo(objectsOf(reading), facts);
}

/** The indices of objects that an API server or istiod would refuse: they don't exist after an apply. */
export function refusedIn(objected: readonly Objected[]): ReadonlySet<number> {
  return new Set(objected.filter(({ objection }) => isRefusal(objection)).map(({ objectIndex }) => objectIndex));
}

export function admitted({ documents, facts }: Reading, refused: ReadonlySet<number>): Admitted {
  const from = (objects: readonly ReadObject[], first: number) =>
    objects.filter((_, index) => !refused.has(first + index)).map(({ object }) => object);
  return { judged: from(documents, 0), facts: from(facts.documents, documents.length) };
}
