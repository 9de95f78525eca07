import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Objected } from './objected';
import type { ReadingOptions } from './reading';
import { Texts } from './texts';
import type { AdmissionContext } from '../admission/admission';

/** From how many characters on a second thread ends before one thread would have done both. */
export const WORTHWHILE = 400_000;

/** Objects that the second thread needs no longer don't pile up higher: they are collected sooner, in the same time. */
const YOUNG_MEGABYTES = 4;

/** What the second thread gets: texts, since to copy objects costs as much as to read them again. */
export interface AdmissionTask {
  readonly texts: Texts;
  readonly reading: ReadingOptions;
  readonly context: AdmissionContext;
}

/**
 * Admits the objects of texts in a second thread; undefined where that doesn't pay. Settles with nothing if the thread
 * can't start or can't finish: then who asked admits them itself, and meets the error if there is one.
 */
export function admitElsewhere(
  texts: Texts, reading: ReadingOptions, { istiodNamespace }: AdmissionContext,
): Promise<readonly Objected[] | undefined> | undefined {
  if (sizeOf(texts.texts) < WORTHWHILE || availableParallelism() < 2) return undefined;
  const task: AdmissionTask = { texts, reading, context: { istiodNamespace } };
  return new Promise((resolve) => {
    try {
      const worker = new Worker(join(__dirname, 'admission-worker.js'), { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });
      worker.once('message', resolve);
      for (const end of ['messageerror', 'error', 'exit']) worker.once(end, () => resolve(undefined));
    } catch {
      resolve(undefined);
    }
  });
}

function sizeOf(texts: Texts['texts']): number {
  return texts.reduce((size, one) => size + ('text' in one ? one.text.length : 0), 0);
}
