// The curl of this machine.
import { spawnSync } from 'node:child_process';

/** Why documented lines of curl can't be run on this machine; undefined where they can. */
export function curlMissing(): string | undefined {
  return spawnSync('curl', ['--version']).status === 0 ? undefined : '`curl --version` fails, and documented lines call it';
}
