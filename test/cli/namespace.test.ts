import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SERVICE } from './manifests';
import { BROKEN, SOUND } from './meshes';
import { WORTHWHILE } from '../../src/cli/admission/admission';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

/** The mesh as `helm template` prints it, without namespaces. */
const PRINTED = BROKEN.replaceAll(/^ {2}namespace: shop\n/gm, '');
const jsonOf = async (args: string[], input: string) => JSON.parse((await command([...args, '-o', 'json', '-'], { input })).out);
const NOTE = 'name no namespace and are assumed to be in default: set --namespace';

test('check -n finds the same as with the namespace in each object', async () => {
  const { findings, connections, notes } = await jsonOf(['check', '-n', 'shop'], PRINTED);
  const written = await jsonOf(['check'], BROKEN);
  const lineless = (all: any[]) => all.map(({ line, column, ...finding }) => finding);
  expect(lineless(findings)).toEqual(lineless(written.findings));
  expect([findings[0].object.namespace, connections, notes]).toEqual(['shop', written.connections, []]);
});

test('a finding has its position in the original text', async () => {
  const { findings: [{ line, column }] } = await jsonOf(['check', '-n', 'shop'], PRINTED);
  expect(PRINTED.split('\n')[line - 1].slice(column - 1)).toBe('mode: DISABLE');
});

test('without --namespace, a note names the assumed namespace', async () => {
  const { notes } = await jsonOf(['check'], PRINTED);
  expect(notes).toEqual([{ about: 'namespace', text: `5 objects ${NOTE}` }]);
  expect((await command(['check', '-'], { input: PRINTED })).out).toMatch(/\n5 objects name no namespace and are assumed to be in default: set --namespace\n$/);
  expect((await command(['validate', '-'], { input: SERVICE })).out).toBe('1 object in 1 file: nothing refused.\n1 object names no namespace and is assumed to be in default: set --namespace\n');
  expect((await command(['connections', '-'], { input: PRINTED })).error).toBe(`5 objects ${NOTE}\n`);
  for (const format of ['sarif', 'github']) {
    expect((await command(['check', '-o', format, '-'], { input: PRINTED })).error)
      .toMatch(new RegExp(`^0 of 1 connection decided either way \\(0 %\\), .*: -o text shows what would decide the others\n[^]*\n5 objects ${NOTE}\n$`));
  }
  expect((await command(['check', '-'], { input: SOUND })).out).not.toContain('no namespace');
});

test('connections and validate accept --namespace', async () => {
  const listed = async (args: string[], input: string) => (await command(['connections', ...args, '-o', 'csv', '-'], { input })).out;
  expect(await listed(['--namespace', 'shop'], PRINTED)).toBe(await listed([], BROKEN));
  const mesh = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata:\n  mesh: |\n    trustDomain: 5\n';
  expect((await jsonOf(['validate', '-n', 'shop'], mesh)).findings).toEqual([]);
  expect((await jsonOf(['validate', '-n', 'istio-system'], mesh)).findings).toEqual([expect.objectContaining({ object: expect.objectContaining({ namespace: 'istio-system' }) })]);
});

test('acknowledgements match objects by the namespace of -n', async () => {
  const { findings, acknowledged } = await jsonOf(['check', '-n', 'shop', '--acknowledge', 'MTLS101 DestinationRule shop/ratings: until March'], PRINTED);
  expect([findings, acknowledged.length]).toEqual([[], 1]);
});

test('objects with a namespace and cluster-scoped objects stay unchanged', async () => {
  const input = [SOUND, 'apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w}\nspec: {template: {metadata: {labels: {a: b}}}}\n'].join('---\n');
  const clients = (await jsonOf(['connections', '-n', 'other'], input)).map(({ client: { namespace, name } }: any) => `${namespace}/${name}`);
  expect(clients).toEqual(['other/w', 'shop/web']);
});

test('--namespace doesn\'t apply to facts', async () => {
  const folder = folderWith({ 'facts.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n', 'dist.yaml': PRINTED });
  const { notes } = await (async () => JSON.parse((await command(['check', '-n', 'shop', '-o', 'json', join(folder, 'dist.yaml'), '--with', join(folder, 'facts.yaml')])).out))();
  expect(notes).toEqual([{ about: 'namespace', text: '1 fact names no namespace and is assumed to be in default' }]);
});

test('an invalid namespace is rejected', async () => {
  expect(await command(['check', '-n', 'A_B', '-'])).toMatchObject({ exitCode: 2, error: expect.stringContaining('lowercase letters') });
});

test('--namespace applies to objects that the second thread reads', () => {
  // The mesh config is checked only in istiod\'s namespace.
  const input = `${'# a comment\n'.repeat(Math.ceil(WORTHWHILE / 12))}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata:\n  mesh: |\n    trustDomain: 5\n`;
  const checked = (namespace: string) => spawnSync(process.execPath, [join(__dirname, '../../bin/istio-mtls'), 'check', '-n', namespace, '-'], { input, encoding: 'utf8' });
  expect(checked('istio-system')).toMatchObject({ status: 1, stdout: expect.stringContaining('ConfigMap istio-system/istio') });
  expect(checked('shop')).toMatchObject({ status: 0 });
});
