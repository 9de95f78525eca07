import { appendFileSync } from 'node:fs';
import { seedOf } from '../../../exploration/seed';
import { SuiteName } from '../../../exploration/suites';

/** The random cases of the tests of a suite, few enough for `npm cit`; an exploration tries others, and many. */
export interface RandomCases {
  /** The seed in exploration/seeds.json, or the variable SEED. */
  readonly seed: number;
  /** How many of so many random cases are tried: a fifth in `npm cit`, all where TIMES is 5, as in a step of CI. */
  count(all: number): number;
}

/** How many times as many cases as in `npm cit` there are. */
const TIMES = Number(process.env.TIMES ?? 1);

/** From this TIMES on all cases of a fixed seed are tried. */
const ALL = 5;

/** How many of so many cases of a fixed seed are tried. */
export function fewOf(count: number): number {
  return Math.ceil(count * Math.min(TIMES, ALL) / ALL);
}

/** The same of a list: every fifth, or more by TIMES. */
export function someOf<Case>(cases: readonly Case[]): readonly Case[] {
  return cases.filter((_, index) => index % ALL < TIMES);
}

/** One seed for the whole process: each test of a file has the same. */
let drawn: string | undefined;

export function casesOf(suite: SuiteName): RandomCases {
  if (process.env.SEED === 'random') drawn ??= String(seedOf(suite, 'random'));
  return {
    seed: seedOf(suite, drawn ?? (process.env.SEED || undefined)),
    count: (all) => {
      const count = Math.ceil(all * TIMES / ALL);
      // An exploration counts what it tries.
      if (process.env.CASES_FILE) appendFileSync(process.env.CASES_FILE, `${count}\n`);
      return count;
    },
  };
}
