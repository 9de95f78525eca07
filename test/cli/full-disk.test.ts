// A failed write keeps the former file, and leaves no partial file.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { BROKEN, SOUND } from './meshes';
import { writeWhole } from '../../src/configuration/settings-file';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const BIN = join(__dirname, '../../bin/istio-mtls');
const SOUND_MANY = Array.from({ length: 20 }, (_, index) => SOUND.replaceAll('shop', `shop${index}`)).join('---\n');
const MANY = Array.from({ length: 20 }, (_, index) => BROKEN.replaceAll('shop', `shop${index}`)).join('---\n');

/** Runs a command line with a limit on file size, which fails writes like a full disk. */
function limited(cwd: string, args: string, kilobytes = 1) {
  const env = { ...process.env, BIN, NODE_DISABLE_COMPILE_CACHE: '1' };
  return spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f ${kilobytes}; "$BIN" ${args}`], { cwd, encoding: 'utf8', env });
}

test.each([
  ['a baseline', 'check mesh.yaml --baseline file --write-baseline', 'format: 1\nfindings: []\n'],
  ['a program', 'adopt mesh.yaml -o file', '// former\n'],
  ['a report', 'report mesh.yaml -o file', 'former'],
  ['a runbook', 'runbook mesh.yaml -o file', 'former'],
])('a failed write leaves %s unchanged', (_, args, former) => {
  const cwd = folderWith({ 'mesh.yaml': MANY, 'file': former });
  const { status, stderr } = limited(cwd, args);
  expect([status, stderr, readFileSync(join(cwd, 'file'), 'utf8'), readdirSync(cwd).sort()]).toEqual([2, expect.stringMatching(/EFBIG|file too large/), former, ['file', 'mesh.yaml']]);
});

test('a failed write leaves no files of a plan', () => {
  const cwd = folderWith({ 'old.yaml': SOUND_MANY.replaceAll('STRICT', 'PERMISSIVE'), 'new.yaml': SOUND_MANY });
  const { status, stderr } = limited(cwd, 'plan old.yaml new.yaml --out plan');
  expect([status, stderr, existsSync(join(cwd, 'plan')) ? readdirSync(join(cwd, 'plan')) : []]).toEqual([2, expect.stringMatching(/EFBIG|file too large/), []]);
});

test('writing keeps a file\'s mode, follows a link, and writes to a device', () => {
  const folder = folderWith({ file: 'a' });
  const [file, link] = ['file', 'link'].map((name) => join(folder, name));
  spawnSync('chmod', ['640', file]);
  symlinkSync('file', link);
  writeWhole(link, 'b');
  // eslint-disable-next-line no-bitwise -- a mode is bits
  expect([readFileSync(file, 'utf8'), lstatSync(link).isSymbolicLink(), statSync(file).mode & 0o777]).toEqual(['b', true, 0o640]);
  writeWhole('/dev/null', 'x');
  expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
});
