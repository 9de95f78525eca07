// Which Istio the referees are built from.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GO_MOD = join(dirname(fileURLToPath(import.meta.url)), '..', 'go.mod');

/** The version of istio.io/istio that go.mod pins. */
export function istioVersion() {
  return /^\s*istio\.io\/istio (v\S+)/m.exec(readFileSync(GO_MOD, 'utf8'))[1];
}
