// Each suite exists at its place in the table.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { PARTS } from '../../conformance/parts';
import { SUITE_NAMES, suiteOf } from '../../exploration/suites';

const ROOT = join(__dirname, '..', '..');
const SUITES = SUITE_NAMES.map((name) => ({ name, ...suiteOf(name) }));

test.each(SUITES)('the inputs of $name are there, and so are its tests or its program', ({ inputs, runs }) => {
  const paths = [...inputs, ...runs && 'jest' in runs ? runs.jest : [], ...runs && 'program' in runs ? [runs.program[0]] : []];
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('every conformance part that counts cases is explored under its name, except measurements', () => {
  const counting = Object.entries(PARTS).filter(([, { count }]) => count !== undefined).map(([name]) => name).sort();
  const explored = SUITES.flatMap(({ name, runs }) => (runs && 'part' in runs ? [[name, runs.part]] : []));
  expect(explored.filter(([name, part]) => name !== part)).toEqual([]);
  expect(explored.map(([name]) => name).sort()).toEqual(counting);
});

describe('tests that ask for random cases', () => {
  const isUnder = (file: string, path: string) => file === path || (statSync(join(ROOT, path)).isDirectory() && file.startsWith(`${path}/`));
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).map((path) => `test/${path.split(sep).join('/')}`)
    .filter((path) => path.endsWith('.test.ts') && !/^test\/(exploration|tools)\//.test(path));
  const asking = files.map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))
    .map(({ file, text }) => ({ file, suites: new Set([...text.matchAll(/\bcasesOf\('([\w-]+)'\)/g)].map(([, name]) => name)), isOfRules: text.includes('sampledTexts') }));

  test.each(SUITES.flatMap(({ name, runs }) => (runs && 'jest' in runs ? [{ name, paths: runs.jest }] : [])))('are run by the exploration of $name, and ask for its seed', ({ name, paths }) => {
    const own = asking.filter(({ file }) => paths.some((path) => isUnder(file, path)));
    const wanting = asking.filter(({ suites, isOfRules }) => suites.has(name) || (name === 'rules' && isOfRules));
    expect(wanting.length).toBeGreaterThan(0);
    expect(wanting.filter((one) => !own.includes(one)).map(({ file }) => file)).toEqual([]);
    expect(own.flatMap(({ file, suites }) => [...suites].filter((other) => other !== name).map((other) => `${file} asks for ${other}`))).toEqual([]);
  });
});
