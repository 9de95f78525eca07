// The variables of its environment that istiod reads, with their defaults: as its code has them, and as imports/ keeps them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goBinary } from '../node/go-binary';
import { istioVersion } from '../node/module-version';
import type { Counted, Print } from '../part';

export const FLAGS_FILE = join(__dirname, '..', '..', 'imports', 'istiod-flags.json');

/** The text of the file, by the code of the istiod that is the referee. */
export function flagsText(): string {
  const flags = JSON.parse(execFileSync(goBinary('connections'), ['-flags'], { encoding: 'utf8' }));
  return `${JSON.stringify({ source: `istio.io/istio@${istioVersion()}`, flags }, undefined, 1)}\n`;
}

/** Whether the file is that of the referee; docs/istio-versions.md is held to it. */
export function checkFlags(print: Print): Counted {
  const fresh = readFileSync(FLAGS_FILE, 'utf8') === flagsText();
  print(fresh ? 'istiod\'s flags: as imports/istiod-flags.json has them' : 'istiod\'s flags differ from imports/istiod-flags.json. Fix: node conformance istiod-flags');
  return fresh ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
