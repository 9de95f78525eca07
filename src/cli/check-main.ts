import type { Package } from './package';
import { runCommand } from './program';
import { checkVerb } from './verbs/check-verb';

/** The command for a line that begins with `check`: what is most run, and often by itself in a fresh container, loads the least. */
export function main(args: readonly string[], packaged: Package): Promise<void> {
  return runCommand({ check: checkVerb }, args, packaged);
}
