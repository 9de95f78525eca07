import { adoptVerb } from './adopt/verb';
import { caVerb } from './ca/verb';
import { checkVerb } from './check/verb';
import { connectionsVerb } from './connections/verb';
import { diffVerb } from './diff/verb';
import { explainVerb } from './explain/verb';
import type { Package } from './output/package';
import type { Terminal } from './output/terminal';
import { planVerb } from './plan/verb';
import { runCommand, runWith, Verbs } from './program/program';
import { queriesVerb } from './queries/verb';
import { reportVerb } from './report/verb';
import { rulesVerb } from './rules/verb';
import { runbookVerb } from './runbook/verb';
import { snapshotVerb } from './snapshot/verb';
import { testVerb } from './test/verb';
import { validateVerb } from './validate/verb';

const VERBS: Verbs = {
  check: checkVerb,
  connections: connectionsVerb,
  explain: explainVerb,
  diff: diffVerb,
  plan: planVerb,
  queries: queriesVerb,
  test: testVerb,
  report: reportVerb,
  runbook: runbookVerb,
  snapshot: snapshotVerb,
  adopt: adoptVerb,
  ca: caVerb,
  validate: validateVerb,
  rules: rulesVerb,
};

/** The command, from its words to its exit code. */
export function main(args: readonly string[], packaged: Package): Promise<void> {
  return runCommand(VERBS, args, packaged);
}

/** Runs a command line and returns its exit code; a faulty command line, configuration file or baseline gives 2. */
export function run(args: readonly string[], packaged: Package, terminal: Terminal): Promise<number> {
  return runWith(VERBS, args, packaged, terminal);
}
