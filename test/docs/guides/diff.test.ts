import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATE_WORDS } from '../../../src/changes/gates';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

const DOCS = join(__dirname, '../../../docs');
const PAGE = readFileSync(join(DOCS, 'diff.md'), 'utf8');
const EXAMPLE = /```yaml\n([^]*?)```/.exec(readFileSync(join(DOCS, 'cli', 'check.md'), 'utf8'))![1];

/** The block of a language below a heading. */
const block = (heading: string, language: string): string => new RegExp(`^#+ ${heading}\n[^]*?\`\`\`${language}\n([^]*?)\`\`\``, 'm').exec(PAGE)![1];

/** A repository whose branch main has the example without its DestinationRule, with the change of the page made. */
function repository(): string {
  const cwd = folderWith({ 'dist/shop.k8s.yaml': EXAMPLE.slice(0, EXAMPLE.lastIndexOf('---\n')) });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], { cwd, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
  writeFileSync(join(cwd, 'dist/shop.k8s.yaml'), EXAMPLE.replace('mode: STRICT', 'mode: PERMISSIVE'));
  return cwd;
}

test('docs/diff.md shows what diff prints', async () => {
  const cwd = repository();
  const printed = async (format: string) => (await command(['diff', 'git:main', 'dist/', '-o', format], { cwd })).out;
  expect(await printed('text')).toBe(block('An example', 'text'));
  expect(await printed('markdown')).toBe(block('As a comment on a pull request', 'markdown'));
  expect(await printed('github')).toBe(block('As annotations', 'text'));
  expect(JSON.parse(await printed('json')).acceptances[0]).toEqual(JSON.parse(block('As JSON', 'json')));
  expect((await command(['diff', 'git:main', 'dist/'], { cwd })).exitCode).toBe(1);
});

test('docs/diff.md shows the output of diff for an unknown effect', async () => {
  const ambient = EXAMPLE.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient');
  const cwd = folderWith({ 'old/shop.k8s.yaml': ambient.slice(0, ambient.lastIndexOf('---\n')), 'dist/shop.k8s.yaml': ambient });
  expect((await command(['diff', 'old', 'dist'], { cwd })).out).toContain(block('Effects that aren\'t known', 'text'));
});

test('docs/diff.md shows the output of diff without a Namespace', async () => {
  const unnamed = EXAMPLE.slice(EXAMPLE.indexOf('---\n') + 4);
  const cwd = folderWith({ 'old/shop.k8s.yaml': unnamed.slice(0, unnamed.lastIndexOf('---\n')), 'dist/shop.k8s.yaml': unnamed });
  const { out, exitCode } = await command(['diff', 'old', 'dist'], { cwd });
  expect(out).toBe(block('Where neither state shows who has a sidecar', 'text'));
  expect(exitCode).toBe(1);
});

test('docs/diff.md lists every value of --fail-on', () => {
  expect(GATE_WORDS.filter((word) => !PAGE.includes(`| \`${word}\` |`))).toEqual([]);
});
