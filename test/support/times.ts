/** How many times as many random cases as usual are tried, which the variable TIMES says: CI tries more in a step of its own. */
export const TIMES = Number(process.env.TIMES ?? 1);

/** From this TIMES on all cases of a fixed seed are tried. */
const ALL = 5;

/** How many of so many random cases of a fixed seed are tried: a fifth, or more by TIMES. */
export function fewOf(count: number): number {
  return Math.ceil(count * Math.min(TIMES, ALL) / ALL);
}

/** The same of cases that are there: every fifth, or more by TIMES. */
export function someOf<Case>(cases: readonly Case[]): readonly Case[] {
  return cases.filter((_, index) => index % ALL < TIMES);
}
