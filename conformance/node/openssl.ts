// The openssl of this machine, which says what a peer would make of certificates.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why certificates can't be judged on this machine; undefined where they can. */
export function opensslMissing(): string | undefined {
  return spawnSync('openssl', ['version']).status === 0 ? undefined : '`openssl version` fails, and what verifies certificates is openssl';
}

/** A certificate with what its peer gets and has. */
export interface Presented {
  readonly certificate: string;
  /** What is sent beside it. */
  readonly chain: string;
  /** What the peer trusts. */
  readonly roots: string;
  /** The revocation lists that it has; of each CA, then. */
  readonly lists?: string;
}

/** As Envoy does, OpenSSL then trusts intermediate certificates among the roots. */
export const AS_ENVOY = ['-partial_chain'];

export class Openssl {
  private readonly folder = mkdtempSync(join(tmpdir(), 'openssl-'));

  /** Why a peer rejects a certificate as a server's or as a client's; undefined: it doesn't. */
  rejection({ certificate, chain, roots, lists = '' }: Presented, options: readonly string[] = []): string | undefined {
    const [own, untrusted, trusted, revoked] = [['own.pem', certificate], ['chain.pem', chain], ['roots.pem', roots], ['lists.pem', lists]].map(([name, text]) => this.file(name, text));
    const files = ['-CAfile', trusted, ...chain.trim() === '' ? [] : ['-untrusted', untrusted], ...lists === '' ? [] : ['-crl_check_all', '-CRLfile', revoked]];
    for (const purpose of ['sslserver', 'sslclient']) {
      const { status, stdout, stderr } = this.run(['verify', '-no-CApath', '-no-CAstore', ...files, '-purpose', purpose, ...options, own]);
      if (status !== 0) return `${stdout}${stderr}`.split('\n').find((line) => /^error/.test(line)) ?? `${stdout}${stderr}`.trim();
    }
    return undefined;
  }

  /** A request to sign a new key, which is not kept. */
  request(): string {
    return this.requestFor(['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '/dev/null']);
  }

  /** A request to sign a key, as PEM. */
  requestOf(key: string): string {
    return this.requestFor(['-key', this.file('key.pem', key)]);
  }

  private requestFor(key: readonly string[]): string {
    const { stdout, stderr, status } = this.run(['req', '-new', ...key, '-subj', '/O=suite']);
    if (status !== 0) throw new Error(`openssl made no request: ${stderr}`);
    return stdout;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    return spawnSync('openssl', args, { encoding: 'utf8' });
  }

  private file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }
}
