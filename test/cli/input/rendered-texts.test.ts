// Which programs are run, with which arguments and environment. The programs here are stubs; node conformance rendered runs the real ones.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { renderedTexts } from '../../../src/cli/input/rendered-texts';
import type { RenderedSource } from '../../../src/configuration/rendered-source';
import { folderWith, removeFolders } from '../../support/command/scratch';

const PATH = process.env.PATH;

afterEach(() => {
  process.env.PATH = PATH;
  delete process.env.HELM_PLUGINS;
  delete process.env.SECRET;
});
afterAll(removeFolders);

const STUB = `#!${process.execPath}
const { readdirSync } = require('node:fs');
const [verb, ...args] = process.argv.slice(2);
if (verb === 'version') console.log('v9.8.7');
else console.log(JSON.stringify({ verb, args, env: process.env, plugins: readdirSync(process.env.HELM_PLUGINS), cwd: process.cwd() }));
`;

/** A folder with programs, each with its text. */
function programs(texts: Readonly<Record<string, string>> = { helm: STUB, kustomize: STUB }): string {
  const folder = folderWith(texts);
  for (const name of Object.keys(texts)) chmodSync(join(folder, name), 0o755);
  return folder;
}

const CHART = { 'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n', 'values.yaml': '', 'chart/templates/a.yaml': '' };
const OVERLAY = { 'overlay/kustomization.yaml': 'resources: [a.yaml, ../base]\n', 'overlay/a.yaml': '', 'base/kustomization.yml': '{}\n' };

function helm(root: string, source: object = {}): RenderedSource {
  return { program: 'helm', folder: join(root, 'chart'), values: [join(root, 'values.yaml')], namespace: 'shop', release: 'one', ...source };
}

const kustomize = (root: string): RenderedSource => ({ program: 'kustomize', folder: join(root, 'overlay') });

async function rendered(files: Readonly<Record<string, string>>, sourceIn: (root: string) => RenderedSource, path = programs()) {
  const root = folderWith(files);
  process.env.PATH = path;
  const { texts: [text], notes } = await renderedTexts({ sources: [sourceIn(root)], within: root });
  const shown = (said: string) => said.replaceAll(root, 'ROOT');
  return { root, text, notes: notes.map((note) => shown(note.text)), problem: 'problem' in text ? shown(`${text.problem.code} ${text.problem.actual}`) : undefined };
}

const printedBy = (text: object) => JSON.parse((text as { text: string }).text);

test('helm gets a namespace, values by absolute paths, and no dependency update, post-renderer, schema or lookup', async () => {
  const { root, text, notes } = await rendered(CHART, helm);
  expect(text).toMatchObject({ isRendered: true, isNamed: true, isFact: false, namespace: 'shop', name: join(root, 'chart') });
  const { verb, args } = printedBy(text);
  expect([verb, ...args]).toEqual([
    'template', '--namespace', 'shop', '--include-crds', '--skip-schema-validation', '--api-versions', expect.stringMatching(/^networking\.istio\.io\/v1,.*,security\.istio\.io\/v1\/PeerAuthentication,/), '--values', join(root, 'values.yaml'), '--', 'one', join(root, 'chart'),
  ]);
  expect(notes).toEqual(['ROOT/chart is rendered by helm v9.8.7']);
});

test('kustomize is restricted to its folders, and gets no plugins, helm or functions', async () => {
  const { root, text, notes } = await rendered(OVERLAY, kustomize);
  const { verb, args } = printedBy(text);
  expect([verb, ...args]).toEqual(['build', '--load-restrictor', 'LoadRestrictionsRootOnly', '--', join(root, 'overlay')]);
  expect([text.namespace, notes]).toEqual([undefined, ['ROOT/overlay is rendered by kustomize v9.8.7']]);
});

test.each([['helm', CHART, helm], ['kustomize', OVERLAY, kustomize]] as const)('%s has nothing of the user\'s environment', async (_, files, sourceIn) => {
  process.env.SECRET = 'x';
  process.env.HELM_PLUGINS = '/plugins';
  const { env, plugins, cwd } = printedBy((await rendered(files, sourceIn)).text);
  expect(Object.keys(env).filter((name) => !name.startsWith('__')).sort()).toEqual([
    'HELM_CACHE_HOME', 'HELM_CONFIG_HOME', 'HELM_DATA_HOME', 'HELM_NO_PLUGINS', 'HELM_PLUGINS', 'HOME', 'HTTPS_PROXY', 'HTTP_PROXY', 'LC_ALL',
    'NO_PROXY', 'PATH', 'TEMP', 'TMP', 'TMPDIR', 'USERPROFILE', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME',
  ]);
  expect(plugins).toEqual([]);
  for (const name of ['HOME', 'HELM_PLUGINS', 'HELM_CONFIG_HOME', 'PATH', 'TMPDIR']) expect(env[name].startsWith(cwd)).toBe(true);
});

