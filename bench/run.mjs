// Measures what README and docs claim: `npm run bench`, or `npm run bench -- load`. Fails when a bound is broken. How costs grow, and
// what istioctl costs, takes minutes, and runs only when asked for: `npm run bench -- growth`, `npm run bench -- istioctl 11000`.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { admission } from './admission.mjs';
import { analysis } from './analysis.mjs';
import { calls } from './calls.mjs';
import { check } from './check.mjs';
import { connections } from './connections.mjs';
import { diff } from './diff.mjs';
import { explain } from './explain.mjs';
import { growth } from './growth.mjs';
import { load } from './load.mjs';
import { holdsInOneOfTwo } from './measure.mjs';
import { overrides } from './overrides.mjs';
import { plan } from './plan.mjs';
import { start } from './start.mjs';
import { validate } from './validate.mjs';

const BENCHES = { start, load, overrides, admission, analysis, calls, validate, check, explain, connections, diff, plan };
const root = fileURLToPath(new URL('..', import.meta.url));

if (!existsSync(new URL('../lib/src/index.js', import.meta.url))) {
  console.error('bench: lib/ is missing; expected a compiled library. Fix: npx projen compile.');
  process.exit(2);
}
const [first, ...words] = process.argv.slice(2);
// It takes words of the names of its inputs.
if (first === 'growth') process.exit(await growth({ words }) ? 0 : 1);
// It takes a number of resources, and one of turns.
if (first === 'istioctl') process.exit((await import('./istioctl.mjs')).istioctl({ words }).length === 0 ? 0 : 1);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`bench: ${unknown.join(', ')} is unknown; expected some of ${Object.keys(BENCHES).join(', ')}, or growth or istioctl alone.`);
  process.exit(2);
}
const holds = Object.entries(BENCHES)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .map(([name, bench]) => holdsInOneOfTwo(name, () => bench({ root })));
process.exit(holds.every(Boolean) ? 0 : 1);
