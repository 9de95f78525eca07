import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Signals by which a user or CI server ends the command. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A folder that is deleted after use, or when a signal ends the process. */
export class TemporaryFolder {
  public readonly path: string;

  public constructor() {
    // Before the folder is created: a signal in between would leave it.
    for (const signal of ENDING) process.on(signal, this.end);
    try {
      this.path = realpathSync(mkdtempSync(join(tmpdir(), 'istio-mtls-')));
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Deletes it. A signal that arrived in the meantime still ends the process. */
  public async remove(): Promise<void> {
    this.delete();
    await pendingSignals();
    this.forget();
  }

  private readonly end = (signal: NodeJS.Signals): void => {
    this.delete();
    this.forget();
    process.kill(process.pid, signal);
  };

  private delete(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private forget(): void {
    for (const signal of ENDING) process.removeListener(signal, this.end);
  }
}

/** Lets Node handle pending signals, which it can't while code runs. */
export function pendingSignals(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
