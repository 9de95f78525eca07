// How time and memory grow with inputs that somebody could make up to stall the command: each is doubled three times.
// `npm run bench -- growth` measures all; `npm run bench -- growth subsets` those whose names hold a word.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokenTwice, lineOf } from './growth/again.mjs';
import { INPUTS } from './growth/inputs.mjs';
import { EXPONENT, measure, MEMORY } from './growth/measure.mjs';
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

/** What one Namespace costs: the least of three. */
async function startOf(file) {
  const runs = [];
  for (let index = 0; index < 3; index++) runs.push(await run({ text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n', args: ['check', '--fail-on', 'never'] }, file));
  const least = (value) => Math.min(...runs.map(value));
  return { cpu: least(({ cpu }) => cpu), memory: least(({ memory }) => memory) };
}
