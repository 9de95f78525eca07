import { checkVerb } from './check/verb';
import type { Package } from './output/package';
import { runCommand } from './program/program';

/** The entry point for command lines that begin with `check`: the most frequent verb, often run in a fresh container, so it loads least. */
export function main(args: readonly string[], packaged: Package): Promise<void> {
  return runCommand({ check: checkVerb }, args, packaged);
}
