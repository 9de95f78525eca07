import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';

afterAll(removeFolders);

const DOCS = join(__dirname, '../../../docs');
const PAGE = readFileSync(join(DOCS, 'plan.md'), 'utf8');
const EXAMPLE = /```yaml\n([^]*?)```/.exec(readFileSync(join(DOCS, 'cli', 'check.md'), 'utf8'))![1];
const STRICT = EXAMPLE.slice(0, EXAMPLE.lastIndexOf('---\n'));

/** The block of a language below a heading. */
const block = (heading: string, language: string): string => new RegExp(`^#+ ${heading}\n[^]*?\`\`\`${language}\n([^]*?)\`\`\``, 'm').exec(PAGE)![1];

/** A repository whose branch main has the example without its DestinationRule and without mutual TLS, with the change of the page made. */
function repository(): string {
  const cwd = folderWith({ 'dist/shop.k8s.yaml': STRICT.replace('mode: STRICT', 'mode: DISABLE') });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], { cwd, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
  writeFileSync(join(cwd, 'dist/shop.k8s.yaml'), STRICT);
  return cwd;
}

test('docs/plan.md shows what plan prints', async () => {
  const cwd = repository();
  const printed = async (...options: string[]) => (await command(['plan', 'git:main', 'dist/', ...options], { cwd })).out;
  expect(await printed()).toBe(block('An example', 'text'));
  expect(await printed('-o', 'markdown')).toBe(block('As a comment on a pull request', 'markdown'));
  expect(JSON.parse(await printed('-o', 'json')).stages[1]).toEqual(JSON.parse(block('As JSON', 'json')));
  expect((await command(['plan', 'git:main', 'dist/'], { cwd })).exitCode).toBe(0);
});

test('docs/plan.md shows what plan writes', async () => {
  const cwd = repository();
  await command(['plan', 'git:main', 'dist/', '--out', 'plan'], { cwd });
  const folder = join(cwd, 'plan');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile() && !path.startsWith('rollback/'));
  const listed = block('Folders to apply', 'text').trim().split('\n').flatMap((line) => line.split(/ {2,}/)[0].split(', '));
  expect(files.sort()).toEqual(listed.filter((path) => !path.startsWith('rollback/')).sort());
  expect(readFileSync(join(folder, '02/apply.yaml'), 'utf8')).toBe(block('Folders to apply', 'yaml'));
});

test('docs/plan.md shows the queries', async () => {
  const shown = { plaintext: block('Who really calls', 'promql'), refused: block('Who is refused', 'promql') };
  for (const [name, query] of Object.entries(shown)) expect(await command(['queries', name])).toEqual({ exitCode: 0, out: query, error: '' });
});

test('docs/plan.md shows a change of the trust domain', async () => {
  const cwd = folderWith({ 'mesh.yaml': block('Another trust domain', 'yaml') });
  const [shown, ...printed] = block('Another trust domain', 'console').split('\n');
  expect(await command(shown.split(' ').slice(2), { cwd })).toEqual({ exitCode: 0, out: printed.join('\n'), error: '' });
});
