// Commits that hide part of a state, and repositories with configuration that runs programs on read.
import { execFileSync, spawn, SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { BROKEN, SOUND } from '../meshes';

const GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
const BIN = join(__dirname, '../../../bin/istio-mtls');
let root = '';

function git(args: readonly string[], input?: string | Buffer, cwd = root): string {
  return execFileSync(GIT, ['-c', 'core.compression=0', '-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], { cwd, input, stdio: 'pipe' }).toString().trim();
}

const blob = (content: string | Buffer): string => git(['hash-object', '-w', '--stdin'], content);

/** A tree object with any entries, also invalid ones. */
function tree(entries: readonly (readonly [mode: string, id: string, name: string])[]): string {
  const line = ([mode, id, name]: readonly [string, string, string]): string => `${mode} ${mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob'} ${id}\t${name}\0`;
  return git(['mktree', '-z', '--missing'], Buffer.from(entries.map(line).join(''), 'latin1'));
}

/** Tags a commit whose folder `dist` has these entries. */
function commit(tag: string, entries: readonly (readonly [mode: string, id: string, name: string])[]): void {
  git(['tag', tag, git(['commit-tree', '-m', tag, tree([['40000', tree(entries), 'dist']])])]);
}

const FILE = '100644';
const LINK = '120000';
/** The ID of an object that doesn\'t exist. */
const NOWHERE = '0123456789012345678901234567890123456789';
let sound = '';

beforeAll(() => {
  root = folderWith({});
  git(['init', '-q']);
  sound = blob(SOUND);
  commit('sound', [[FILE, sound, 'mesh.yaml']]);
});

afterAll(removeFolders);

async function read(tag: string, path = `git:${tag}:dist`) {
  const { exitCode, out } = await command(['diff', 'git:sound:dist', path, '-o', 'json', '--fail-on', 'never'], { cwd: root });
  const { unreadable, notes, summary } = JSON.parse(out);
  return { exitCode, unreadable: unreadable.map(({ code, file, actual }: any) => `${code} ${file} ${actual}`), notes: notes.map(({ text }: any) => text), objects: summary.after.objects };
}

test.each<[string, () => readonly (readonly [string, string, string])[], string]>([
  ['a file whose contents the clone lacks', () => [[FILE, NOWHERE, 'b.yaml']], 'ADMIT169 git:x0:dist/b.yaml missing from this clone'],
  ['a Git LFS pointer', () => [[FILE, blob(`version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`), 'b.yaml']], 'ADMIT169 git:x1:dist/b.yaml a pointer of Git LFS'],
  ['a name that isn\'t UTF-8', () => [[FILE, sound, '\xff.yaml']], 'ADMIT169 git:x2:dist/\\xff.yaml a file whose path isn\'t UTF-8'],
  ['a repeated name', () => [[FILE, sound, 'b.yaml'], [FILE, blob(BROKEN), 'b.yaml']], 'ADMIT169 git:x3:dist/b.yaml a path that this file system takes for another one'],
  ['a link out of the commit', () => [[LINK, blob('../../secret.yaml'), 'b.yaml']], 'ADMIT169 git:x4:dist/b.yaml a link to what is outside the commit'],
  ['an absolute link', () => [[LINK, blob('/etc/hostname'), 'b.yaml']], 'ADMIT169 git:x5:dist/b.yaml a link to what is outside the commit'],
  ['a broken link', () => [[LINK, blob('nope.yaml'), 'b.yaml']], 'ADMIT169 git:x6:dist/b.yaml a link to what is missing'],
  ['circular links', () => [[LINK, blob('b.yaml'), 'b.yaml']], 'ADMIT169 git:x7:dist/b.yaml a link to what is a loop'],
  ['a link to a file that the clone lacks', () => [[LINK, blob('c.txt'), 'b.yaml'], [FILE, NOWHERE, 'c.txt']], 'ADMIT169 git:x8:dist/b.yaml missing from this clone'],
  ['a link whose target the clone lacks', () => [[LINK, NOWHERE, 'b.yaml']], 'ADMIT169 git:x9:dist/b.yaml missing from this clone'],
  ['a folder named ..', () => [['40000', tree([[FILE, sound, 'b.yaml']]), '..']], 'ADMIT169 git:x10:dist/../b.yaml a path that no file can have'],
  ['a name that is too long', () => [[FILE, sound, `${'b'.repeat(300)}.yaml`]], `ADMIT169 git:x11:dist/${'b'.repeat(300)}.yaml a path that is too long`],
])('%s exits with 2 and names the file', async (_, entries, expected) => {
  const tag = expected.split(':')[1];
  commit(tag, [...entries(), [FILE, sound, 'mesh.yaml']]);
  expect(await read(tag)).toMatchObject({ exitCode: 2, unreadable: [expected], notes: [] });
});

test('names that differ in invalid bytes are two files', async () => {
  commit('bytes', [[FILE, blob(BROKEN), '\xfe.yaml'], [FILE, sound, '\xff.yaml']]);
  expect(await read('bytes')).toMatchObject({ exitCode: 2, unreadable: [expect.stringContaining('\\xfe.yaml'), expect.stringContaining('\\xff.yaml')] });
});

test('a name may contain a line feed, as on disk', async () => {
  commit('newline', [[FILE, sound, 'a\nb.yaml'], [LINK, blob('a\nb.yaml'), 'l\n.yaml']]);
  expect(await read('newline')).toMatchObject({ exitCode: 0, unreadable: [], objects: 12 });
});

test('follows a link through links to folders', async () => {
  commit('links', [['40000', tree([[FILE, sound, 'mesh.yaml']]), 'base.d'], [LINK, blob('base.d'), 'now'], [LINK, blob('./now//../now/mesh.yaml'), 'l.yaml'], [LINK, blob('base.d'), 'folder.yaml']]);
  expect(await read('links')).toMatchObject({ exitCode: 0, unreadable: [], objects: 12 });
});

test('ignored files of a folder may be missing in the clone', async () => {
  commit('hidden', [[FILE, NOWHERE, '.hidden.yaml'], [FILE, NOWHERE, 'a.txt'], ['40000', tree([[FILE, NOWHERE, 'package.json']]), 'node_modules'], [FILE, sound, 'mesh.yaml']]);
  expect(await read('hidden')).toEqual({ exitCode: 0, unreadable: [], notes: [], objects: 6 });
});

test('a note names a submodule', async () => {
  commit('submodule', [[FILE, sound, 'mesh.yaml'], ['160000', NOWHERE, 'vendor']]);
  const named = 'git:submodule:dist/vendor is a submodule, and its files aren\'t read: check it out, and name folders';
  expect(await read('submodule')).toEqual({ exitCode: 0, unreadable: [], notes: [named], objects: 6 });
  expect((await read('submodule', 'git:submodule:dist/vendor/shop')).notes).toEqual([named]);
  expect((await command(['diff', 'git:sound:dist', 'git:submodule:dist'], { cwd: root })).out).toContain(named);
});

test('a pointer of Git LFS on disk is unreadable, too', async () => {
  const folder = folderWith({ 'mesh.yaml': SOUND, 'b.yaml': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n` });
  expect(await command(['check', '.'], { cwd: folder })).toMatchObject({ exitCode: 2, out: expect.stringContaining('b.yaml  ADMIT169') });
});

test('an unreadable tree ends the run', async () => {
  git(['tag', 'treeless', git(['commit-tree', '-m', 'x', git(['mktree', '-z', '--missing'], `40000 tree ${NOWHERE}\tdist\0`)])]);
  expect(await command(['diff', 'git:sound:dist', 'git:treeless:dist'], { cwd: root })).toMatchObject({ exitCode: 2, out: '', error: expect.stringMatching(/^git: .*0123456789.* Fix: fetch the whole commit/) });
});

describe('limits', () => {
  test('20 links to one file of 65 MB are 20 files that exceed the limit', async () => {
    commit('large', [[FILE, blob(Buffer.alloc(65 * 1024 * 1024, ' ')), 'x'], ...Array.from({ length: 20 }, (_, index) => [LINK, blob('x'), `${index}.yaml`] as const)]);
    const { exitCode, unreadable } = await read('large');
    expect([exitCode, unreadable.length, unreadable[0]]).toEqual([2, 20, 'ADMIT164 git:large:dist/0.yaml larger than 64 MB']);
  });

  test('20 links to one file of 60 MB exceed the limit together', async () => {
    commit('much', [[FILE, blob(Buffer.alloc(60 * 1024 * 1024, ' ')), 'x'], ...Array.from({ length: 20 }, (_, index) => [LINK, blob('x'), `${index}.yaml`] as const)]);
    expect(await command(['diff', 'git:sound:dist', 'git:much:dist'], { cwd: root })).toMatchObject({ exitCode: 2, out: '', error: expect.stringMatching(/^git:much: the manifests below dist have more than 512 MB;/) });
  });

  test('a tree of 10 billion names exceeds the limit', async () => {
    let id = blob('');
    id = tree(Array.from({ length: 10 }, (_, index) => [FILE, id, `${index}.yaml`] as const));
    for (let depth = 1; depth < 10; depth++) id = tree(Array.from({ length: 10 }, (_, index) => ['40000', id, `${index}${'x'.repeat(200)}`] as const));
    git(['tag', 'bomb', git(['commit-tree', '-m', 'x', id])]);
    expect(await command(['diff', 'git:sound:dist', 'git:bomb:dist'], { cwd: root })).toMatchObject({ exitCode: 2, error: expect.stringMatching(/^git: git ls-tree prints more than 64 MB;/) });
  });
});

describe('a partial clone', () => {
  let clone = '';
  const marks = () => readdirSync(clone).filter((name) => name.startsWith('ran'));

  /** A command that leaves a marker file when it runs, and fails. */
  const program = (name: string) => `touch '${join(clone, `ran-${name}`)}'; false`;

  beforeAll(() => {
    git(['branch', 'main', 'sound']);
    git(['symbolic-ref', 'HEAD', 'refs/heads/main']);
    git(['config', 'uploadpack.allowFilter', 'true']);
    clone = join(folderWith({}), 'clone');
    git(['clone', '-q', '--no-checkout', '--single-branch', '--no-tags', '--filter=blob:none', `file://${root}`, clone]);
    mkdirSync(join(clone, 'hooks'));
    for (const hook of ['reference-transaction', 'post-checkout', 'pre-auto-gc']) {
      writeFileSync(join(clone, 'hooks', hook), `#!/bin/sh\n${program('hook')}\n`);
      chmodSync(join(clone, 'hooks', hook), 0o755);
    }
    const settings = {
      'remote.origin.uploadpack': program('uploadpack'),
      'remote.origin.proxy': 'http://127.0.0.1:9',
      'core.sshCommand': program('ssh'),
      'core.fsmonitor': program('fsmonitor'),
      'core.pager': program('pager'),
      'core.gitProxy': program('proxy'),
      'core.alternateRefsCommand': program('alternates'),
      'core.hooksPath': join(clone, 'hooks'),
      'credential.helper': `!${program('credential')}`,
      'alias.ls-tree': `!${program('alias')}`,
    };
    for (const [name, value] of Object.entries(settings)) git(['config', name, value], undefined, clone);
    mkdirSync(join(clone, 'dist'));
    writeFileSync(join(clone, 'dist/mesh.yaml'), SOUND);
  });

  /** Runs the packaged command, with the git on PATH. */
  function diff(env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
    return spawnSync(process.execPath, [BIN, 'diff', 'git:main', 'dist'], { cwd: clone, encoding: 'utf8', env: { ...process.env, ...env } });
  }

  test.each(['file://', 'ext', 'ssh'])('reports missing contents without a fetch, and runs nothing of its configuration: %s', (kind) => {
    const url = { 'file://': `file://${root}`, 'ext': `ext::sh -c ${program('ext').replaceAll(' ', '% ')}`, 'ssh': 'ssh://nowhere.invalid/x' }[kind]!;
    git(['config', 'remote.origin.url', url], undefined, clone);
    git(['config', 'protocol.allow', 'always'], undefined, clone);
    const { status, stdout } = diff();
    expect([status, stdout, marks()]).toEqual([2, expect.stringContaining('git:main:dist/mesh.yaml  ADMIT169'), []]);
  });

  test('reports missing contents with a git that can\'t disable lazy fetches', () => {
    git(['config', 'remote.origin.url', `file://${root}`], undefined, clone);
    const old = folderWith({ git: `#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec '${GIT}' "$@"\n` });
    chmodSync(join(old, 'git'), 0o755);
    const fetching = spawnSync(join(old, 'git'), ['cat-file', '-t', 'HEAD:dist/mesh.yaml'], { cwd: clone, encoding: 'utf8' });
    expect([fetching.status === 0, marks()]).toEqual([false, ['ran-uploadpack']]);
    spawnSync('rm', ['-f', ...marks()], { cwd: clone });
    const { status, stdout } = diff({ PATH: `${old}:${process.env.PATH}` });
    expect([status, stdout, marks()]).toEqual([2, expect.stringContaining('git:main:dist/mesh.yaml  ADMIT169'), []]);
  });

  test('runs nothing for a missing commit', () => {
    git(['config', 'remote.origin.url', `file://${root}`], undefined, clone);
    const old = folderWith({ git: `#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec '${GIT}' "$@"\n` });
    chmodSync(join(old, 'git'), 0o755);
    writeFileSync(join(clone, '.git/refs/heads/gone'), `${NOWHERE}\n`);
    const { status, stderr } = spawnSync(process.execPath, [BIN, 'diff', 'git:gone', 'dist'], { cwd: clone, encoding: 'utf8', env: { ...process.env, PATH: `${old}:${process.env.PATH}` } });
    expect([status, stderr, marks()]).toEqual([2, expect.stringMatching(/^git:? ?/), []]);
  });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends the command, and removes its temporary folder', async (signal) => {
  const slow = folderWith({ 'bin/git': `#!/bin/sh\ncase "$1" in cat-file) sleep 5;; esac\nexec '${GIT}' "$@"\n` });
  chmodSync(join(slow, 'bin/git'), 0o755);
  mkdirSync(join(slow, 'tmp'));
  const child = spawn(process.execPath, [BIN, 'diff', 'git:sound:dist', 'git:sound:dist'], { cwd: root, env: { ...process.env, PATH: `${join(slow, 'bin')}:${process.env.PATH}`, TMPDIR: join(slow, 'tmp') } });
  const ended = new Promise((done) => child.once('exit', (_, by) => done(by)));
  while (readdirSync(join(slow, 'tmp')).length === 0) await new Promise((next) => setTimeout(next, 20));
  child.kill(signal);
  expect([await ended, readdirSync(join(slow, 'tmp'))]).toEqual([signal, []]);
});

test('reading leaves the repository unchanged', () => {
  expect([existsSync(join(root, '.git/index')), existsSync(join(root, 'dist'))]).toEqual([false, false]);
});
