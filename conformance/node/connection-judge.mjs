// istiod's config generator and Istio's traffic simulator: a process is asked about one mesh at a time, and spends most
// of it waiting for istiod to see what it was given. So there are several.
import { RefereeProcess } from './referee-process.mjs';

const PROCESSES = 8;

export class ConnectionJudge {
  constructor() {
    this.processes = Array.from({ length: PROCESSES }, () => new RefereeProcess('connections'));
  }

  /** The verdict about one line of JSON, by the process with the least to do. */
  judge(line) {
    const idlest = this.processes.reduce((best, one) => (one.waiting.length < best.waiting.length ? one : best));
    return idlest.judge(line);
  }

  close() {
    for (const process of this.processes) process.close();
  }
}
