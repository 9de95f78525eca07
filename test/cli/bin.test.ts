import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BAD, GOOD } from './manifests';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const ROOT = join(__dirname, '../..');
const { bin, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const BIN = join(ROOT, 'bin/istio-mtls');

function bash(script: string, input = '') {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${script}`], { input, encoding: 'utf8', env: { ...process.env, BIN } });
  return { status, stdout, stderr };
}

test('both command names run one executable file', () => {
  expect(bin).toEqual({ 'istio-mtls': 'bin/istio-mtls', 'cdk8s-istio-mtls': 'bin/istio-mtls' });
  expect(() => accessSync(BIN, constants.X_OK)).not.toThrow();
  expect(bash('"$BIN" --version')).toEqual({ status: 0, stdout: `${version} (Istio 1.31)\n`, stderr: '' });
});

test.each([['good', GOOD, 0], ['bad', BAD, 1], ['unreadable', '"', 2]])('validate reads %s objects from standard input', (_, text, status) => {
  const result = bash('cat | "$BIN" validate -', text);
  expect([result.status, result.stderr]).toEqual([status, '']);
});

test('a reader of the output may stop early', () => {
  const folder = folderWith({ 'a.yaml': Array(3000).fill(BAD).join('---\n') });
  const { status, stdout, stderr } = bash(`"$BIN" validate --all '${folder}' | head -n 1`);
  expect([status, stdout, stderr]).toEqual([1, '▸ PeerAuthentication shop/bad\n', '']);
});

test.each(['--help', '--version', 'help', 'explain --help', 'check --help', 'ca --help', 'help diff'])('%s tolerates a closed pipe', (words) => {
  // The pipe has closed before the command writes.
  const { status, stderr } = bash(`{ sleep 0.2; "$BIN" ${words}; } | true`);
  expect([status, stderr]).toEqual([0, '']);
});

test.each(['--help', 'explain --help', 'help explain'])('%s reaches a slow reader in full', (words) => {
  expect(bash(`"$BIN" ${words} | { sleep 0.2; cat; }`).stdout).toBe(bash(`"$BIN" ${words}`).stdout);
});

const testWithFullDevice = existsSync('/dev/full') ? test : test.skip;

testWithFullDevice('a failed write exits with 2, not with a verdict', () => {
  const { status, stderr } = bash('"$BIN" validate - > /dev/full', BAD);
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^istio-mtls could not finish: ENOSPC/)]);
  expect(stderr).not.toContain('    at ');
});

test('an internal error exits with 2, not with a verdict', () => {
  const script = `require('${ROOT}/lib/src/admission/admission.js').admit = () => { throw new Error('defect'); };
    require('${ROOT}/lib/src/cli/main.js').main(['validate', '-'], { root: '${ROOT}', version: '0' })`;
  const told = (env: NodeJS.ProcessEnv) => spawnSync(process.execPath, ['-e', script], { input: BAD, encoding: 'utf8', env: { ...process.env, ...env } });
  const { status, stderr } = told({});
  expect([status, stderr]).toEqual([2, 'istio-mtls could not finish: defect\nThis is a bug in istio-mtls. Fix: report it with the manifests and the output with DEBUG=1.\n']);
  expect(told({ DEBUG: '1' }).stderr).toMatch(/^istio-mtls could not finish: Error: defect\n {4}at /);
});

test('findings reach a slow reader in full', () => {
  const folder = folderWith({ 'a.yaml': Array(3000).fill(BAD).join('---\n') });
  expect(bash(`"$BIN" validate '${folder}' | { sleep 0.3; tail -n 1; }`).stdout).toBe('3,000 objects in 1 file: 3,000 refused (3,000 errors).\n');
});

test.each([['validate', 'main.js'], ['check', 'check-main.js']])('%s is one file, which loads its data on demand, and loads neither cdk8s nor constructs', (verb, file) => {
  const script = `process.argv = ['node', 'x', '${verb}', '-o', 'json', '-']; require(${JSON.stringify(BIN)}); process.on('exit', () => console.error(Object.keys(require.cache).map((path) => path.slice(${ROOT.length + 1})).join()))`;
  const { stderr } = spawnSync(process.execPath, ['-e', script], { input: BAD, encoding: 'utf8', env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' } });
  expect(stderr).toBe(`bin/istio-mtls,lib/command/start.js,package.json,lib/command/${file},lib/imports/schemas.json,lib/imports/istio-metadata.json\n`);
});
