// Plans carried out for real: sidecars get their configuration one after the other, while calls are made. Nothing that a plan
// promises may break on the way; then come the same changes at once, of which the plan says that they are dangerous.
import { carriedOut, type PlanRun } from './carried-out';
import { dangerousChanges, type DangerousChange } from './changes';
import { AT_ONCE } from './course';
import { add } from '../connections/tally';
import type { Counts } from '../connections/verdicts';
import { ENVOY_VERSION } from '../node/envoy';
import { istioVersion } from '../node/module-version';
import type { PartOptions, PartResult, Print } from '../part';

/** What a run found. */
export interface ConvergenceFacts {
  readonly istio: string;
  readonly envoy: string;
  readonly seed: number;
  /** How often all sidecars get a random state of all changes at once. */
  readonly times: number;
  readonly plans: PlanRun[];
  /** Plans of which something broke, and not when they were carried out again. */
  unsteady: number;
  readonly plansWithoutReport: Counts;
}

/** At most one plan in so many may be without a report, or break only once. */
const MOST_LOST = 4;

/** @param count how many plans */
export async function convergence({ seed, count = 20, print }: PartOptions): Promise<PartResult<ConvergenceFacts>> {
  const facts: ConvergenceFacts = {
    istio: istioVersion(), envoy: ENVOY_VERSION, seed, times: AT_ONCE, plans: [], unsteady: 0, plansWithoutReport: {},
  };
  const breaking: DangerousChange[] = [];
  for await (const { planned, run, broken, error } of carriedOut(first(count, dangerousChanges(seed)), seed)) {
    if (!run) {
      add(facts.plansWithoutReport, error!.split('\n')[0]);
      print(`the plan of ${planned.change.id} couldn't be carried out: ${error}`);
    } else if (broken.length > 0) {
      breaking.push(planned);
    } else {
      facts.plans.push(run);
      const { change, stages, inStages, atOnce } = run;
      const fallen = atOnce.broken + atOnce.exposed;
      print(`${change}: ${stages} stages, ${inStages.calls} calls, ${inStages.refused} refused ones; at once ${fallen} of ${atOnce.calls} break`);
    }
  }
  const failed = await breakingAgain(breaking, seed, facts, print);
  // What the plan calls dangerous must be.
  const harmless = facts.plans.filter(({ example }) => example === 'held');
  for (const { change } of harmless) print(`${change}: what breaks at once by its plan didn't`);
  const lost = Object.values(facts.plansWithoutReport).reduce((sum, number) => sum + number, 0) + facts.unsteady;
  return { passed: facts.plans.length - harmless.length, failed: failed + harmless.length + (MOST_LOST * lost > count ? lost : 0), facts };
}

/** How many plans break again. The others were a matter of time on a busy machine, and count neither as carried out nor as broken. */
async function breakingAgain(breaking: readonly DangerousChange[], seed: number, facts: ConvergenceFacts, print: Print): Promise<number> {
  let failed = 0;
  for await (const { planned: { change: { id } }, broken, error } of carriedOut(breaking, seed)) {
    for (const text of error === undefined ? broken : [error]) print(`${id}: ${text}`);
    if (error !== undefined || broken.length > 0) failed += 1;
    else facts.unsteady += 1;
  }
  return failed;
}

function* first<Item>(count: number, all: Iterable<Item>): Generator<Item> {
  let left = count;
  if (left === 0) return;
  for (const item of all) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}
