// Child processes and a scratch folder that are gone when this process is, however it ends.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Reads process ids until its input closes, which the operating system does even after SIGKILL; then ends
// those processes and removes the folder.
const GUARD = 'pids=; while read -r pid; do pids="$pids $pid"; done; '
  + 'kill $pids 2>/dev/null; sleep 3; kill -9 $pids 2>/dev/null; rm -rf "$1"';

const GRACE_MS = 5000;

export class GuardedProcesses {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    this.children = [];
    // Detached: an interrupt from the terminal must reach this process alone, which then stops them in order.
    this.guard = spawn('sh', ['-c', GUARD, 'sh', this.folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    this.guard.stdin.on('error', () => {});
    this.guard.unref();
    this.guard.stdin.unref?.();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.once(signal, () => void this.stop().then(() => process.exit(signal === 'SIGINT' ? 130 : 143)));
    }
  }

  /** Starts a process whose output goes to a file of the scratch folder; `environment` is added to this process's own. */
  start(name, path, args, environment = {}) {
    const log = openSync(this.logOf(name), 'a');
    const child = spawn(path, args, { cwd: this.folder, env: { ...process.env, ...environment }, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    child.exited = new Promise((resolve) => child.once('close', resolve));
    child.once('error', (error) => { child.failure = error; });
    if (child.pid !== undefined) {
      this.guard.stdin.write(`${child.pid}\n`);
    }
    child.label = name;
    this.children.push(child);
    return child;
  }

  /** Throws when a process has ended by itself, with the end of what it said. */
  assertAlive() {
    for (const child of this.children) {
      if (child.failure || child.exitCode !== null || child.signalCode !== null) {
        const how = child.failure?.message ?? child.signalCode ?? `exit ${child.exitCode}`;
        throw new Error(`${child.label} has ended (${how}):\n${this.tailOf(child.label)}`);
      }
    }
  }

  /** Ends everything, last started first, and removes the folder. */
  stop() {
    this.stopped ??= this.#stop();
    return this.stopped;
  }

  async #stop() {
    for (const child of [...this.children].reverse()) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await child.exited;
      clearTimeout(timer);
    }
    this.guard.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  logOf(name) {
    return join(this.folder, `${name}.log`);
  }

  tailOf(name) {
    return readFileSync(this.logOf(name), 'utf8').split('\n').slice(-15).join('\n');
  }
}
