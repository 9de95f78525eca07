// Where documented lines are run: a folder with the files that they name, and a shell whose programs are the real ones.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { istioModule } from '../generators/objects/samples';
import { goBinary } from '../node/go-binary';
import { kubeconfigOf } from '../node/istiod';
import type { ServerConnection } from '../node/kube-client';

const ROOT = join(__dirname, '../..');

/** So long that only what hangs is ended. */
const ENDS_WITHIN_MS = 300_000;

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

export class Site {
  private readonly folder: string;
  private readonly env: Readonly<Record<string, string | undefined>>;

  /** @param scratch a folder that whoever made it removes */
  constructor(connection: ServerConnection, scratch: string) {
    this.folder = join(scratch, 'site');
    const [home, temporary] = ['home', 'tmp'].map((name) => join(scratch, name));
    for (const folder of [this.folder, home, temporary]) mkdirSync(folder);
    // Nothing of the user's is read or written: neither Helm's settings and caches nor a kubeconfig.
    this.env = {
      PATH: [...new Set((['helm', 'kustomize', 'kubectl'] as const).map((name) => dirname(goBinary(name)))), join(ROOT, 'bin'), dirname(process.execPath), process.env.PATH].join(':'),
      HOME: home, TMPDIR: temporary, KUBECONFIG: kubeconfigOf(connection, scratch),
      HELM_CACHE_HOME: join(home, 'helm/cache'), HELM_CONFIG_HOME: join(home, 'helm/config'), HELM_DATA_HOME: join(home, 'helm/data'),
    };
    symlinkSync(join(istioModule().Dir, 'manifests'), join(this.folder, 'manifests'));
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text, { mode: 0o600 });
    }
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Types a line. Other servers of this process go on answering meanwhile. */
  run(line: string, variables: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return new Promise((resolve, reject) => {
      // A group of its own, so that all programs of a pipe can be ended.
      const child = spawn('sh', ['-c', line], { cwd: this.folder, env: { ...this.env, ...variables }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), ENDS_WITHIN_MS);
      const text = { out: '', error: '' };
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => { text.out += chunk; });
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => { text.error += chunk; });
      child.once('error', reject);
      child.once('close', (status) => {
        clearTimeout(timer);
        resolve({ status, ...text });
      });
    });
  }

  /** Types what the part needs itself, which must succeed. */
  async must(line: string): Promise<void> {
    const { status, error } = await this.run(line);
    if (status !== 0) throw new Error(`${line}: ended with ${status}: ${error}`);
  }
}
