import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const SRC = join(ROOT, 'src');
const PAGE = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8');

/** The text between a heading and the next one. */
const section = (heading: string) => new RegExp(`\n## ${heading}\n(.*?)(?=\n## |$)`, 's').exec(PAGE)![1];

test('every file that the page names is there', () => {
  const named = [...PAGE.matchAll(/`([\w./-]+\.(?:ts|mjs))`/g)].map(([, path]) => path);
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => ![SRC, ROOT].some((root) => existsSync(join(root, path))))).toEqual([]);
});

test('every folder that the page names is there', () => {
  const named = [...PAGE.matchAll(/`([\w./-]+)\/`/g)].map(([, path]) => path);
  expect(named.filter((path) => ![SRC, ROOT].some((root) => existsSync(join(root, path))))).toEqual([]);
});

test('each name that the page locates in a file is exported there', () => {
  const answers = [...section('Where is …').matchAll(/`([\w/-]+\.ts)` \(([^)]*)/g)];
  const names = answers.flatMap(([, path, words]) => [...words.matchAll(/`(\w+)`/g)].map(([, name]) => ({ path, name })));
  expect(names.map(({ name }) => name)).toEqual(['enforcedMode', 'clusterTls', 'endpointTls', 'proxyOf', 'outcomeOf']);
  for (const { path, name } of names) expect([name, readFileSync(join(SRC, path), 'utf8').includes(`export function ${name}(`)]).toEqual([name, true]);
});

test('every folder of src/ is listed', () => {
  const [, listed] = /^src\/\n(.*?)^report-page\//ms.exec(section('Folders'))!;
  const told = [...listed.matchAll(/^ {2}([\w-]+)\/ /gm)].map(([, folder]) => folder);
  const there = readdirSync(SRC).filter((name) => statSync(join(SRC, name)).isDirectory());
  expect(told.sort()).toEqual(there.sort());
});

test('the page lists all folders of the model', () => {
  const told = [...section('The model of a mesh').matchAll(/^([\w-]+)\/ /gm)].map(([, folder]) => folder);
  const there = readdirSync(join(SRC, 'mesh')).filter((name) => statSync(join(SRC, 'mesh', name)).isDirectory());
  expect([...told].sort()).toEqual(there.sort());
});

test('the page lists all files of the analysis', () => {
  const [, listed] = /```\n(.*?)```/s.exec(section('The analysis'))!;
  const told = listed.trim().split('\n').flatMap((line) => line.split(/ {2,}/)[0].split(', '));
  const there = readdirSync(join(SRC, 'analysis')).filter((name) => name.endsWith('.ts')).map((name) => name.replace('.ts', ''));
  expect(told.sort()).toEqual(there.sort());
});

test('there is a picture, and twelve changes have a place', () => {
  expect(PAGE).toContain('```mermaid\nflowchart');
  expect(section('Where do I …').match(/^\| (?!change|---)/gm)).toHaveLength(12);
});
