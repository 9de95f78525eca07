// SECURITY.md promises that no data is sent, and lists the programs that are run.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const SRC = join(ROOT, 'src');

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '') }));

/** The names in a text of functions that open connections. */
function connections(text: string): readonly string[] {
  const modules = [...text.matchAll(/\b(?:from|import|require\(|import\() ?(['"](?:node:)?(?:https?|http2|net|dns|dns\/promises|tls|dgram|inspector|undici)['"])/g)].map(([, name]) => name);
  return [...modules, ...text.match(/(?<![\w.$]|private )(?:fetch|WebSocket|EventSource|XMLHttpRequest)(?=\()/g) ?? []];
}

test('no source opens a connection', () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.flatMap(({ path, text }) => connections(text).map((one) => `${path}: ${one}`))).toEqual([
    "manifests/go-values.ts: 'node:net'", // isIPv4 and isIPv6
  ]);
  expect(readFileSync(join(SRC, 'manifests', 'go-values.ts'), 'utf8')).toContain("import { isIPv4, isIPv6 } from 'node:net';");
});

test.each([["import { get } from 'node:https';", 1], ['await fetch(url)', 1], ["require('net')", 1], ['new WebSocket(url)', 1], ['this.fetch()', 0], ['isNet()', 0]])('%s: %i', (text, times) => {
  expect(connections(text)).toHaveLength(times);
});

test('only kubectl, git, kustomize, helm and Node itself are run', () => {
  const running = sources.filter(({ text }) => /child_process/.test(text));
  const programs = running.flatMap(({ path, text }) => [...text.matchAll(/\bspawn(?:Sync)?\(([^,]+),/g)].map(([, program]) => `${path}: ${program}`));
  expect(programs.sort()).toEqual(["cli/input/git-program.ts: 'git'", 'cli/input/rendering-program.ts: program', 'cli/program/child-process.ts: process.execPath', "cli/snapshot/kubectl.ts: 'kubectl'"]);
  expect(running).toHaveLength(programs.length);
});

test('SECURITY.md links to existing pages, and has no contact address', () => {
  const text = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link);
  expect(links).toContain('../../security/advisories/new'); // of the repository, from where GitHub shows the page
  for (const link of links.filter((one) => !one.startsWith('../../'))) expect(() => readFileSync(join(ROOT, link))).not.toThrow();
  expect(text).not.toMatch(/\S@\S/);
});
