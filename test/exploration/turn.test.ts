// Turns run in separate processes, whose output and exit code give the result.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Suite } from '../../exploration/suites';
import { turnOf, Unavailable } from '../../exploration/turn';

let folder: string;

beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'turn-')); });
afterAll(() => rmSync(folder, { recursive: true }));

const turn = (runs: Suite['runs'], asked = 10) => turnOf({ unit: 'cases', inputs: [], turn: 10, runs }, 7, asked, () => undefined);

function programOf(text: string) {
  const file = join(folder, 'program.js');
  writeFileSync(file, text);
  return turn({ program: [file], counted: '--cases' });
}

test('a program receives the seed and the number of cases, and prints the number of failures', async () => {
  expect(await programOf('console.log(process.argv.slice(2).join(" ")); console.log("8 passed, 2 failed"); process.exitCode = 1')).toEqual({
    seed: 7, asked: 10, count: 10, differences: 2, withoutVerdict: 0, unsteady: 0, text: ['--cases 10 --seed 7', '8 passed, 2 failed'],
  });
});

test('one that ends with 1 has failed, even if no case has', async () => {
  expect((await programOf('console.log("10 passed, 0 failed"); process.exitCode = 1')).differences).toBe(1);
  expect((await programOf('console.log("10 passed, 0 failed")')).differences).toBe(0);
});

test.each([
  ['by an error', 'throw new Error("what is wrong")', 'what is wrong'],
  ['by a signal', 'console.log("last words"); process.kill(process.pid, "SIGKILL")', 'SIGKILL'],
])('one that ends without a result %s is a difference with its output, and counts no cases', async (_, text, said) => {
  const { count, differences, text: lines } = await programOf(text);
  expect([count, differences]).toEqual([0, 1]);
  expect(lines.join('\n')).toContain(said);
});

test('one that ends with 2 can\'t run here', async () => {
  await expect(programOf('console.error("no referee: no Go"); process.exitCode = 2')).rejects.toThrow(new Unavailable('no referee: no Go'));
});

test('tests of jest get the seed and TIMES, and their cases are counted', async () => {
  const { seed, asked, count, differences, text } = await turn({ jest: ['test/findings/nearest.test.ts'] }, 1);
  expect([seed, asked, count, differences, text]).toEqual([7, 1, 400, 0, []]);
});

test('a turn without tests is a difference, not a success', async () => {
  const { count, differences } = await turn({ jest: ['test/exploration/nothing-is-there'] }, 1);
  expect([count, differences]).toEqual([0, 1]);
});
