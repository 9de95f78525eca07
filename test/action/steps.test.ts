// The steps of action.yml, as a runner runs them: by bash, with what GitHub sets in the environment.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { folderWith, removeFolders } from '../support/command/scratch';

interface Step { readonly env: Readonly<Record<string, string>>; readonly run: string }

const { runs: { steps }, inputs } = load(readFileSync(join(__dirname, '../../action.yml'), 'utf8')) as { runs: { steps: readonly Step[] }; inputs: Readonly<Record<string, unknown>> };
let cwd = '';

beforeAll(() => {
  cwd = folderWith({ 'istio-mtls.yaml': 'trustDomain: base\n' });
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('rm', '-q', 'istio-mtls.yaml');
  git('commit', '-qm', 'two');
  git('update-ref', 'refs/remotes/origin/bare', 'HEAD');
  writeFileSync(join(cwd, 'istio-mtls.yaml'), 'trustDomain: evil\n');
});

afterAll(removeFolders);

/** The words that istio-mtls gets, the configuration that it would read, and the outputs of the step. */
function diff(env: Readonly<Record<string, string>>, status = 0) {
  const folder = folderWith({ 'bin/npx': `#!/bin/sh\nprintf '%s\\n' "$@" > "$RUNNER_TEMP/words"\nenv > "$RUNNER_TEMP/env"\necho '### told'\nexit ${status}\n` });
  chmodSync(join(folder, 'bin/npx'), 0o755);
  mkdirSync(join(folder, 'tmp'));
  const given = { OLD: 'git:origin/main', NEW: 'dist/', OPTIONS: '', CONFIG: '', BASE: 'main', ...env };
  expect(Object.keys(given).sort()).toEqual(Object.keys(steps[0].env).sort());
  const own = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, RUNNER_TEMP: join(folder, 'tmp'), GITHUB_STEP_SUMMARY: join(folder, 'summary'), GITHUB_OUTPUT: join(folder, 'output') };
  const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', steps[0].run], { cwd, encoding: 'utf8', env: { ...own, ...given } });
  const words = readFileSync(join(folder, 'tmp/words'), 'utf8').trimEnd().split('\n').map((word) => word.replace(join(folder, 'tmp'), 'TMP'));
  const named = words[words.indexOf('--config') + 1].replace('TMP', join(folder, 'tmp'));
  const config = words.includes('--config') ? readFileSync(resolve(cwd, named), 'utf8') : undefined;
  return { status: done.status, words: words.slice(2), config, output: readFileSync(join(folder, 'output'), 'utf8'), summary: readFileSync(join(folder, 'summary'), 'utf8') };
}

test('all lines of the options are passed on', () => {
  expect(diff({ OPTIONS: '--fail-on new-broken\n  --onto facts.yaml\n--onto b.yaml\n' }).words.slice(-6)).toEqual(['--fail-on', 'new-broken', '--onto', 'facts.yaml', '--onto', 'b.yaml']);
  expect(diff({ OPTIONS: '' }).words).toEqual(['diff', 'git:origin/main', 'dist/', '-o', 'markdown', '--config', 'TMP/istio-mtls-base/istio-mtls.yaml']);
});

test('the configuration is that of the base branch, or none, whatever the change has', () => {
  expect(diff({}).config).toBe('trustDomain: base\n');
  expect(diff({ BASE: 'bare' }).words.slice(-1)).toEqual(['--no-config']);
  expect(diff({ BASE: '' }).words.slice(-1)).toEqual(['--no-config']);
  expect(diff({ CONFIG: 'istio-mtls.yaml' }).config).toBe('trustDomain: evil\n');
});

test('the verdict is passed on, after the comment', () => {
  expect(diff({}, 1)).toMatchObject({ status: 0, output: 'status=1\n', summary: '### told\n' });
  expect(spawnSync('bash', ['-c', steps[2].run], { env: { STATUS: '1' } }).status).toBe(1);
});

test('only the step of the comment gets the token', () => {
  expect(steps.map(({ env }) => Object.values(env).some((value) => /token|secrets/.test(value)))).toEqual([false, true, false]);
  expect(Object.keys(inputs)).toEqual(['new', 'old', 'options', 'config', 'token']);
});
