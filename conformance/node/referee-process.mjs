// A referee as a process that is asked one line of JSON at a time and answers in order.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { goBinary } from './go-binary.mjs';

export class RefereeProcess {
  constructor(name, args = []) {
    this.name = name;
    // It ends by itself when its input closes, so also when this process is killed.
    this.process = spawn(goBinary(name), args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    this.process.stdin.on('error', () => {}); // A dead process is reported by 'close'.
    this.process.once('error', (error) => this.#fail(error));
    this.process.once('close', (code) => this.#fail(new Error(`the ${name} referee has ended: exit ${code}`)));
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
