import { appendFileSync } from 'node:fs';
import { seedOf } from '../../exploration/seed';
import { SuiteName } from '../../exploration/suites';

/** The random cases of the tests of a suite, few enough for `npm cit`; an exploration tries others, and many. */
export interface RandomCases {
  /** That of exploration/seeds.json, or what the variable SEED says. */
  readonly seed: number;
  /** How many there are where `npm cit` tries so few: TIMES as many. */
  count(few: number): number;
}

/** How many times as many cases as usual there are. */
const TIMES = Number(process.env.TIMES ?? 1);

/** One seed for the whole process: each test of a file has the same. */
let drawn: string | undefined;

export function casesOf(suite: SuiteName): RandomCases {
  if (process.env.SEED === 'random') drawn ??= String(seedOf(suite, 'random'));
  return {
    seed: seedOf(suite, drawn ?? (process.env.SEED || undefined)),
    count: (few) => {
      const count = few * TIMES;
      // An exploration counts what it tries.
      if (process.env.CASES_FILE) appendFileSync(process.env.CASES_FILE, `${count}\n`);
      return count;
    },
  };
}
