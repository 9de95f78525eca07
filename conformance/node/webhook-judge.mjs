// istiod's webhook as a process that is asked one object at a time.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { goBinary } from './go-binary.mjs';

export class WebhookJudge {
  constructor() {
    // It ends by itself when its input closes, so also when this process is killed.
    this.process = spawn(goBinary('webhook'), ['-flush'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    this.process.stdin.on('error', () => {}); // A dead process is reported by 'close'.
    this.process.once('error', (error) => this.#fail(error));
    this.process.once('close', (code) => this.#fail(new Error(`the webhook referee has ended: exit ${code}`)));
    createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift().resolve(JSON.parse(line)));
  }

  /** Its verdict about one line of JSON. */
  judge(line) {
    if (this.failure) {
      return Promise.reject(this.failure);
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${line}\n`);
    });
  }

  close() {
    this.process.stdin.end();
  }

  #fail(error) {
    this.failure = error;
    this.waiting.splice(0).forEach(({ reject }) => reject(error));
  }
}