describe('a program is the user\'s own', () => {
  test('on PATH, or the source can\'t be read', async () => {
    expect((await rendered(CHART, helm, '')).problem).toBe('ADMIT170 for helm, which isn\'t on PATH');
    expect((await rendered(OVERLAY, kustomize, programs({ helm: STUB }))).problem).toBe('ADMIT170 for kustomize, which isn\'t on PATH');
  });

  test('and not one that the repository brings', async () => {
    const root = folderWith({ ...CHART, 'bin/helm': STUB });
    chmodSync(join(root, 'bin/helm'), 0o755);
    for (const path of [join(root, 'bin'), 'bin', '.', '']) {
      process.env.PATH = [path, '/nowhere'].join(delimiter);
      const { texts: [text] } = await renderedTexts({ sources: [helm(root)], within: root });
      expect(text).toMatchObject({ problem: { actual: 'for helm, which isn\'t on PATH' } });
    }
  });
});

test.each([
  ['fails', 'console.error("Error: no\\n  such thing"); process.exit(1)', 'ADMIT170 not rendered by kustomize, which says: Error: no such thing'],
  ['prints what isn\'t UTF-8', 'process.stdout.write(Buffer.from([0xff]))', 'ADMIT166 not in UTF-8'],
  ['prints without an end', 'const block = "x".repeat(1024 * 1024); const more = () => process.stdout.write(block, more); more()', 'ADMIT164 larger than 64 MB'],
])('a program that %s gives a problem', async (_, script, problem) => {
  expect((await rendered(OVERLAY, kustomize, programs({ kustomize: `#!${process.execPath}\n${script}\n` }))).problem).toBe(problem);
});

test.each<[string, Readonly<Record<string, string>>, object | undefined, string]>([
  ['a missing chart', { 'values.yaml': '' }, undefined, 'not a chart in a folder of the repository'],
  ['an address', CHART, { folder: 'oci:/registry.example/shop' }, 'not a chart in a folder of the repository'],
  ['a chart elsewhere', CHART, { folder: '/' }, 'not a chart in a folder of the repository'],
  ['missing values', CHART, { values: ['https:/a.example/values.yaml'] }, 'given values from https:/a.example/values.yaml'],
  ['values elsewhere', CHART, { values: ['/etc/hostname'] }, 'given values from /etc/hostname'],
  ['too many files of values', CHART, { values: Array(101).fill('values.yaml') }, 'given 101 files of values'],
])('%s isn\'t rendered by helm', async (_, files, source, actual) => {
  expect((await rendered(files, (root) => helm(root, source))).problem).toBe(`ADMIT170 ${actual}`);
});

test.each(['/etc', '../values.yaml', 'nowhere'])('a chart with a link to %s isn\'t rendered', async (target) => {
  const root = folderWith(CHART);
  mkdirSync(join(root, 'chart/files'));
  symlinkSync(target, join(root, 'chart/files/link'));
  process.env.PATH = programs();
  const { texts: [text] } = await renderedTexts({ sources: [helm(root)], within: root });
  expect(text).toMatchObject({ problem: { code: 'ADMIT170', actual: expect.stringMatching(/^a chart with the link .*chart\/files\/link$/) } });
  writeFileSync(join(root, 'own.yaml'), '');
});

// helm trims paths, reads values as comma-separated values, and prints any file of a chart.
test.each<[string, Readonly<Record<string, string>>, (root: string) => object]>([
  ['a chart with a space at its end', { ...CHART, 'chart /Chart.yaml': '' }, (root) => ({ folder: join(root, 'chart ') })],
  ['values with a line end', { ...CHART, 'values.yaml\n': '' }, (root) => ({ values: [join(root, 'values.yaml\n')] })],
  ['values with a quote', { ...CHART, 'a"b.yaml': '' }, (root) => ({ values: [join(root, 'a"b.yaml')] })],
  ['values from .git', { ...CHART, '.git/config': '' }, (root) => ({ values: [join(root, '.git/config')] })],
  ['a chart in .git', { ...CHART, '.GIT/a/Chart.yaml': '' }, (root) => ({ folder: join(root, '.GIT/a') })],
  ['a chart with a .git', { ...CHART, 'chart/.git/config': '' }, () => ({})],
])('%s isn\'t rendered', async (_, files, source) => {
  expect((await rendered(files, (root) => helm(root, source(root)))).problem).toMatch(/^ADMIT170 (not a chart|given values|a chart with)/);
});

test.each([['a folder of its own', '.'], ['itself', 'loop']])('a chart with a link to %s isn\'t rendered', async (_, target) => {
  const root = folderWith(CHART);
  symlinkSync(target, join(root, 'chart/loop'));
  process.env.PATH = programs();
  expect((await renderedTexts({ sources: [helm(root)], within: root })).texts[0]).toMatchObject({ problem: { code: 'ADMIT170' } });
});

