// The example as somebody has it who copied its folder: nothing of this repository is around it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, removeFolders } from '../support/command/scratch';
import { exampleTexts, objectsIn } from '../support/constructs/example-app';

afterAll(removeFolders);

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'examples/platform');
const { scripts, dependencies, devDependencies } = JSON.parse(readFileSync(join(FOLDER, 'copy/package.json'), 'utf8'));

/** A copy with what its package.json asks for, as far as it is installed here. */
function copy(): string {
  const folder = folderWith({});
  cpSync(FOLDER, folder, { recursive: true });
  cpSync(join(folder, 'copy'), folder, { recursive: true });
  for (const name of ['copy', 'dist']) rmSync(join(folder, name), { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  symlinkSync(ROOT, join(folder, 'node_modules', 'cdk8s-istio-mtls'));
  return folder;
}

test('synthesizes, passes its checks, and its own test', () => {
  const cwd = copy();
  const run = (script: string, ...more: string[]) => {
    const env = { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`, NODE_OPTIONS: '', CDK8S_OUTDIR: '' };
    for (const part of scripts[script].replaceAll('istio-mtls ', `node ${join(ROOT, 'bin/istio-mtls')} `).split(' && ')) execFileSync('sh', ['-c', [part, ...more].join(' ')], { cwd, env, stdio: 'pipe' });
  };
  run('synth');
  const names = readdirSync(join(cwd, 'dist')).sort().map((file) => file.replace(/-c[0-9a-f]{7}/, ''));
  expect(names).toEqual(['dev', 'prod'].flatMap((name) => ['payments', 'platform', 'shop'].map((chart) => `${name}-${chart}.k8s.yaml`)));
  run('check');
  run('test', '--ci', `--transform='{"\\\\.ts$":"${join(ROOT, 'tools/strip-types.cjs')}"}'`);
}, 120_000);

test('names all that it needs', () => {
  const imported = readdirSync(FOLDER).filter((name) => name.endsWith('.ts')).flatMap((name) => [...readFileSync(join(FOLDER, name), 'utf8').matchAll(/from '([^.'][^']*)'/g)].map(([, module]) => module));
  const named = { ...dependencies, ...devDependencies };
  expect([...new Set(imported)].filter((module) => !module.startsWith('node:') && !Object.hasOwn(named, module))).toEqual([]);
  const tools = (Object.values(scripts) as string[]).flatMap((script) => script.split(' && ').map((part) => part.split(' ')[0]));
  expect(new Set(tools)).toEqual(new Set(['cdk8s', 'tsc', 'jest', 'istio-mtls']));
});

test('emits the same objects of Istio with cdk8s-plus-28', () => {
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const istios = () => Object.values(objectsIn(exampleTexts('platform'))).flat().filter(({ apiVersion }) => /istio\.io\//.test(apiVersion));
  const newest = istios();
  jest.doMock('cdk8s-plus-33', () => jest.requireActual('cdk8s-plus-28'));
  const older = istios();
  jest.dontMock('cdk8s-plus-33');
  stderr.mockRestore();
  expect(newest.length).toBeGreaterThan(15);
  expect(older).toEqual(newest);
});
