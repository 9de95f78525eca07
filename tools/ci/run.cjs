// Runs what a change must pass, in two lanes: bash .ci/run [STEP]…, by names of steps.cjs; without any, all. What a step prints
// comes out when it has ended. Node's own modules are enough: the first step installs the others.
const { mkdtempSync, rmSync } = require('node:fs');
const { availableParallelism, tmpdir, totalmem } = require('node:os');
const { join } = require('node:path');
const { COUNTS } = require('./counts.cjs');
const { inLanes } = require('./lanes.cjs');
const { holds, reportOf } = require('./report.cjs');
const { RunningStep } = require('./running-step.cjs');

const ROOT = join(__dirname, '..', '..');
const LANES = 2;
/** The MB that steps may declare together, where the machine has twice as many. */
const MEMORY = 12_000;

const room = () => ({ cores: Math.min(LANES, availableParallelism()), memory: Math.min(MEMORY, Math.floor(totalmem() / 2 ** 21)) });

/** Those that are asked for; one that isn't run is waited for by none. */
function chosen(steps, names) {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`no step '${unknown.join('\', \'')}'; expected ${steps.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name));
}

/** Runs steps and prints what they print; resolves to whether all passed. */
async function runSteps(steps, print = console.log) {
  const scratch = mkdtempSync(join(tmpdir(), 'ci.'));
  process.env.TMPDIR = scratch;
  const running = new Set();
  const stop = () => {
    running.forEach((one) => one.stop());
    rmSync(scratch, { recursive: true, force: true });
  };
  const stopped = (signal) => {
    stop();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stopped);
  const from = Date.now();
  const ended = [];
  try {
    await inLanes(steps, room(), async (step) => {
      const reason = step.unless?.();
      if (reason) return print(`--- ${step.name}: not run, since ${reason}`);
      print(`... ${step.name} begins`);
      const one = new RunningStep(step, { cwd: ROOT, log: join(scratch, `${steps.indexOf(step)}.log`) });
      running.add(one);
      const { log, exitCode, ...cost } = await one.ended;
      running.delete(one);
      const counts = COUNTS[step.counts](log, exitCode);
      ended.push({ step, counts, log, ...cost });
      print(`--- ${step.name}\n${log.trimEnd()}\n--- ${step.name}${counts.failed > 0 ? ' FAILED' : ''}: ${cost.seconds} s`);
    });
  } finally {
    stop();
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeListener(signal, stopped);
  }
  print(reportOf(ended, Math.round((Date.now() - from) / 1000)));
  return holds(ended);
}

module.exports = { runSteps };

if (require.main === module) {
  const { STEPS } = require('./steps.cjs');
  Promise.resolve().then(() => runSteps(chosen(STEPS, process.argv.slice(2)))).then((isSound) => process.exitCode = isSound ? 0 : 1, (error) => {
    console.error(`ci: ${error.message}`);
    process.exitCode = 2;
  });
}
