import { run } from './run.mjs';

/** Milliseconds of CPU beside the start that the smallest run must take: noise is small beside it. */
const SMALLEST = 300;
/** How often the size is doubled from there, and how often more, if the cost seems to grow too fast. */
const DOUBLINGS = 2;
const MORE_DOUBLINGS = 2;
/** How often a cost that seems to grow too fast is measured again, at each size. */
const AGAIN = 3;
/** What one doubling may cost to be enough: even a quadratic part that hides below it stays below the bound at the next one. */
const CLEAR = 1.1;
/** Until how many MB an input is made larger where the command hardly notices: an API server takes 3 MB. */
const LARGEST_INPUT = 8;

export const EXPONENT = 1.3;
/** MB that an input may take beside that of an empty manifest: some, and a multiple of the input's size. */
export const MEMORY = { some: 120, times: 60 };

/**
 * How an input's cost grows: doubles its size until a run takes long enough to be measured, and goes on from there, until one
 * doubling is clearly cheap, or there were two, or the command says that there is too much of something: then it costs no more, however large the input is. Where the cost
 * seems to grow too fast, each size is measured again, and the best counts: what else the machine does only adds. If it
 * still does, larger sizes decide: what really grows faster does so all the more there, and chance weighs less.
 */
export async function measure(input, { file, start }) {
  const runs = [];
  let largest = 0;
  let size = input.from ?? 16;
  for (;;) {
    const result = await runOf(input, size, file);
    if (result.failed) return { ...input, runs, failed: `${size}: ${result.failed}` };
    if (result.input <= largest) return { ...input, runs, failed: `${size}: no larger than the input before it, so that nothing grows` };
    largest = result.input;
    if (result.isLimited || result.cpu - start.cpu >= SMALLEST) runs.push(result);
    const isLast = result.isLimited || result.input > LARGEST_INPUT || runs.length > DOUBLINGS + MORE_DOUBLINGS;
    if (runs.length > 1 && exponentOf(runs, start) <= CLEAR) break;
    if (isLast || runs.length > DOUBLINGS) {
      await measureAgain(input, runs, { file, start });
      if (isLast || exponentOf(runs, start) <= mostOf(input)) break;
    }
    size *= runs.length === 0 && result.cpu - start.cpu < SMALLEST / 8 ? 4 : 2;
  }
  return { ...input, runs, exponent: exponentOf(runs, start), ...memoryOf(runs, start) };
}

/** Measures each size again, as long as the cost seems to grow too fast, and keeps the best. */
async function measureAgain(input, runs, { file, start }) {
  for (let again = 0; again < AGAIN && exponentOf(runs, start) > mostOf(input); again++) {
    for (const [index, { size }] of runs.entries()) {
      const result = await runOf(input, size, file);
      if (!result.failed && result.cpu < runs[index].cpu) runs[index] = result;
    }
  }
}

/** The largest exponent that an input may have. */
export function mostOf({ most = EXPONENT }) {
  return most;
}

async function runOf({ make, before, args = ['check', '--fail-on', 'never'] }, size, file) {
  return { size, ...await run({ text: make(size), before: before?.(size), args }, file) };
}

/** The slope of time over size, both as logarithms: of the last three runs, or of the last two, whichever is steeper. */
function exponentOf(runs, start) {
  if (runs.length < 2) return 0;
  const points = runs.slice(-1 - DOUBLINGS).map(({ size, cpu }) => [Math.log2(size), Math.log2(Math.max(1, cpu - start.cpu))]);
  return Math.max(slope(points), slope(points.slice(-2)));
}

/** By least squares. */
function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([first]) => first)), mean(points.map(([, second]) => second))];
  return points.reduce((sum, [first, second]) => sum + (first - x) * (second - y), 0) / points.reduce((sum, [first]) => sum + (first - x) ** 2, 0);
}

/** The memory of the largest run as a share of what it may take. */
function memoryOf(runs, start) {
  const shares = runs.map(({ memory, input }) => (memory - start.memory) / (MEMORY.some + MEMORY.times * input));
  return { share: Math.max(0, ...shares) };
}
