// Explores the random suites with fresh seeds, prints what differs, and records in seeds.json how far it came:
//   npm run explore -- --minutes N | --suite SUITE[=COUNT]… [--minutes N] [--seed S] [--lanes N]
//   npm run explore -- --table
// Without --suite all suites share the minutes. COUNT ends a suite after so many cases. --seed repeats one turn of one suite.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Exploration } from './exploration';
import { ROOT } from './inputs';
import { readRecord } from './record';
import { Progress } from './schedule';
import { seedOf } from './seed';
import { stateOf, tableOf } from './state';
import { isSuiteName, SUITE_NAMES, suiteOf, type SuiteName } from './suites';

const OPTIONS = {
  minutes: { type: 'string' },
  suite: { type: 'string', multiple: true, default: [] as string[] },
  seed: { type: 'string' },
  lanes: { type: 'string' },
  table: { type: 'boolean', default: false },
  state: { type: 'boolean', default: false },
} as const;

/** More at a time have not enough memory and processors. */
const LANES = Math.min(2, availableParallelism());

const EXPLORABLE = SUITE_NAMES.filter((name) => suiteOf(name).runs);

class Usage extends Error {}

interface Asked {
  readonly name: SuiteName;
  readonly count?: number;
}

function askedOf(text: string): Asked {
  const [, name, count] = /^([^=]*)(?:=(.*))?$/.exec(text)!;
  if (!isSuiteName(name) || !suiteOf(name).runs) throw new Usage(`no suite '${name}'; expected ${EXPLORABLE.join(', ')}`);
  return { name, count: count === undefined ? undefined : numberOf(`--suite ${name}`, count) };
}

function numberOf(option: string, text: string): number {
  if (!/^\d*[1-9]\d*$/.test(text)) throw new Usage(`${option} is '${text}'; expected a whole number from 1`);
  return Number(text);
}

function minutesOf(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Usage(`--minutes is '${text}'; expected a number such as 30`);
  return Number(text);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.state) console.log(stateOf(readRecord()));
  else if (values.table) console.log(tableOf(readRecord()));
  else return explore(values);
  return 0;
}

async function explore({ minutes, suite, seed: again, lanes }: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']): Promise<number> {
  const asked: readonly Asked[] = suite!.length > 0 ? suite!.map(askedOf) : EXPLORABLE.map((name) => ({ name }));
  if (again !== undefined && (asked.length !== 1 || suite!.length === 0)) throw new Usage('--seed repeats a turn of one suite; expected one --suite beside it');
  if (again === undefined && minutes === undefined && asked.some(({ count }) => count === undefined)) {
    throw new Usage('nothing says when to end; expected --minutes N, or a count for each suite such as --suite connections=20000');
  }
  if (asked.some(({ name }) => !('jest' in suiteOf(name).runs!))) (await import('../tools/same-output/build.mjs')).requireFreshBuild(ROOT);
  const seed = again === undefined ? undefined : seedOf(asked[0].name, again);
  const exploration = new Exploration({
    suites: asked.map(({ name, count }) => new Progress(name, seed === undefined ? count : count ?? suiteOf(name).turn, seed !== undefined)),
    lanes: lanes === undefined ? LANES : numberOf('--lanes', lanes),
    until: minutes === undefined ? undefined : Date.now() + minutesOf(minutes) * 60_000,
    ...seed === undefined ? {} : { seed: () => seed },
    print: console.log,
  });
  let signalled: number | undefined;
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    process.once(signal, () => {
      signalled = code;
      console.log('what has ended is recorded; ending the rest …');
      exploration.stop();
    });
  }
  await exploration.run();
  console.log(tableOf(readRecord()));
  console.log(`${exploration.differences} differences found; exploration/seeds.json has the record`);
  if (signalled !== undefined) return signalled;
  // Who names a suite wants it explored.
  if (suite!.length > 0 && exploration.unavailable.size > 0) return 2;
  return exploration.differences > 0 ? 1 : 0;
}

main().then((code) => { process.exitCode = code; }, (error) => {
  console.error(error instanceof Usage || error?.code?.startsWith('ERR_PARSE_ARGS') || /^lib\/ is /.test(error?.message) ? `explore: ${error.message}` : error);
  process.exitCode = 2;
});
