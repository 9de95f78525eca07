// Child processes and a scratch folder that are gone when this process is, however it ends.
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Writable } from 'node:stream';

// Reads process ids until its input closes, which the operating system does even after SIGKILL; then ends
// those processes and removes the folder.
const GUARD = 'pids=; while read -r pid; do pids="$pids $pid"; done; '
  + 'kill $pids 2>/dev/null; sleep 3; kill -9 $pids 2>/dev/null; rm -rf "$1"';

const GRACE_MS = 5000;

interface GuardedProcess {
  readonly child: ChildProcess;
  readonly label: string;
  readonly exited: Promise<void>;
  failure?: Error;
}

export class GuardedProcesses {
  readonly folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  private readonly children: GuardedProcess[] = [];
  private readonly guard: ChildProcessByStdio<Writable, null, null>;
  private stopped?: Promise<void>;

  constructor() {
    // Detached: an interrupt from the terminal must reach this process alone, which then stops them in order.
    this.guard = spawn('sh', ['-c', GUARD, 'sh', this.folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    this.guard.stdin.on('error', () => {});
    this.guard.unref();
    if ('unref' in this.guard.stdin && typeof this.guard.stdin.unref === 'function') this.guard.stdin.unref();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => void this.stop().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
    }
  }

  /** Starts a process whose output goes to a file of the scratch folder; `environment` is added to this process's own. */
  start(name: string, path: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
    const log = openSync(this.logOf(name), 'a');
    const child = spawn(path, args, { cwd: this.folder, env: { ...process.env, ...environment }, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const started: GuardedProcess = { child, label: name, exited: new Promise((resolve) => child.once('close', () => resolve())) };
    child.once('error', (error) => { started.failure = error; });
    if (child.pid !== undefined) {
      this.guard.stdin.write(`${child.pid}\n`);
    }
    this.children.push(started);
  }

  /** Throws when a process has ended by itself, with the end of what it said. */
  assertAlive(): void {
    for (const { child, label, failure } of this.children) {
      if (failure || child.exitCode !== null || child.signalCode !== null) {
        const how = failure?.message ?? child.signalCode ?? `exit ${child.exitCode}`;
        throw new Error(`${label} has ended (${how}):\n${this.tailOf(label)}`);
      }
    }
  }

  /** Ends everything, last started first, and removes the folder. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    for (const { child, exited } of [...this.children].reverse()) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await exited;
      clearTimeout(timer);
    }
    this.guard.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private logOf(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  /** All that a process has said. */
  textOf(name: string): string {
    return readFileSync(this.logOf(name), 'utf8');
  }

  tailOf(name: string): string {
    return this.textOf(name).split('\n').slice(-15).join('\n');
  }
}
