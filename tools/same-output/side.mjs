import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));

/** A process that runs the command that lies under a root, in a folder of manifests. */
export class Side {
  #process;

  constructor(root, cwd) {
    this.#process = fork(WORKER, [root], { cwd, env: { PATH: process.env.PATH }, execArgv: [] });
  }

  /** The digest of each run. */
  digests(runs) {
    return this.#answer({ runs });
  }

  /** The output of one of the runs requested last. */
  outcome(index) {
    return this.#answer({ index });
  }

  end() {
    this.#process.kill();
  }

  #answer(question) {
    return new Promise((resolve, reject) => {
      const ended = (code, signal) => reject(new Error(`a side ended by ${signal ?? `exit code ${code}`} before all its runs`));
      this.#process.once('exit', ended);
      this.#process.once('message', (answer) => {
        this.#process.off('exit', ended);
        resolve(answer);
      });
      this.#process.send(question);
    });
  }
}
