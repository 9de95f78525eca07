import { parentPort, workerData } from 'node:worker_threads';
import { AdmissionTask } from './admission';
import { objectionsTo } from './objections';
import { isRefusal } from '../../findings/finding';

// The program of the second thread. It numbers the objects as the first thread
// does, so that only the numbers need to be sent back.
const { facts, refusals } = workerData as AdmissionTask;
parentPort!.once('message', (text: string) => {
  const objects: readonly Readonly<Record<string, unknown>>[] = JSON.parse(text);
  parentPort!.postMessage(objectionsTo(objects.map((object) => ({ object })), facts, (objection) => {
    if (isRefusal(objection)) Atomics.store(refusals, 0, 1);
  }));
});
