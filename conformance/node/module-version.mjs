// Which modules the referees are built from.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GO_MOD = join(dirname(fileURLToPath(import.meta.url)), '..', 'go.mod');

/** The version of istio.io/istio that go.mod pins. */
export function istioVersion() {
  return moduleVersion('istio.io/istio');
}

/** The version of a Go module that go.mod pins. */
export function moduleVersion(name) {
  const line = readFileSync(GO_MOD, 'utf8').split('\n').find((text) => text.trim().startsWith(`${name} v`));
  return line.trim().split(' ')[1];
}
