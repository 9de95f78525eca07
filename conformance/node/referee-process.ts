// A referee as a process that is asked one line of JSON at a time and answers in order.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Readable, type Writable } from 'node:stream';
import { goBinary, type BinaryName } from './go-binary';

interface Waiting<Verdict> {
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: Error) => void;
}

export class RefereeProcess<Verdict> {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly waiting: Waiting<Verdict>[] = [];
  private failure?: Error;

  constructor(name: BinaryName, args: readonly string[] = []) {
    // It ends by itself when its input closes, so also when this process is killed.
    this.process = spawn(goBinary(name), args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.stdin.on('error', () => {}); // A dead process is reported by 'close'.
    this.process.once('error', (error) => this.fail(error));
    this.process.once('close', (code) => this.fail(new Error(`the ${name} referee has ended: exit ${code}`)));
    createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift()!.resolve(JSON.parse(line)));
  }

  /** Its verdict about one line of JSON. */
  judge(line: string): Promise<Verdict> {
    if (this.failure) {
      return Promise.reject(this.failure);
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${line}\n`);
    });
  }

  /** How many questions it has yet to answer. */
  get pending(): number {
    return this.waiting.length;
  }

  close(): void {
    this.process.stdin.end();
  }

  private fail(error: Error): void {
    this.failure = error;
    this.waiting.splice(0).forEach(({ reject }) => reject(error));
  }
}
