// A change with its own configuration, or with facts that count for both states: the output says so.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BROKEN, SOUND } from '../meshes';

const SCHEMA = validatorOf('diff');
const OPEN = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: evil, namespace: shop}\nspec: {selector: {matchLabels: {app: ratings}}, mtls: {mode: PERMISSIVE}}\n';
let cwd = '';

beforeAll(() => {
  cwd = folderWith({ 'dist/mesh.yaml': SOUND, 'facts/cluster.yaml': SOUND.slice(0, SOUND.indexOf('---')) });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], { cwd, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
});

afterAll(removeFolders);

/** Diffs a pull request, and reverts it. */
async function pulled(files: Readonly<Record<string, string>>, ...args: string[]) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  const told = [];
  for (const format of ['text', 'markdown', 'github', 'json']) told.push(await command(['diff', 'git:main:dist', 'dist', '-o', format, ...args], { cwd }));
  execFileSync('git', ['clean', '-fdq'], { cwd });
  execFileSync('git', ['checkout', '-q', '.'], { cwd });
  expect(SCHEMA.validate(JSON.parse(told[3].out)).errors).toEqual([]);
  return { codes: told.map(({ exitCode }) => exitCode), outs: told.map(({ out }) => out) };
}

const EVIL = { 'dist/evil.yaml': OPEN };

test('a policy that opens a port fails the run', async () => {
  expect((await pulled(EVIL)).codes).toEqual([1, 1, 1, 1]);
});

test('a change that declares its own policy a fact is reported in each format', async () => {
  const { codes, outs } = await pulled({ ...EVIL, 'istio-mtls.yaml': 'with: [dist/evil.yaml]\ninjectedNamespaces: [other]\n' });
  expect(codes).toEqual([0, 0, 0, 0]);
  for (const out of outs) {
    expect(out).toContain('file dist/evil.yaml of the state after the change is a fact and counts for both states, so what it changes isn\'t compared');
    expect(out).toContain('istio-mtls.yaml isn\'t as in git:main and counts for both states: --no-config, or --config with that of git:main, leaves out what a change says itself');
    expect(out).toContain('injectedNamespaces other');
  }
  expect(outs[1]).toContain('- `Configuration: istio-mtls.yaml; it states: with dist/evil.yaml, injectedNamespaces other`');
});

test('the same change fails with --no-config or the base\'s configuration', async () => {
  expect((await pulled({ ...EVIL, 'istio-mtls.yaml': 'with: [dist/evil.yaml]\n' }, '--no-config')).codes).toEqual([1, 1, 1, 1]);
  const base = join(folderWith({ 'istio-mtls.yaml': 'injectedNamespaces: [other]\n' }), 'istio-mtls.yaml');
  const { codes, outs } = await pulled({ ...EVIL, 'istio-mtls.yaml': 'with: [dist/evil.yaml]\n' }, '--config', base);
  expect([codes, outs.filter((out) => out.includes('isn\'t as in'))]).toEqual([[1, 1, 1, 1], []]);
});

test('facts that the change modifies or adds are reported', async () => {
  const { outs } = await pulled({ 'facts/cluster.yaml': OPEN, 'facts/new.yaml': SOUND.slice(0, SOUND.indexOf('---')) }, '--onto', 'facts');
  for (const out of outs) expect(out).toContain('2 files, such as facts/cluster.yaml, of facts aren\'t as in git:main and count for both states, so what they change isn\'t compared');
  expect((await pulled({}, '--onto', 'facts')).outs.filter((out) => out.includes('isn\'t compared'))).toEqual([]);
});

test('GitHub annotations and SARIF count findings that the configuration turns off', async () => {
  const files = {
    'mesh.yaml': BROKEN,
    'istio-mtls.yaml': 'severities: {MTLS101: off}\nfailOn: [never]\nrootNamespace: x\nacknowledgements: [{code: MTLS902, reason: x}]\n',
  };
  const folder = folderWith(files);
  const texts = [];
  for (const format of ['github', 'sarif']) texts.push(await command(['check', 'mesh.yaml', '-o', format], { cwd: folder }));
  for (const { out } of texts) expect(out).toContain('Configuration: istio-mtls.yaml; it states: rootNamespace x; failOn never; it turns off 1 finding');
  expect(texts[0].out).toContain('::notice title=configuration::');
  expect(JSON.parse(texts[1].out).runs[0].invocations[0].toolConfigurationNotifications).toHaveLength(1);
});
