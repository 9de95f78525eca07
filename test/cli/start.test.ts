import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from '../../src/cli/start';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const ROOT = join(__dirname, '../..');
const HOME = '/home/me';

test.each<[string, NodeJS.Platform, NodeJS.ProcessEnv, string | undefined]>([
  ['by default', 'linux', {}, '/home/me/.cache/istio-mtls/code'],
  ['with XDG_CACHE_HOME', 'linux', { XDG_CACHE_HOME: '/var/me' }, '/var/me/istio-mtls/code'],
  ['with a relative XDG_CACHE_HOME', 'linux', { XDG_CACHE_HOME: 'me' }, undefined],
  ['with an empty XDG_CACHE_HOME', 'linux', { XDG_CACHE_HOME: '' }, '/home/me/.cache/istio-mtls/code'],
  ['by default on macOS', 'darwin', {}, '/home/me/Library/Caches/istio-mtls/code'],
  ['by default on Windows, without LOCALAPPDATA', 'win32', {}, undefined],
  ['with LOCALAPPDATA', 'win32', { LOCALAPPDATA: '/c/me' }, '/c/me/istio-mtls/code'],
])('the folder of the compile cache %s: on %s, %j: %s', (_, platform, env, folder) => {
  expect(cacheFolder({ platform, env, home: HOME })).toBe(folder);
});

/** Loads a file like the command in a new process, and returns its result. */
function loaded(file: string, cache: string, env: NodeJS.ProcessEnv = {}): unknown {
  const script = `const { loadCached } = require(${JSON.stringify(join(ROOT, 'lib/src/cli/start.js'))});
    console.log(JSON.stringify(loadCached(${JSON.stringify(file)}, 'check').value()));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '', XDG_CACHE_HOME: cache, ...env } });
  return stderr === '' ? JSON.parse(stdout) : stderr;
}

function prepared() {
  const folder = folderWith({ 'file.js': 'exports.value = () => [__filename, require("./other.js")];', 'other.js': 'module.exports = "other";' });
  return { folder, file: join(folder, 'file.js'), cache: join(folder, 'cache'), code: join(folder, 'cache/istio-mtls/code') };
}

const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

test('a file runs the same with a valid, outdated or damaged cache', () => {
  const { file, cache, code } = prepared();
  const [first, second, third] = [1, 2, 3].map(() => loaded(file, cache));
  expect([first, second, third]).toEqual(Array(3).fill([file, 'other']));
  const kept = filesIn(code).map((name) => join(code, name)).filter((path) => statSync(path).isFile());
  for (const path of kept) writeFileSync(path, readFileSync(path).fill(7, 200));
  expect(loaded(file, cache)).toEqual([file, 'other']);
  writeFileSync(file, 'exports.value = () => "changed";');
  expect([1, 2, 3].map(() => loaded(file, cache))).toEqual(Array(3).fill('changed'));
});

// Node 22 and later have a compile cache.
const testOfOurs = 'enableCompileCache' in nodeModule ? test.skip : test;

testOfOurs('the first run leaves a marker, the second one caches all files, and the third one changes nothing', () => {
  const { file, cache, code } = prepared();
  const runs = [1, 2, 3].map(() => {
    loaded(file, cache);
    return filesIn(code).map((name) => statSync(join(code, name)));
  });
  const [[note, ...others], second, third] = runs;
  expect(others).toEqual([]);
  expect(note.size).toBeLessThan(300);
  expect(second.length).toBe(2);
  for (const { size, mode } of second) expect([size > note.size, mode.toString(8)]).toEqual([true, expect.stringMatching(/600$/)]);
  expect(third.map(({ size, mtimeMs }) => [size, mtimeMs])).toEqual(second.map(({ size, mtimeMs }) => [size, mtimeMs]));
});

testOfOurs('the cache has entries for verbs, and one for all other words', () => {
  const { cache, code } = prepared();
  for (const word of ['check', 'validate', 'chekc', 'x', '--version']) {
    spawnSync(process.execPath, [join(ROOT, 'bin/istio-mtls'), word], { env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '', XDG_CACHE_HOME: cache } });
  }
  expect(filesIn(code).map((name) => name.split('-')[0]).sort()).toEqual(['check', 'other', 'validate']);
});

test('caches nothing in a folder that others can write, in an invalid folder, or with NODE_DISABLE_COMPILE_CACHE', () => {
  const { folder, file, cache, code } = prepared();
  mkdirSync(code, { recursive: true });
  chmodSync(code, 0o777);
  expect(loaded(file, cache)).toEqual([file, 'other']);
  expect(filesIn(code)).toEqual([]);
  expect(loaded(file, join(folder, 'other.js'))).toEqual([file, 'other']);
  expect(loaded(file, join(folder, 'unused'), { NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual([file, 'other']);
  expect(filesIn(join(folder, 'unused'))).toEqual([]);
});