test.each(['/etc/hostname', '/dev/null', 'kustomization.yaml'])('a kustomization that is a link to %s isn\'t read', async (target) => {
  const root = folderWith({ 'overlay/a.yaml': '' });
  symlinkSync(target, join(root, 'overlay/kustomization.yaml'));
  process.env.PATH = programs();
  const { texts: [text] } = await renderedTexts({ sources: [kustomize(root)], within: root });
  expect(text).toMatchObject({ problem: { actual: expect.stringMatching(/link out of its folder|with 0 kustomizations/) } });
});

test('a kustomization that reads .git isn\'t rendered', async () => {
  const root = folderWith({ 'overlay/kustomization.yaml': 'configMapGenerator: [{name: a, files: [cfg]}]\n', '.git/config': 'token' });
  symlinkSync('../.git/config', join(root, 'overlay/cfg'));
  process.env.PATH = programs();
  const { texts: [text] } = await renderedTexts({ sources: [kustomize(root)], within: root });
  expect(text).toMatchObject({ problem: { actual: 'a kustomization whose configMapGenerator names \'cfg\'' } });
});

test('a file may be called like a host', async () => {
  const files = { 'overlay/kustomization.yaml': 'resources: [gitlab.yaml]\n', 'overlay/gitlab.yaml': '' };
  expect((await rendered(files, kustomize)).problem).toBeUndefined();
});

test('sources beyond a hundred aren\'t rendered', async () => {
  const root = folderWith({ 'overlay/kustomization.yaml': '{}\n' });
  process.env.PATH = programs();
  const { texts } = await renderedTexts({ sources: Array(101).fill(kustomize(root)), within: root });
  expect(texts.flatMap((text, index) => ('problem' in text ? [[index, text.problem.actual]] : []))).toEqual([[100, 'not rendered after so many other sources']]);
}, 60_000);

test('a chart with links in itself is rendered', async () => {
  const root = folderWith(CHART);
  symlinkSync('values.yaml', join(root, 'chart/link.yaml'));
  writeFileSync(join(root, 'chart/values.yaml'), '');
  process.env.PATH = programs();
  expect((await renderedTexts({ sources: [helm(root)], within: root })).texts[0]).toMatchObject({ isRendered: true, text: expect.any(String) });
});

const REFUSED = ['https://a.example/x.yaml', 'http://a.example', 'github.com/a/b', 'GitHub.com/a/b', 'git@a.example:b', 'ssh://a/b', 'file:///etc', 'a.example/b.git', 'git::x', 'x?ref=1', '/etc/hostname', '../../outside', 'none.yaml'];

test.each<readonly [string, string, string]>([
  ...REFUSED.map((address) => [`resources ${address}`, `resources: ["${address}"]\n`, 'names'] as const),
  ...['bases', 'components', 'crds', 'configurations', 'patchesStrategicMerge'].map((field) => [field, `${field}: ["https://a.example/x"]\n`, `${field} names`] as const),
  ...['patches', 'patchesJson6902', 'replacements'].map((field) => [field, `${field}: [{path: "https://a.example/x"}]\n`, `${field} names`] as const),
  ...['configMapGenerator', 'secretGenerator'].flatMap((field) => [
    [field, `${field}: [{name: a, files: ["k=https://a.example/x"]}]\n`, `${field} names`] as const,
    [field, `${field}: [{name: a, envs: ["https://a.example/x"]}]\n`, `${field} names`] as const,
    [field, `${field}: [{name: a, env: "https://a.example/x"}]\n`, `${field} names`] as const,
    [field, `${field}: [{name: a, envs: ["https://a.example/?x=a.yaml"]}]\n`, `${field} names`] as const,
    [field, `${field}: [{name: a, Files: ["https://a.example/x"]}]\n`, `${field} can't be read`] as const,
    [field, `${field}: [{name: a, kvSources: [{pluginType: Go}]}]\n`, `${field} can't be read`] as const,
  ]),
  ['openapi', 'openapi: {path: "https://a.example/x"}\n', 'openapi names'],
  ['a path in another case', 'patches: [{Path: "https://a.example/x"}]\n', 'patches can\'t be read'],
  ...['generators', 'transformers', 'validators', 'helmCharts', 'helmGlobals', 'helmChartInflationGenerator'].map((field) => [field, `${field}: [a.yaml]\n`, `with ${field}`] as const),
  ['a field in another case', 'Resources: [a.yaml]\n', 'with the field \'Resources\''],
  ['resources that are no list', 'resources: {a: b}\n', 'resources can\'t be read'],
  ['resources that are no texts', 'resources: [{a: b}]\n', 'resources can\'t be read'],
  ['two documents', 'resources: []\n---\nresources: ["https://a.example"]\n', 'can\'t be read'],
  ['a field twice', 'resources: []\nresources: ["https://a.example"]\n', 'can\'t be read'],
])('a kustomization with %s isn\'t built, nor one that includes it', async (_, text, actual) => {
  const files = { 'overlay/kustomization.yaml': text, 'overlay/a.yaml': '', 'overlay/github.com/a/b/kustomization.yaml': '{}', 'overlay/a.example/b.git/kustomization.yaml': '{}' };
  expect((await rendered(files, kustomize)).problem).toMatch(new RegExp(`^ADMIT170 a kustomization .*${actual.replace(/[[\](){}.]/g, '\\$&')}`));
  const including = { 'overlay/kustomization.yaml': 'resources: [../middle]\n', 'middle/kustomization.yaml': 'components: [../base]\n', 'base/a.yaml': '', 'base/kustomization.yaml': text };
  expect((await rendered(including, kustomize)).problem).toMatch(/^ADMIT170 a kustomization .* \(in .*base\)$/);
});

