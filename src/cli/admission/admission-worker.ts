import { parentPort, workerData } from 'node:worker_threads';
import { AdmissionTask } from './admission';
import { objectionsTo } from './objections';
import { isRefusal } from '../../findings/finding';
import { objectsOf, readingOf } from '../input/reading';

// The program of the second thread. It reads the same texts as the first thread, so
// both number the objects alike and only the numbers need to be sent back.
const { texts, reading, facts, refusals } = workerData as AdmissionTask;
parentPort!.postMessage(objectionsTo(objectsOf(readingOf(texts, reading)), facts, (objection) => {
  if (isRefusal(objection)) Atomics.store(refusals, 0, 1);
}));
