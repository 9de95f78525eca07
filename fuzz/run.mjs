// Changes manifests at random, and sees every verb, every format and the library survive them:
//   npm run fuzz -- [--seconds N] [--cases N] [--seed S|random] [--only CASE]
// Fails on a stack trace, an output that isn't of its schema, a line that commands a CI runner, a control character, a
// secret, a run that differs from the one before, and on a case that takes too long or too much memory. The cases of a seed
// follow each other; --cases ends after so many, and without --seconds no sooner. --only judges one case and prints its text.
import { availableParallelism } from 'node:os';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { Judge } from './judge.mjs';

const require = createRequire(import.meta.url);
require('../conformance/typescript.js');
const { seedOf } = require('../exploration/seed.ts');

/** How many failed cases are printed. */
const SHOWN = 20;

const { values } = parseArgs({ options: { seconds: { type: 'string' }, cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } } });
const seconds = Number(values.seconds ?? (values.cases === undefined ? 60 : Infinity));
process.exitCode = values.only === undefined ? await tried(seedOf('fuzz', values.seed), seconds, Number(values.cases ?? Infinity)) : await one(Number(values.only));

async function one(number) {
  const { textOf } = await import('./cases.mjs');
  console.log(textOf(number));
  const judge = new Judge();
  const faults = await judge.judge(number);
  judge.end();
  console.log(faults.join('\n') || 'nothing is wrong');
  return faults.length > 0 ? 1 : 0;
}

async function tried(seed, seconds, cases) {
  console.log(`seed ${seed}`);
  const until = Date.now() + seconds * 1000;
  const counts = { passed: 0, failed: 0 };
  let next = seed;
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    const judge = new Judge();
    while (Date.now() < until && next < seed + cases) {
      const number = next++;
      const faults = await judge.judge(number);
      counts[faults.length > 0 ? 'failed' : 'passed'] += 1;
      if (faults.length > 0 && counts.failed <= SHOWN) console.log(`case ${number}:\n  ${faults.join('\n  ')}`);
    }
    judge.end();
  }));
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}
