/** How many times as many random cases as usual are tried, which the variable TIMES says: `.ci/run` tries more in a step of its own. */
export const TIMES = Number(process.env.TIMES ?? 1);
