import type { Package } from './package';
import { runCommand, runWith, Verbs } from './program';
import type { Terminal } from './terminal';
import { adoptVerb } from './verbs/adopt-verb';
import { caVerb } from './verbs/ca-verb';
import { checkVerb } from './verbs/check-verb';
import { connectionsVerb } from './verbs/connections-verb';
import { diffVerb } from './verbs/diff-verb';
import { explainVerb } from './verbs/explain-verb';
import { planVerb } from './verbs/plan-verb';
import { reportVerb } from './verbs/report-verb';
import { rulesVerb } from './verbs/rules-verb';
import { runbookVerb } from './verbs/runbook-verb';
import { snapshotVerb } from './verbs/snapshot-verb';
import { testVerb } from './verbs/test-verb';
import { validateVerb } from './verbs/validate-verb';

const VERBS: Verbs = {
  check: checkVerb,
  connections: connectionsVerb,
  explain: explainVerb,
  diff: diffVerb,
  plan: planVerb,
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

/** Runs a command line and gives its exit code; what is wrong with the command line itself, or its files of settings, gives 2. */
export function run(args: readonly string[], packaged: Package, terminal: Terminal): Promise<number> {
  return runWith(VERBS, args, packaged, terminal);
}
