/** How many runs that differ are shown. */
const SHOWN = 5;

/** How many runs a side makes before they are compared. */
const BATCH = 40;

/** How many lines of a difference are shown, and how much of one that is long. */
const LINES = 4;
const WIDTH = 240;

const PARTS = { exitCode: 'exit code', out: 'standard output', error: 'standard error' };

/** Compares what two sides make of each run, and prints the first differences. */
export async function compare(runs, sides, print) {
  const counts = { same: 0, differ: 0, threw: 0, withOutput: 0, exitCodes: {} };
  for (let start = 0; start < runs.length; start += BATCH) {
    const batch = runs.slice(start, start + BATCH);
    const [before, after] = await Promise.all(sides.map((side) => side.digests(batch)));
    for (const [index, run] of batch.entries()) {
      const { exitCode, hash, hasOutput } = after[index];
      counts.exitCodes[exitCode] = (counts.exitCodes[exitCode] ?? 0) + 1;
      if (hasOutput) counts.withOutput += 1;
      if (typeof exitCode !== 'number' && ++counts.threw === 1) print(`${commandOf(run)}: exit code ${exitCode}`);
      if (before[index].hash === hash) {
        counts.same += 1;
      } else if (++counts.differ <= SHOWN) {
        print(differenceOf(run, ...await Promise.all(sides.map((side) => side.outcome(index)))));
      }
    }
  }
  return counts;
}

/** Whether everything is the same, there was something, and no run threw. */
export function endsWell({ same, differ, threw, withOutput }) {
  return differ === 0 && threw === 0 && same > 0 && withOutput > 0;
}

/** How runs ended, and on the last line how many differ. */
export function summaryOf({ same, differ, withOutput, exitCodes }) {
  const ends = Object.entries(exitCodes).map(([code, count]) => `${count} with exit code ${code}`).join(', ');
  return `Of the working tree's runs ${withOutput} printed something${ends && `; they ended ${ends}`}.\n${same} runs the same, ${differ} differ`;
}

/** A run that differs, with the lines that do. */
function differenceOf(run, before, after) {
  const parts = Object.entries(PARTS).filter(([part]) => before[part] !== after[part])
    .map(([part, name]) => `  ${name}\n${changedLines(String(before[part]), String(after[part]))}`);
  return [commandOf(run), ...parts].join('\n');
}

function commandOf({ args, isTerminal }) {
  return `istio-mtls ${args.join(' ')}${isTerminal ? ', on a terminal' : ''}`;
}

function changedLines(before, after) {
  const [left, right] = [before, after].map((text) => text.split('\n'));
  const shorter = Math.min(left.length, right.length);
  let first = 0;
  while (first < shorter && left[first] === right[first]) first += 1;
  let last = 0;
  while (last < shorter - first && left.at(-1 - last) === right.at(-1 - last)) last += 1;
  const [gone, come] = [left, right].map((lines) => lines.slice(first, lines.length - last));
  return [`  line ${first + 1}`, ...shown('-', gone, come), ...shown('+', come, gone)].join('\n');
}

function shown(sign, lines, others) {
  const texts = lines.slice(0, LINES).map((line, index) => `  ${sign} ${JSON.stringify(excerpt(line, others[index] ?? ''))}`);
  return lines.length > LINES ? [...texts, `  ${sign} … ${lines.length - LINES} more lines`] : texts;
}

/** A long line from a little before where it differs. */
function excerpt(line, other) {
  if (line.length <= WIDTH) return line;
  let at = 0;
  while (at < other.length && line[at] === other[at]) at += 1;
  const start = Math.max(0, Math.min(at - 40, line.length - WIDTH));
  return `${start > 0 ? '…' : ''}${line.slice(start, start + WIDTH)}${start + WIDTH < line.length ? '…' : ''}`;
}
