import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { BROKEN, SOUND } from '../meshes';

afterAll(removeFolders);

const FILES = { 'istio-mtls.yaml': 'meshes: {dev: [dev.yaml], staging: [dev.yaml], prod: [prod.yaml]}\n', 'dev.yaml': SOUND, 'prod.yaml': BROKEN, 'tests.yaml': 'tests: [{from: shop/web, to: shop/ratings, is: mtls}]\n' };

const ran = (args: readonly string[], files: Readonly<Record<string, string>> = FILES) => command(args, { cwd: folderWith(files) });
const firstLine = (text: string) => text.split('\n')[0];

const VERBS: readonly (readonly string[])[] = [['connections'], ['explain', 'shop/web', 'shop/ratings'], ['test', 'tests.yaml'], ['validate'], ['report'], ['runbook'], ['adopt']];

test.each(VERBS)('%s asks which of several meshes, and reads the one of --mesh', async (...verb) => {
  const asked = await ran(verb);
  expect([asked.exitCode, firstLine(asked.error)]).toEqual([2, 'error: istio-mtls.yaml names 3 meshes; expected one of them. Fix: pass --mesh dev|staging|prod']);
  const { out, error } = await ran([...verb, '--mesh', 'prod']);
  expect(out).not.toBe('');
  expect(out + error).toContain('Configuration: istio-mtls.yaml, mesh prod');
});

test.each([
  [['connections', '-o', 'json', '--format', '2'], (report: any) => report],
  [['explain', 'shop/web', 'shop/ratings', '-o', 'json'], (report: any) => report],
  [['test', 'tests.yaml', '-o', 'json'], (report: any) => report],
])('%j names the mesh in its JSON', async (args, reportIn) => {
  const { out } = await ran([...args, '--mesh', 'prod']);
  expect(reportIn(JSON.parse(out)).configuration).toEqual({ path: 'istio-mtls.yaml', mesh: 'prod' });
});

test('the only mesh of a file needs no --mesh', async () => {
  const { out, exitCode } = await ran(['connections', '-o', 'csv'], { ...FILES, 'istio-mtls.yaml': 'meshes: {prod: [prod.yaml]}\n' });
  expect([exitCode, out]).toEqual([0, expect.stringContaining('broken')]);
});

test.each<[string, string, readonly string[], string]>([
  ['a mistyped name', FILES['istio-mtls.yaml'], ['--mesh', 'prd'], 'error: istio-mtls.yaml has no mesh \'prd\'; expected one of dev, staging, prod. Fix: pass --mesh prod'],
  ['any other name', FILES['istio-mtls.yaml'], ['--mesh', 'x\u001b[31mz'], 'error: istio-mtls.yaml has no mesh \'x\\u001b[31mz\'; expected one of dev, staging, prod. Fix: pass --mesh dev|staging|prod'],
  ['a file without meshes', 'paths: [dev.yaml]\n', ['--mesh', 'prod'], 'error: istio-mtls.yaml names no meshes; expected meshes with prod. Fix: add it, or name paths instead'],
  ['no file', '', ['--mesh', 'prod', '--no-config'], 'error: --mesh prod is given without a configuration file; expected one. Fix: pass --config FILE'],
])('--mesh with %s is refused', async (_, text, args, message) => {
  for (const verb of ['check', 'connections']) {
    const { exitCode, error } = await ran([verb, ...args], { ...FILES, 'istio-mtls.yaml': text });
    expect([exitCode, firstLine(error)]).toEqual([2, message]);
  }
});

test('files of settings that other meshes name aren\'t manifests', async () => {
  const files = {
    ...FILES,
    'istio-mtls.yaml': 'meshes:\n  dev: {sources: ["."], baseline: known.yaml}\n  prod: {sources: [prod.yaml], meshConfigs: [istiod.yaml], baseline: k.yaml}\n',
    'istiod.yaml': 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {meshConfig: {enableAutoMtls: false}}\n',
    'k.yaml': 'format: 1\nfindings: []\n',
    'known.yaml': 'format: 1\nfindings: []\n',
  };
  const { out } = await ran(['check', '--mesh', 'dev', '--list-skipped', '-o', 'json'], files);
  expect(JSON.parse(out).skipped.map(({ file }: any) => file)).toEqual(['tests.yaml']);
  expect(JSON.parse(out).notes).toEqual([]);
});
