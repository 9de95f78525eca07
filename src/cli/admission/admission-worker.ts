import { parentPort, workerData } from 'node:worker_threads';
import { AdmissionTask } from './admission';
import { objectionsTo } from './objections';
import { isRefusal } from '../../findings/finding';
import { objectsOf, readingOf } from '../input/reading';

// The second thread's program: it reads the same texts as the first and finds the same objects, so their numbers suffice.
const { texts, reading, facts, refusals } = workerData as AdmissionTask;
parentPort!.postMessage(objectionsTo(objectsOf(readingOf(texts, reading)), facts, (objection) => {
  if (isRefusal(objection)) Atomics.store(refusals, 0, 1);
}));
