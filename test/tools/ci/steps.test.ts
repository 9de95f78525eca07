import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COUNTS } from '../../../tools/ci/counts.cjs';
import { secondsInLanes } from '../../../tools/ci/lanes.cjs';
import { STEPS } from '../../../tools/ci/steps.cjs';

const ROOT = join(__dirname, '..', '..', '..');
const ROOM = { cores: 2, memory: 12_000 };
const MINUTE = 60;

/** The tasks of projen that a task runs, each by its name. */
function spawnedBy(name: string): readonly string[] {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, '.projen', 'tasks.json'), 'utf8'));
  return tasks[name].steps.flatMap(({ spawn }: { spawn?: string }) => spawn ?? []);
}

test('within their budgets all steps take 30 minutes, and 90 where the referees are built first', async () => {
  expect(await secondsInLanes(STEPS, ROOM, ({ seconds }: any) => seconds)).toBeLessThanOrEqual(30 * MINUTE);
  expect(await secondsInLanes(STEPS, ROOM, ({ seconds, cold = seconds }: any) => cold)).toBeLessThanOrEqual(90 * MINUTE);
});

test('each step has a unique name and existing dependencies', () => {
  const names = STEPS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(STEPS.flatMap(({ after }) => after).filter((name) => !names.includes(name))).toEqual([]);
  expect(STEPS.filter(({ counts }) => !(counts in COUNTS))).toEqual([]);
});

test('no step declares more than the machine has', () => {
  expect(STEPS.filter(({ cores, memory }) => cores > ROOM.cores || memory > ROOM.memory)).toEqual([]);
});

test('CI has separate steps for the tasks that npm run build runs after compiling', () => {
  const run = STEPS.flatMap(({ command }) => [...command.join(' ').matchAll(/projen ([\w-]+)/g)].map(([, task]) => task));
  expect(spawnedBy('post-compile').length).toBeGreaterThan(5);
  expect([...spawnedBy('pre-compile'), ...spawnedBy('post-compile')].filter((task) => !run.includes(task))).toEqual([]);
});

test('CI runs npm cit like users, with coverage', () => {
  expect(STEPS[0]).toMatchObject({ command: ['npm', 'cit'], env: { COVERAGE: 'true' }, counts: 'jest' });
  expect(STEPS.slice(1).filter(({ after }) => !after.includes('npm cit'))).toEqual([]);
});

test('each test file that tries more by TIMES does so in the step of random tests', () => {
  const { command, env } = STEPS.find(({ name }) => name === 'random tests, more of them')!;
  const patterns = command.slice(command.indexOf('--ci') + 1).map((pattern) => new RegExp(pattern));
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts')).map((name) => `test/${name}`)
    .filter((name) => !/^test\/(exploration|tools)\//.test(name) && /support\/random\/cases'|\bsampledTexts\b/.test(readFileSync(join(ROOT, name), 'utf8')));
  expect(env).toEqual({ TIMES: '5' });
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((name) => !patterns.some((pattern) => pattern.test(name)))).toEqual([]);
  expect(patterns.filter((pattern) => !files.some((name) => pattern.test(name)))).toEqual([]);
});
