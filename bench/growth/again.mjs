// Bounds of growth, and inputs that break one: they are measured again, since what else a machine does may spoil a measure.
import { mostOf } from './measure.mjs';

/** The names of inputs that break a bound, and again when nothing else is measured beside them; prints what they cost then. */
export async function brokenTwice(results, measureAgain, print = console.log) {
  const broken = [];
  for (const result of results.filter((one) => !holds(one))) {
    print(`     ${result.name} again, since a bound is broken:`);
    const again = await measureAgain(result.input);
    print(lineOf(again));
    if (!holds(again)) broken.push(result.name);
  }
  return broken;
}

function holds({ failed, exponent, share, most }) {
  return !failed && exponent <= mostOf({ most }) && share <= 1;
}

export function lineOf(result) {
  const { name, failed, runs, exponent, share } = result;
  if (failed) return `FAIL ${name}: ${failed}`;
  const last = runs.at(-1);
  const times = runs.map(({ cpu }) => cpu.toFixed(0)).join(' ');
  const growing = last?.isLimited ? 'limit' : runs.length < 2 ? 'tiny' : exponent.toFixed(2);
  return [growing.padStart(8), times.padStart(22), (last?.input ?? 0).toFixed(2).padStart(9), (last?.memory ?? 0).toFixed(0).padStart(10),
    `${(100 * share).toFixed(0)} %`.padStart(6), `${holds(result) ? '' : 'FAIL '}${name}`].join('  ');
}
