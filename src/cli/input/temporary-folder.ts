import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** By these a user, or a CI server, ends the command. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A folder that is deleted when it isn't needed any more, or when a signal ends the process. */
export class TemporaryFolder {
  public readonly path: string;

  public constructor() {
    // First: a signal that comes in between would leave the folder.
    for (const signal of ENDING) process.on(signal, this.end);
    try {
      this.path = realpathSync(mkdtempSync(join(tmpdir(), 'istio-mtls-')));
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Deletes it. A signal that came meanwhile still ends the process. */
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

/** Lets Node handle the signals that it has got: it doesn't while code runs. */
export function pendingSignals(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
