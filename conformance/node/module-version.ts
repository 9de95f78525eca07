// Which modules the referees are built from.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const GO_MOD = join(__dirname, '..', 'go.mod');

/** The version of istio.io/istio that go.mod pins. */
export function istioVersion(): string {
  return moduleVersion('istio.io/istio');
}

/** The version of a Go module that go.mod pins. */
export function moduleVersion(name: string): string {
  const line = readFileSync(GO_MOD, 'utf8').split('\n').find((text) => text.trim().startsWith(`${name} v`));
  if (line === undefined) throw new Error(`${GO_MOD} requires no ${name}`);
  return line.trim().split(' ')[1];
}
