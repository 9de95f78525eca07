import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { SOUND } from '../meshes';

afterAll(removeFolders);

const policy = (name: string, mode: string, namespace = 'shop') =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: ${name}\n${namespace && `  namespace: ${namespace}\n`}spec:\n  selector: {matchLabels: {app: ${name}}}\n  mtls: {mode: ${mode}}\n`;
const policies = (mode: string, namespace?: string) => ['one', 'two', 'three'].map((name) => policy(name, mode, namespace)).join('---\n');

/** The MTLS601 findings about objects with several manifests, in short. */
async function twice(files: Record<string, string>, ...options: string[]) {
  const folder = folderWith(files);
  const { out, exitCode } = await command(['check', folder, '-o', 'json', ...options]);
  const { findings, summary } = JSON.parse(out);
  const told: any[] = findings.filter(({ code }: any) => code === 'MTLS601')
    .map(({ severity, object, alike, actual, fix }: any) => ({ severity, name: object.name, alike, text: `${actual}; ${fix}`.replaceAll(folder, 'FOLDER') }));
  return { told, exitCode, summary };
}

test('folders with the same objects give one info with their number and a command to check one folder', async () => {
  const { told, summary } = await twice({ 'dev/a.yaml': policies('PERMISSIVE'), 'prod/a.yaml': policies('STRICT') });
  expect(told).toEqual([{
    severity: 'info',
    name: 'one',
    alike: 3,
    text: '\'one\', as of 2 other objects in dev and prod of FOLDER; check one at a time: istio-mtls check FOLDER/prod (--all shows the objects)',
  }]);
  expect(summary.warnings).toBe(0);
});

test.each([
  ['b; rm -rf x', '\'FOLDER/b; rm -rf x\''], ['b$(id)', '\'FOLDER/b$(id)\''], ['it\'s', '\'FOLDER/it\'\\\'\'s\''],
])('quotes a folder named %s in the command', async (name, word) => {
  const { told } = await twice({ 'a/x.yaml': policies('PERMISSIVE'), [`${name}/x.yaml`]: policies('STRICT') });
  expect(told.map(({ text }) => text.split('; check one at a time: ')[1])).toEqual([`istio-mtls check ${word} (--all shows the objects)`]);
});

test('three environments are one finding that counts each object once', async () => {
  const { told } = await twice({ 'dev/a.yaml': policies('PERMISSIVE'), 'prod/a.yaml': policies('STRICT'), 'stage/b/a.yaml': policies('DISABLE') });
  expect(told.map(({ alike, text }) => [alike, text.split(';')[0]])).toEqual([[6, '\'one\', as of 2 other objects in dev, prod and stage of FOLDER']]);
});

test('pairs of folders that share no objects are separate findings', async () => {
  const other = (mode: string) => policies(mode, 'other');
  const { told } = await twice({ 'a/x.yaml': policies('STRICT'), 'b/x.yaml': policies('PERMISSIVE'), 'c/x.yaml': other('STRICT'), 'd/x.yaml': other('DISABLE') });
  expect(told.map(({ text }) => text.split(';')[0])).toEqual([
    '\'one\', as of 2 other objects in a and b of FOLDER', '\'one\', as of 2 other objects in c and d of FOLDER',
  ]);
});

test('more than three folders are counted', async () => {
  const { told } = await twice(Object.fromEntries(['a', 'b', 'c', 'd'].map((name, index) => [`envs/${name}/x.yaml`, policies(['STRICT', 'PERMISSIVE'][index % 2])])));
  expect(told.map(({ text }) => text.split(';')[0])).toEqual(['\'one\', as of 2 other objects in 4 folders of FOLDER/envs']);
});

test('one object in two folders is an info of its own', async () => {
  const { told } = await twice({ 'dev/a.yaml': policy('one', 'PERMISSIVE'), 'prod/a.yaml': policy('one', 'STRICT') });
  expect(told).toEqual([{ severity: 'info', name: 'one', alike: undefined, text: expect.stringContaining('delete one of them') }]);
});

test('objects in two folders each are one finding', async () => {
  const pair = (name: string) => ({ [`${name}/a/x.yaml`]: policy(name, 'STRICT'), [`${name}/b/x.yaml`]: policy(name, 'DISABLE') });
  const { told } = await twice({ ...pair('one'), ...pair('two'), ...pair('three') });
  expect(told).toEqual([{
    severity: 'info', name: 'one', alike: 3, text: '\'one\', as of 2 other objects in two folders each; check one folder at a time (--all shows the objects)',
  }]);
});

test.each([
  ['one object in two files of a folder', { 'a.yaml': policy('one', 'PERMISSIVE'), 'b.yaml': policy('one', 'STRICT') }, 1, undefined],
  ['objects in two files of a folder', { 'a.yaml': policies('PERMISSIVE'), 'b.yaml': policies('STRICT') }, 1, 3],
  ['objects in one file', { 'a.yaml': [policies('PERMISSIVE'), policies('STRICT')].join('---\n') }, 3, undefined],
])('%s: the last one counts, with a warning', async (_, files, count, alike) => {
  const { told } = await twice(files as unknown as Record<string, string>);
  expect([told.length, told[0]]).toEqual([count, expect.objectContaining({ severity: 'warning', alike })]);
});

test('duplicates in files of one folder are one finding', async () => {
  const files = { 'a.yaml': policy('one', 'STRICT'), 'b.yaml': policy('one', 'DISABLE'), 'c.yaml': policy('two', 'STRICT'), 'd.yaml': policy('two', 'DISABLE') };
  expect((await twice(files)).told.map(({ alike, text }) => [alike, text.split(';')[0]])).toEqual([[2, '\'one\', as of another object in 4 files of FOLDER']]);
});

test('folders of versions with the same objects are reported for their parent folder', async () => {
  const version = { 'fail/x.yaml': policies('PERMISSIVE'), 'pass/x.yaml': policies('STRICT') };
  const files = Object.fromEntries(['v1', 'v2', 'v3'].flatMap((name) => Object.entries(version).map(([path, text]) => [`${name}/${path}`, text])));
  expect((await twice(files)).told.map(({ alike, text }) => [alike, text.split(';')[0]])).toEqual([[15, '\'one\', as of 2 other objects in v1, v2 and v3 of FOLDER']]);
});

test('--all lists each object, without a change to --fail-on', async () => {
  const files = { 'dev/a.yaml': policies('PERMISSIVE'), 'prod/a.yaml': policies('STRICT') };
  const { told, exitCode } = await twice(files, '--all', '--fail-on', 'warning');
  expect([told.map(({ name, severity }) => `${severity} ${name}`), exitCode]).toEqual([['info one', 'info two', 'info three'], 0]);
  expect((await twice(files, '--fail-on', 'info')).exitCode).toBe(1);
});

test('a baseline holds each object separately', async () => {
  const folder = folderWith({ 'dev/a.yaml': policies('PERMISSIVE'), 'prod/a.yaml': policies('STRICT') });
  const baseline = join(folderWith({}), 'known.yaml');
  await command(['check', folder, '--baseline', baseline, '--write-baseline']);
  expect((await command(['check', folder, '--baseline', baseline, '--fail-on', 'info'])).exitCode).toBe(0);
  const more = folderWith({ 'dev/a.yaml': [policies('PERMISSIVE'), policy('four', 'STRICT')].join('---\n'), 'prod/a.yaml': [policies('STRICT'), policy('four', 'DISABLE')].join('---\n') });
  const { out } = await command(['check', more, '--baseline', baseline, '-o', 'json']);
  expect(JSON.parse(out).findings.filter(({ code }: any) => code === 'MTLS601').map(({ object }: any) => object.name)).toEqual(['four']);
});

test('a mesh without duplicates has no such finding', async () => {
  expect((await twice({ 'a.yaml': SOUND })).told).toEqual([]);
});
