// Which modules the referees are built from.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const CONFORMANCE = join(__dirname, '..');

/** The version of istio.io/istio that go.mod pins. */
export function istioVersion(): string {
  return moduleVersion('istio.io/istio');
}

/** The version of a Go module that the go.mod of a folder pins. */
export function moduleVersion(name: string, folder = '.'): string {
  const file = join(CONFORMANCE, folder, 'go.mod');
  const line = readFileSync(file, 'utf8').split('\n').map((text) => text.replace(/^require /, '').trim()).find((text) => text.startsWith(`${name} v`));
  if (line === undefined) throw new Error(`${file} requires no ${name}`);
  return line.split(' ')[1];
}
