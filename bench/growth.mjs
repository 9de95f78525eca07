// How time and memory grow with inputs that somebody could make up to stall the command: each is doubled three times.
// `npm run bench -- growth` measures all; `npm run bench -- growth subsets` those whose names hold a word.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { INPUTS } from './growth/inputs.mjs';
import { EXPONENT, measure, MEMORY, mostOf } from './growth/measure.mjs';
import { run } from './growth/run.mjs';

export async function growth({ words = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const left = INPUTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  try {
    const start = await startOf(join(folder, 'start.yaml'));
    console.log(['exponent'.padStart(8), 'CPU, ms'.padStart(22), 'input, MB'.padStart(9), 'memory, MB'.padStart(10), 'of bound'].join('  '));
    const results = [];
    const work = async (worker) => {
      for (let input = left.shift(); input; input = left.shift()) {
        const result = await measure(input, { file: join(folder, `${worker}.yaml`), start });
        results.push({ ...result, input });
        console.log(lineOf(result));
      }
    };
    await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, (_, worker) => work(worker)));
    const broken = await brokenTwice(results, (input) => measure(input, { file: join(folder, 'again.yaml'), start }));
    console.log(`${broken.length === 0 ? 'ok  ' : 'FAIL'} growth of ${results.length} inputs: exponent at most ${EXPONENT}, or what an input has itself, memory at most `
      + `${MEMORY.some} MB and ${MEMORY.times} times the input beside the ${start.memory.toFixed(0)} MB of an empty one${broken.length > 0 ? `; broken by ${broken.sort().join(', ')}` : ''}`);
    return broken.length === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

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

/** What one Namespace costs: the least of three. */
async function startOf(file) {
  const runs = [];
  for (let index = 0; index < 3; index++) runs.push(await run({ text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n', args: ['check', '--fail-on', 'never'] }, file));
  const least = (value) => Math.min(...runs.map(value));
  return { cpu: least(({ cpu }) => cpu), memory: least(({ memory }) => memory) };
}

function holds({ failed, exponent, share, most }) {
  return !failed && exponent <= mostOf({ most }) && share <= 1;
}

function lineOf(result) {
  const { name, failed, runs, exponent, share } = result;
  if (failed) return `FAIL ${name}: ${failed}`;
  const last = runs.at(-1);
  const times = runs.map(({ cpu }) => cpu.toFixed(0)).join(' ');
  const growing = last?.isLimited ? 'limit' : runs.length < 2 ? 'tiny' : exponent.toFixed(2);
  return [growing.padStart(8), times.padStart(22), (last?.input ?? 0).toFixed(2).padStart(9), (last?.memory ?? 0).toFixed(0).padStart(10),
    `${(100 * share).toFixed(0)} %`.padStart(6), `${holds(result) ? '' : 'FAIL '}${name}`].join('  ');
}
