import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { jsonTextOf } from './json-text';
import type { Objected } from './objections';
import type { AdmissionFacts } from '../../configuration/running-version';
import { isRefusal } from '../../findings/finding';
import { late } from '../../modules/late';
import { objectsOf, Reading, ReadObject } from '../input/reading';
import { sizeOf, Texts } from '../input/sources';

/** Number of characters from which a second thread finishes admission earlier than one thread that does everything. */
export const WORTHWHILE = 400_000;

/** A small young generation, so that V8 collects dead objects of the second thread sooner, in the same time. */
const YOUNG_MEGABYTES = 4;

/** What the second thread starts with; the objects follow when they are read, as JSON. */
export interface AdmissionTask {
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

/** A second thread for admission, which loads its program while the first one reads. */
export class AdmissionThread {
  /** Undefined if the texts are too short for it, if only one core is available, or if it can't start. */
  static start(
    { texts }: Texts, { istiodNamespace, istioVersion, meshConfigs, rootNamespace }: AdmissionFacts,
  ): AdmissionThread | undefined {
    const size = sizeOf(texts);
    if (size < WORTHWHILE || availableParallelism() < 2) return undefined;
    const refusals = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const workerData: AdmissionTask = { facts: { istiodNamespace, istioVersion, meshConfigs, rootNamespace }, refusals };
    try {
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MEGABYTES };
      return new AdmissionThread(new Worker(join(__dirname, 'admission-worker.js'), { workerData, resourceLimits }), size, refusals);
    } catch {
      return undefined;
    }
  }

  private readonly objected: Promise<readonly Objected[] | undefined>;

  private constructor(private readonly worker: Worker, private readonly size: number, private readonly refusals: Int32Array) {
    this.objected = new Promise((resolve) => {
      worker.once('message', resolve);
      for (const end of ['messageerror', 'error', 'exit']) worker.once(end, () => resolve(undefined));
    });
    // If reading fails, nothing waits for it.
    worker.unref();
  }

  /** Begins with the objects that were read; undefined if they can't be sent. */
  admit(objects: readonly ReadObject[]): AdmissionElsewhere | undefined {
    const text = jsonTextOf(objects.map(({ object }) => object), this.size);
    if (text === undefined) {
      void this.worker.terminate();
      return undefined;
    }
    this.worker.ref();
    this.worker.postMessage(text);
    return { objected: this.objected, hasRefused: () => Atomics.load(this.refusals, 0) > 0 };
  }
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
