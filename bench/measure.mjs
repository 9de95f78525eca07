import { execFileSync, spawnSync } from 'node:child_process';

/** Runs a script in a fresh process; it prints the milliseconds it measured. */
export function inFreshProcess(script) {
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}

/** The milliseconds that node takes for these arguments, from start to end. */
export function wallOf(args, cwd, env = {}) {
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** What a command of ours costs: seconds of processors, of all its threads, and the most memory, in MB, that it has in use at once. */
export function costOf([command, ...args], cwd) {
  const script = `process.argv.splice(1, Infinity, ${JSON.stringify(command)}, ...${JSON.stringify(args)});
    process.on('exit', () => process.stderr.write('\\n' + JSON.stringify(process.resourceUsage())));
    require(${JSON.stringify(command)});`;
  const { stderr } = spawnSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(stderr.split('\n').at(-1));
  return { seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
}

/**
 * The best times of several subjects, measured in turns: what else the machine does can only add to a time, and a
 * slow moment hits all alike.
 */
export function side(subjects, { runs }) {
  return inTurns(subjects, runs, (samples) => Math.min(...samples));
}

/** The same, but the times that half of the runs are under. */
export function medians(subjects, { runs }) {
  return inTurns(subjects, runs, (samples) => [...samples].sort((left, right) => left - right)[Math.floor(runs / 2)]);
}

function inTurns(subjects, runs, figureOf) {
  const samples = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, measure] of Object.entries(subjects)) samples[name].push(measure());
  }
  return Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, figureOf(values)]));
}

/** Prints one line. What it says if its bound is broken, and nothing otherwise. */
export function report({ what, ours, theirs, bound }) {
  const ratio = ours.ms / theirs.ms;
  const holds = ratio <= bound;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}: ${ours.name} ${ours.ms.toFixed(0)} ms, ${theirs.name} ${theirs.ms.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (at most ${bound})`);
  return holds ? [] : [what];
}

/** Prints one line. What it says if the value, which the text tells, is more than it may be, and nothing otherwise. */
export function bound({ what, text, value, most }) {
  const holds = value <= most;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}: ${text} (at most ${most})`);
  return holds ? [] : [what];
}

/**
 * Measures, and once more if a bound is broken, since what else the machine does can only add to a cost: what the library does
 * breaks the same bound twice. All figures are printed. A measure answers what of it is broken.
 */
export function holdsInOneOfTwo(name, measure, print = console.log) {
  const broken = measure();
  if (broken.length === 0) return true;
  print(`     ${name} again, since a bound is broken:`);
  return !measure().some((what) => broken.includes(what));
}