test('what kustomize does with local files is built', async () => {
  const { problem, text } = await rendered({
    ...OVERLAY,
    'overlay/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
resources: [a.yaml, ../base]
patches: [{path: a.yaml}, {patch: "- {op: add, path: /a, value: 'https://a.example'}"}]
patchesStrategicMerge: ["a: https://a.example\\n"]
configMapGenerator: [{name: a, literals: ["url=https://a.example"], files: [k=a.yaml, a.yaml]}]
images: [{name: a, newName: registry.example/a}]
commonAnnotations: {see: "https://a.example"}
`,
  }, kustomize);
  expect([problem, text]).toEqual([undefined, expect.objectContaining({ isRendered: true })]);
});

test('a folder with two kustomizations isn\'t built: kustomize and this check might read different ones', async () => {
  expect((await rendered({ ...OVERLAY, 'overlay/Kustomization': '{}' }, kustomize)).problem).toBe('ADMIT170 a folder with 2 kustomizations');
});

describe('a program that can\'t render', () => {
  async function failed(text: string, mode = 0o755, files: Readonly<Record<string, string>> = CHART, sourceIn: typeof kustomize = helm) {
    const path = programs({ helm: text, kustomize: text });
    for (const name of ['helm', 'kustomize']) chmodSync(join(path, name), mode);
    const { text: { problem } } = await rendered(files, sourceIn, path) as any;
    return [problem.actual, problem.fix].map((said: string) => said.replaceAll(path, 'BIN'));
  }

  const OWN = 'put the folder of helm\'s own binary first on PATH, because BIN/helm is a script, which finds no other program here';

  test('isn\'t executable', async () => {
    expect(await failed(STUB, 0o644)).toEqual(['for helm, which isn\'t executable at BIN/helm', 'run chmod +x BIN/helm']);
  });

  test('is a script without its interpreter', async () => {
    expect(await failed('#!/nowhere/sh\n')).toEqual(['for helm, which can\'t be started at BIN/helm (ENOENT)', OWN]);
  });

  test('is a shell\'s wrapper of another program', async () => {
    const called = await failed('#!/bin/sh\nexec asdf-or-else exec helm "$@"\n');
    expect(called).toEqual([expect.stringMatching(/^not rendered by helm, which says: .*asdf-or-else.*not found/), OWN]);
    expect(await failed('#!/bin/sh\nexit 126\n')).toEqual(['not rendered by helm, which exits with 126', OWN]);
  });

  test.each(['mise', 'snap'])('is a shim of %s', async (launcher) => {
    const [target, path] = [programs({ [launcher]: '#!/bin/sh\necho "no version is set" >&2\nexit 1\n' }), folderWith({})];
    symlinkSync(join(target, launcher), join(path, 'helm'));
    const { text: { problem } } = await rendered(CHART, helm, path) as any;
    expect(problem).toMatchObject({ code: 'ADMIT170', actual: 'not rendered by helm, which says: no version is set' });
    expect(problem.fix).toContain(`because ${join(path, 'helm')} is a shim of ${launcher}, which`);
  });

  test.each<[string, Readonly<Record<string, string>>, (root: string) => RenderedSource, string]>([
    ['--skip-schema-validation', CHART, helm, 'install Helm 3.16 or later'],
    ['--include-crds', CHART, helm, 'install Helm 3.16 or later'],
    ['--load-restrictor', OVERLAY, kustomize, 'install kustomize 4 or later'],
  ])('is too old for %s', async (flag, files, sourceIn, fix) => {
    expect((await failed(`#!/bin/sh\necho "Error: unknown flag: ${flag}" >&2\nexit 1\n`, 0o755, files, sourceIn))[1]).toBe(fix);
  });
});
