// The runner with trivial steps.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, removeFolders } from '../../support/command/scratch';

const RUNNER = join(__dirname, '..', '..', '..', 'tools', 'ci', 'run.cjs');

afterAll(removeFolders);

interface Step {
  readonly name: string;
  /** A line of a shell. */
  readonly run: string;
  readonly counts?: string;
  readonly after?: readonly string[];
  /** The reason if it can't run here. */
  readonly unless?: string;
  readonly seconds?: number;
}

/** A program that runs steps, each a shell command, with a folder for temporary files. */
function programOf(steps: readonly Step[], folder = folderWith({})) {
  const declared = steps.map(({ name, run, counts = 'one', after = [], unless, seconds = 60 }) => ({
    name, command: ['sh', '-c', run], env: { WORD: 'told' }, counts, after, unless, cores: 1, memory: 100, seconds,
  }));
  const program = `const steps = ${JSON.stringify(declared)}.map((step) => ({ ...step, unless: () => step.unless }));
    require(${JSON.stringify(RUNNER)}).runSteps(steps).then((holds) => process.exitCode = holds ? 0 : 1)`;
  return { folder, args: ['-e', program], options: { env: { ...process.env, TMPDIR: folder }, cwd: folder } };
}

function ran(steps: readonly Step[]) {
  const { folder, args, options } = programOf(steps);
  const { status, stdout } = spawnSync(process.execPath, args, { ...options, encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n'), left: readdirSync(folder) };
}

test('the last line has all counts, and no temporary files remain', () => {
  const { status, lines, left } = ran([{ name: 'one', run: 'echo hello' }, { name: 'many', run: 'echo 7 passed, 0 failed', counts: 'suite' }]);
  expect(lines.at(-1)).toBe('8 passed, 0 failed');
  expect(status).toBe(0);
  expect(left).toEqual([]);
});

test.each([
  ['a step that fails', { name: 'one', run: 'exit 3' }, '1 passed, 1 failed'],
  ['a suite with a failure', { name: 'one', run: 'echo 2 passed, 1 failed; exit 1', counts: 'suite' }, '3 passed, 1 failed'],
  ['a suite that ran nothing', { name: 'one', run: 'echo 0 passed, 0 failed', counts: 'suite' }, '1 passed, 1 failed'],
])('%s fails the run, but later steps still run', (_, step, last) => {
  const { status, lines } = ran([step, { name: 'two', run: 'true', after: ['one'] }]);
  expect(lines).toContainEqual(expect.stringMatching(/^--- one FAILED: \d+ s$/));
  expect(lines.at(-1)).toBe(last);
  expect(status).toBe(1);
});

test('marks a failed step in the table, and repeats the end of its output above', () => {
  const { lines } = ran([{ name: 'one', run: 'seq 100; exit 3' }, { name: 'two', run: 'true' }]);
  const from = lines.indexOf('--- the end of one, which FAILED');
  expect(lines.slice(from + 1, from + 61)).toEqual(Array.from({ length: 60 }, (_, index) => `${41 + index}`));
  expect(lines.slice(from + 61).filter((line) => /FAILED/.test(line))).toEqual([expect.stringMatching(/^one .* 1 FAILED/)]);
});

test('reports a missing program as a failure', () => {
  const { args: [, program], options } = programOf([{ name: 'one', run: 'true' }]);
  const { status, stdout } = spawnSync(process.execPath, ['-e', program.replace('"sh"', '"no-such-program"')], { ...options, encoding: 'utf8' });
  expect(stdout).toContain('ENOENT');
  expect(stdout.trimEnd()).toMatch(/\n0 passed, 1 failed$/);
  expect(status).toBe(1);
});

test('the output of parallel steps doesn\'t mix', () => {
  const slowly = (word: string) => ({ name: word, run: `for n in 1 2 3; do echo ${word} $n; sleep 0.1; done; echo ${word} again >&2` });
  const { lines } = ran([slowly('left'), slowly('right')]);
  const said = (word: string) => [`--- ${word}`, `${word} 1`, `${word} 2`, `${word} 3`, `${word} again`];
  for (const word of ['left', 'right']) expect(lines.slice(lines.indexOf(`--- ${word}`)).slice(0, 5)).toEqual(said(word));
});

test('a step gets its variables, and no input', () => {
  expect(ran([{ name: 'one', run: 'echo "it was $WORD"; cat' }]).lines).toContain('it was told');
});

test('reports a step that can\'t run here, without a count', () => {
  const { lines, status } = ran([{ name: 'one', run: 'exit 1', unless: 'there is no browser' }, { name: 'two', run: 'true' }]);
  expect(lines).toContain('--- one: not run, since there is no browser');
  expect(lines.at(-1)).toBe('1 passed, 0 failed');
  expect(status).toBe(0);
});

test('if no step ran, that is a failure', () => {
  expect(ran([{ name: 'one', run: 'true', unless: 'it is late' }])).toMatchObject({ status: 1 });
});

test('marks a step over its budget, without a failure', () => {
  const { lines, status } = ran([{ name: 'slow', run: 'sleep 1.1', seconds: 0 }, { name: 'quick', run: 'true' }]);
  expect(lines.filter((line) => line.endsWith('longer than its budget'))).toEqual([expect.stringMatching(/^slow .* \d+ of 0 /)]);
  expect(status).toBe(0);
});

test('ends processes that a step leaves running', async () => {
  const { lines } = ran([{ name: 'one', run: 'sleep 1000 & echo it is $!' }]);
  const [, id] = /it is (\d+)/.exec(lines.join('\n'))!;
  expect(await ends(Number(id))).toBe(true);
});

test('a stopped run ends its steps and removes temporary files', async () => {
  const folder = folderWith({});
  const { args, options } = programOf([{ name: 'one', run: `echo $$ > '${folder}/begun'; mv '${folder}/begun' '${folder}/id'; sleep 1000` }], folder);
  const runner = spawn(process.execPath, args, { ...options, stdio: 'ignore' });
  while (!existsSync(join(folder, 'id'))) await new Promise((resolve) => setTimeout(resolve, 20));
  runner.kill('SIGTERM');
  expect(await new Promise((resolve) => runner.once('exit', resolve))).toBe(143);
  expect(await ends(Number(readFileSync(join(folder, 'id'), 'utf8')))).toBe(true);
  expect(readdirSync(folder)).toEqual(['id']);
});

/** Whether a process ends, which takes a moment after it was told to. */
async function ends(id: number): Promise<boolean> {
  for (let turns = 0; isRunning(id) && turns < 1000; turns++) await new Promise((resolve) => setTimeout(resolve, 20));
  return !isRunning(id);
}

/** A process that has ended may wait for its parent. */
function isRunning(id: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${id}/status`, 'utf8'));
  } catch {
    return false;
  }
}
