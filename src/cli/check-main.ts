import { checkVerb } from './check/verb';
import type { Package } from './output/package';
import { runCommand } from './program/program';

/** The command for a line that begins with `check`: what is most run, and often by itself in a fresh container, loads the least. */
export function main(args: readonly string[], packaged: Package): Promise<void> {
  return runCommand({ check: checkVerb }, args, packaged);
}
