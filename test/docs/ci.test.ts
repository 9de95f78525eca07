// CONTRIBUTING.md says what CI does, and what each step takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (...path: string[]) => readFileSync(join(__dirname, '..', '..', ...path), 'utf8');

/** The steps of .ci/run, in their order. */
const STEPS = [...read('.ci', 'run').matchAll(/^ *run as_\w+ (['"])(.+?)\1 /gm)].map(([, , name]) => name);

test('the table of CI\'s steps has those that .ci/run has, each with time and memory', () => {
  const [, table] = read('CONTRIBUTING.md').split('\n## CI\n');
  const rows = [...table.split('\n## ')[0].matchAll(/^\| `([^`]+)` \| .+ \| (\d+) s \| ([\d,]+) MB \|$/gm)].map(([, name]) => name);
  expect(STEPS.length).toBeGreaterThan(10);
  expect(rows).toEqual(STEPS.flatMap((name) => (name === 'projen $task' ? TASKS.map((task) => `projen ${task}`) : [name])));
});

const TASKS = /^for task in (.+); do$/m.exec(read('.ci', 'run'))![1].split(' ');
