import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
const LONGEST_MS = 30_000;
const MOST_MB = 768;

/** A worker, and a new one where a case ended it. */
export class Judge {
  #worker;

  judge(number) {
    this.#worker ??= fork(WORKER, { execArgv: [`--max-old-space-size=${MOST_MB}`], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const worker = this.#worker;
    return new Promise((resolve) => {
      const settle = (faults, isOver) => {
        clearTimeout(timer);
        worker.removeAllListeners();
        if (isOver) this.end();
        resolve(faults);
      };
      const timer = setTimeout(() => settle([`took more than ${LONGEST_MS / 1000} s`], true), LONGEST_MS);
      worker.once('message', (faults) => settle(faults, false));
      worker.once('exit', (code, signal) => settle([`ended the process: ${signal ?? code}; out of ${MOST_MB} MB of memory, or worse`], true));
      worker.send(number);
    });
  }

  end() {
    this.#worker?.kill('SIGKILL');
    this.#worker = undefined;
  }
}
