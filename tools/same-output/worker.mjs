// Runs command lines of one side, one after the other in this process: a process a run would take hours.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const TODAY = '2030-01-01';
const COLUMNS = 100;

const require = createRequire(import.meta.url);
const [root] = process.argv.slice(2);
const { run } = require(join(root, 'lib', 'command', 'main.js'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
let outcomes = [];

process.on('disconnect', () => process.exit());
process.on('message', async ({ runs, index }) => {
  if (index !== undefined) {
    process.send(outcomes[index]);
    return;
  }
  outcomes = [];
  for (const one of runs) outcomes.push(await outcomeOf(one));
  process.send(outcomes.map(digestOf));
});

async function outcomeOf({ args, isTerminal }) {
  const outcome = { exitCode: 'none', out: '', error: '' };
  try {
    outcome.exitCode = await run(args, { root, version }, {
      input: async function* () {},
      isTerminal,
      columns: isTerminal ? COLUMNS : undefined,
      env: {},
      out: (text) => { outcome.out += text; },
      error: (text) => { outcome.error += text; },
      today: () => TODAY,
      now: () => new Date(`${TODAY}T12:00:00Z`),
      progress: { show: () => undefined, clear: () => undefined },
    });
  } catch (thrown) {
    outcome.exitCode = `none: it threw ${thrown}`;
  }
  return outcome;
}

function digestOf({ exitCode, out, error }) {
  return { exitCode, hash: createHash('sha256').update(JSON.stringify([exitCode, out, error])).digest('base64'), hasOutput: out !== '' };
}
