import { join, relative } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { BAD, GOOD } from '../manifests';

afterAll(removeFolders);

const HERE = process.cwd();
afterEach(() => process.chdir(HERE));

const CHART = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';
const TEMPLATE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n';
const CRD = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n';
const object = (name: string) => GOOD.replace('good', name);
const kustomization = (...lines: string[]) => ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', ...lines, ''].join('\n');

/** The result of validate for a folder; an unknown field in each object marks its file as checked. */
async function judged(files: Record<string, string>, paths: readonly string[] = ['.'], ...options: string[]) {
  const folder = folderWith(files);
  process.chdir(folder);
  const { exitCode, out } = await command(['validate', '-o', 'json', ...options, ...paths]);
  const { summary, findings, unreadable, skipped, notes } = JSON.parse(out);
  return {
    exitCode,
    objects: summary.objects,
    refused: findings.map(({ file }: any) => file),
    unreadable: unreadable.map(({ code, file }: any) => `${code} ${file}`),
    skipped: skipped.map(({ file, line, why }: any) => `${file}${line === undefined ? '' : `:${line}`} ${why}`),
    notes: notes.map(({ text }: any) => text),
  };
}

describe('a Helm chart', () => {
  const files = {
    'charts/shop/Chart.yaml': CHART,
    'charts/shop/values.yaml': 'name: shop\n',
    'charts/shop/values-prod.yaml': 'kind: Service\n',
    'charts/shop/templates/a.yaml': TEMPLATE,
    'charts/shop/templates/tests/b.yaml': BAD,
    'charts/shop/files/c.yaml': TEMPLATE,
    'charts/shop/charts/db/Chart.yaml': CHART,
    'charts/shop/charts/db/templates/a.yaml': TEMPLATE,
    'charts/shop/charts/db/crds/crd.yaml': CRD.replace('a.b', 'd.b'),
    'charts/shop/crds/crd.yaml': CRD,
    'charts/shop/examples/mesh.yaml': BAD,
    'mesh.yaml': BAD,
  };
  const NOTE = 'charts/shop is a chart, and its templates are left out: helm template charts/shop -n NAMESPACE | istio-mtls check -n NAMESPACE -';

  test('gets one note, and only files that Helm installs unrendered are checked', async () => {
    expect(await judged(files)).toEqual({
      exitCode: 1,
      objects: 4,
      refused: ['charts/shop/examples/mesh.yaml', 'mesh.yaml'],
      unreadable: [],
      skipped: [
        'charts/shop/Chart.yaml a setting of chart charts/shop',
        'charts/shop/charts/db/Chart.yaml a setting of chart charts/shop',
        'charts/shop/charts/db/templates/a.yaml a part of chart charts/shop, which isn\'t rendered',
        'charts/shop/files/c.yaml a part of chart charts/shop, which isn\'t rendered',
        'charts/shop/templates/a.yaml a part of chart charts/shop, which isn\'t rendered',
        'charts/shop/templates/tests/b.yaml a part of chart charts/shop, which isn\'t rendered',
        'charts/shop/values-prod.yaml a setting of chart charts/shop',
        'charts/shop/values.yaml a setting of chart charts/shop',
      ],
      notes: [NOTE],
    });
  });

  test.each([['a folder in the chart', ['charts/shop/templates']], ['a pattern', ['**/templates/**/*.yaml']], ['two patterns', ['charts/shop/files', 'charts/shop/templates']]])('gets the same note if named by %s, and nothing is checked', async (_, paths) => {
    expect(await judged(files, paths)).toMatchObject({ exitCode: 2, objects: 0, refused: [], unreadable: [`ADMIT167 ${paths.join(' ')}`], notes: [NOTE] });
  });

  test('whose template is named explicitly has it checked', async () => {
    expect(await judged(files, ['charts/shop/templates/tests/b.yaml'])).toMatchObject({ exitCode: 1, refused: ['charts/shop/templates/tests/b.yaml'], notes: [] });
  });

  test('in a folder with spaces gets a quoted command', async () => {
    const { notes } = await judged({ 'it\'s mine/Chart.yaml': CHART, 'it\'s mine/templates/a.yaml': TEMPLATE, 'a.yaml': GOOD });
    expect(notes).toEqual(['it\'s mine is a chart, and its templates are left out: helm template \'it\'\\\'\'s mine\' -n NAMESPACE | istio-mtls check -n NAMESPACE -']);
  });

  test('notes are limited to three, and --list-skipped shows all', async () => {
    const many = Object.fromEntries([1, 2, 3, 4, 5].flatMap((index) => [[`c${index}/Chart.yaml`, CHART], [`c${index}/templates/a.yaml`, TEMPLATE]]));
    process.chdir(folderWith({ ...many, 'a.yaml': GOOD }));
    const { out } = await command(['check', '.']);
    expect(out.split('\n').slice(-6)).toEqual([
      '1 object in 1 file: no errors, 10 skipped (--list-skipped shows them).',
      ...[1, 2, 3].map((index) => `c${index} is a chart, and its templates are left out: helm template c${index} -n NAMESPACE | istio-mtls check -n NAMESPACE -`),
      '… and 2 more charts (--list-skipped shows them)',
      '',
    ]);
    const { out: listed } = await command(['check', '.', '--list-skipped']);
    expect(listed).toContain('c5 is a chart');
    expect(listed).toContain('\nSkipped\n  c1/Chart.yaml  a setting of chart c1\n  c1/templates/a.yaml  a part of chart c1, which isn\'t rendered\n');
  });
});

describe('a kustomization', () => {
  const base = { 'base/kustomization.yaml': kustomization('resources: [object.yaml]'), 'base/object.yaml': BAD };
  const note = (folder: string) => `${folder} is a kustomization, and its output isn't checked: kustomize build ${folder} | istio-mtls check -`;

  test('without changes leaves its resources checked', async () => {
    expect(await judged(base)).toEqual({ exitCode: 1, objects: 1, refused: ['base/object.yaml'], unreadable: [], skipped: ['base/kustomization.yaml an input of kustomize'], notes: [] });
  });

  test.each([
    ['a namespace', 'namespace: shop'],
    ['a prefix', 'namePrefix: a-'],
    ['labels', 'commonLabels: {a: b}'],
    ['images', 'images: [{name: a, newTag: b}]'],
    ['a generator, which adds objects that no file contains', 'configMapGenerator: [{name: istio, literals: [a=b]}]'],
  ])('that sets %s has its resources skipped', async (_, line) => {
    const { objects, skipped, notes, unreadable } = await judged({ 'base/kustomization.yaml': kustomization('resources: [object.yaml]', line), 'base/object.yaml': BAD });
    expect([objects, skipped[1], notes, unreadable]).toEqual([0, 'base/object.yaml a resource of kustomization base, which isn\'t built', [note('base')], ['ADMIT167 .']]);
  });

  test('with a remote resource gets a note, and its resources are skipped', async () => {
    const { objects, notes, skipped } = await judged({ 'a/kustomization.yaml': kustomization('resources: [object.yaml, "https://github.com/a/b?ref=v1"]'), 'a/object.yaml': BAD });
    expect([objects, notes, skipped]).toEqual([0, [note('a')], ['a/kustomization.yaml an input of kustomize', 'a/object.yaml a resource of kustomization a, which isn\'t built']]);
  });

  test('with only a base isn\'t said to change it if another does', async () => {
    const { notes, skipped } = await judged({
      ...base,
      'overlays/prod/kustomization.yaml': kustomization('resources: [../../base]', 'namespace: prod'),
      'overlays/test/kustomization.yaml': kustomization('resources: [../../base]'),
      'mesh.yaml': GOOD,
    });
    expect(notes).toEqual([note('overlays/prod'), note('overlays/test')]);
    expect([...notes, ...skipped].filter((text) => text.includes('change'))).toEqual([]);
  });

  test('that changes a base skips its resources, and notes name the overlay to build', async () => {
    const overlay = (name: string, ...lines: string[]) => ({ [`overlays/${name}/kustomization.yaml`]: kustomization('resources: [../../base]', ...lines) });
    expect(await judged({ ...base, ...overlay('prod', 'namespace: prod'), ...overlay('test', 'namespace: test'), 'mesh.yaml': GOOD })).toEqual({
      exitCode: 0,
      objects: 1,
      refused: [],
      unreadable: [],
      skipped: [
        'base/kustomization.yaml an input of kustomize',
        'base/object.yaml a resource of kustomization overlays/prod, which isn\'t built',
        'overlays/prod/kustomization.yaml an input of kustomize',
        'overlays/test/kustomization.yaml an input of kustomize',
      ],
      notes: [note('overlays/prod'), note('overlays/test')],
    });
    expect(await judged({ ...base, ...overlay('plain') })).toMatchObject({ objects: 1, refused: ['base/object.yaml'], notes: [] });
    // Cyclic references end.
    expect(await judged({ 'a/kustomization.yaml': kustomization('resources: [../b, o.yaml]'), 'a/o.yaml': BAD, 'b/kustomization.yaml': kustomization('bases: [../a]') })).toMatchObject({ objects: 1, notes: [] });
  });

  test('has listed patches and inputs skipped, and other files checked', async () => {
    const { skipped, refused, objects, notes } = await judged({
      'a/kustomization.yml': kustomization(
        'patches: [{path: patches/one.yaml}, {patch: "- op: remove\\n  path: /spec"}]', 'patchesStrategicMerge: [patches/two.yaml]', 'patchesJson6902: [{path: three.json, target: {kind: Service}}]',
        'configMapGenerator: [{name: a, files: [key=config.yaml]}]', 'replacements: [{path: four.yaml}]',
      ),
      ...Object.fromEntries(['patches/one.yaml', 'patches/two.yaml', 'three.json', 'config.yaml', 'four.yaml'].map((name) => [`a/${name}`, BAD])),
      'a/other.yaml': BAD,
      'a/deeper/other.yaml': object('other'),
    });
    expect(skipped).toEqual([
      'a/config.yaml an input of kustomization a, not an object of its own',
      'a/four.yaml an input of kustomization a, not an object of its own',
      'a/kustomization.yml an input of kustomize',
      'a/patches/one.yaml an input of kustomization a, not an object of its own',
      'a/patches/two.yaml an input of kustomization a, not an object of its own',
      'a/three.json an input of kustomization a, not an object of its own',
    ]);
    expect([objects, refused, notes]).toEqual([2, ['a/other.yaml'], [note('a')]]);
  });

  test('is found above the given path', async () => {
    const files = { 'a/Kustomization': 'patches: [{path: patches/one.yaml}]\n', 'a/patches/one.yaml': BAD };
    expect(await judged(files, ['a/patches'])).toMatchObject({ exitCode: 2, objects: 0, notes: [note('a')] });
    expect(await judged(files, ['a/patches/*.yaml'])).toMatchObject({ exitCode: 2, objects: 0, notes: [note('a')] });
    expect(await judged(files, ['a/patches/one.yaml'])).toMatchObject({ exitCode: 1, objects: 1, notes: [] });
  });

  test('component gets notes for the kustomizations that include it', async () => {
    const component = { 'c/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml}]\n', 'c/p.yaml': BAD };
    expect((await judged({ ...component, 'a/kustomization.yaml': kustomization('components: [../c]', 'resources: [o.yaml]'), 'a/o.yaml': GOOD })).notes).toEqual([note('a')]);
    expect(await judged({ ...component, 'mesh.yaml': GOOD })).toMatchObject({ objects: 1, notes: [], refused: [] });
  });

  test('that can\'t be parsed is unreadable', async () => {
    expect(await judged({ 'kustomization.yaml': 'patches: [\n', 'mesh.yaml': GOOD })).toMatchObject({ exitCode: 2, objects: 1, unreadable: [expect.stringMatching(/^ADMIT151 .*kustomization.yaml$/)] });
  });

  test('of Flux is a normal object', async () => {
    const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: b}\nspec: {path: ./o.yaml}\n';
    expect(await judged({ 'kustomization.yaml': flux, 'o.yaml': BAD })).toMatchObject({ objects: 2, skipped: [], notes: [], refused: ['o.yaml'] });
  });
});

describe('a patch that a kustomization no longer lists', () => {
  test.each([
    ['manager_auth_proxy_patch.yaml'], ['webhook-patch.yml'], ['patch-env.yaml'], ['patches.yaml'], ['patches/cainjection_in_a.yaml'], ['PATCH_a.yaml'],
  ])('%s is skipped', async (name) => {
    expect(await judged({ 'config/default/kustomization.yaml': kustomization('resources: [a.yaml]'), 'config/default/a.yaml': GOOD, [`config/default/${name}`]: BAD })).toMatchObject({
      exitCode: 0, objects: 1, refused: [], skipped: expect.arrayContaining([`config/default/${name} named as a patch of kustomization config/default, which doesn't list it`]),
    });
  });

  test.each([
    ['without a kustomization', { 'a_patch.yaml': BAD }, 'a_patch.yaml'],
    ['if it is listed as a resource', { 'kustomization.yaml': kustomization('resources: [a_patch.yaml]'), 'a_patch.yaml': BAD }, 'a_patch.yaml'],
    ['with another name', { 'kustomization.yaml': kustomization('resources: []'), 'dispatch.yaml': BAD }, 'dispatch.yaml'],
    ['in a deeper folder', { 'kustomization.yaml': kustomization('resources: []'), 'b/c/a_patch.yaml': BAD }, 'b/c/a_patch.yaml'],
  ])('isn\'t recognized %s', async (_, files, file) => {
    expect((await judged(files as unknown as Record<string, string>)).refused).toEqual([file]);
  });

  test('with $patch is skipped in any folder', async () => {
    const { objects, refused, skipped } = await judged({ 'a.yaml': `${BAD}$patch: delete\n`, 'b.yaml': GOOD });
    expect([objects, refused, skipped]).toEqual([1, [], ['a.yaml:1 a patch of kustomize, which says so by $patch']]);
  });
});

describe('files without Kubernetes objects are skipped in a folder:', () => {
  test.each([
    ['settings', 'a: b\n', 'neither apiVersion nor kind'],
    ['an unknown kind', 'kind: Pipeline\nname: a\n', 'a kind without apiVersion that isn\'t one of Kubernetes, Istio or the Gateway API'],
    ['a kind that isn\'t a string', 'kind: [a]\n', 'a kind without apiVersion that isn\'t one of Kubernetes, Istio or the Gateway API'],
    ['a version of another format', 'apiVersion: 1\nproviders: []\n', 'an apiVersion without kind, metadata and spec'],
    ['an input of kustomize', 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n', 'an input of kustomize'],
    ['a list', '- a\n', 'a list of 1'],
    ['a string', 'hello\n', 'a string of 5 characters'],
    ['invalid YAML', 'a: b: c\n', 'not Kubernetes YAML: an unexpected colon'],
    ['a part of JSON', '{"a": [1,\n}', expect.stringMatching(/^not Kubernetes YAML: /)],
    ['a template of another tool', 'a: {{ .b }}\n', expect.stringMatching(/^not Kubernetes YAML: a template that isn't rendered/)],
  ])('%s', async (_, text, why) => {
    const folder = folderWith({ 'a.yaml': text, 'b.yaml': GOOD });
    process.chdir(folder);
    const { exitCode, out } = await command(['check', '-o', 'json', '.']);
    const { summary, skipped, unreadable } = JSON.parse(out);
    expect([exitCode, summary.objects, summary.skipped, skipped, unreadable]).toEqual([0, 1, 1, [{ file: 'a.yaml', line: expect.any(Number), column: expect.any(Number), why }], []]);
  });

  test.each<[string, string, string]>([
    ['a kind of Kubernetes', 'kind: Deployment\nmetadata: {name: a}\n', 'ADMIT102'],
    ['a kind of Istio', 'kind: PeerAuthentication\n', 'ADMIT102'],
    ['a kind of the Gateway API', 'kind: HTTPRoute\n', 'ADMIT102'],
    ['an object without a kind', 'apiVersion: apps/v1\nspec: {}\n', 'ADMIT103'],
  ])('files with Kubernetes objects are checked: %s', async (_, text, code) => {
    process.chdir(folderWith({ 'a.yaml': text }));
    const { exitCode, out } = await command(['validate', '-o', 'json', '.']);
    expect([exitCode, JSON.parse(out).findings.map((finding: any) => finding.code)]).toEqual([1, [code]]);
  });

  test('a missing apiVersion gets the right one as its fix', async () => {
    const fixes = await Promise.all(['Deployment', 'Ingress', 'Service', 'Event', 'Gateway', 'PeerAuthentication', 'HorizontalPodAutoscaler', 'Unknown'].map(async (kind) => {
      const { out } = await command(['validate', '-o', 'json', '-'], { input: `kind: ${kind}\n` });
      return JSON.parse(out).findings[0].fix;
    }));
    expect(fixes).toEqual(['apps/v1', 'networking.k8s.io/v1', 'v1', 'v1', 'networking.istio.io/v1', 'security.istio.io/v1', 'autoscaling/v2', 'group/version'].map((version) => `write apiVersion: ${version}`));
  });

  test.each([
    ['a manifest', 'apiVersion: v1\nkind: Service\na: b: c\n'],
    ['a manifest in JSON', '{"apiVersion": "v1", "kind": "Service"'],
    ['a template of a manifest', TEMPLATE],
    ['a kind that Kubernetes has', 'kind: Service\na: b: c\n'],
    ['a manifest beside others', `${GOOD}---\na: b: c\n`],
  ])('but not an unparsable file that may be %s', async (_, text) => {
    process.chdir(folderWith({ 'a.yaml': text, 'b.yaml': GOOD }));
    const { exitCode, out } = await command(['check', '-o', 'json', '.']);
    expect([exitCode, JSON.parse(out).unreadable.map(({ file }: any) => file), JSON.parse(out).skipped]).toEqual([2, ['a.yaml'], []]);
  });

  test('a run without checked objects exits with 2', async () => {
    const folder = folderWith({ 'a.yaml': 'a: b\n' });
    for (const verb of ['check', 'connections', 'validate']) {
      const { exitCode, out, error } = await command([verb, folder]);
      expect([exitCode, `${out}${error}`]).toEqual([2, expect.stringContaining('ADMIT167')]);
    }
  });

  test('--list-skipped shows file, line and reason, on standard error for machine formats', async () => {
    process.chdir(folderWith({ 'a.yaml': `${GOOD}---\na: b\n`, 'b\u001b.json': '[]' }));
    const list = '\nSkipped\n  a.yaml:10  neither apiVersion nor kind\n  b\\u001b.json:1  a list of 0\n';
    for (const verb of ['check', 'validate']) expect((await command([verb, '.', '--list-skipped'])).out).toContain(`2 skipped (--list-skipped shows them).\n${list}`);
    for (const args of [['check', '-o', 'sarif'], ['check', '-o', 'junit'], ['check', '-o', 'github'], ['connections']]) {
      expect(await command([...args, '.', '--list-skipped'])).toMatchObject({ error: list, out: expect.not.stringContaining('Skipped') });
    }
    expect((await command(['check', '-o', 'json', '.', '--list-skipped'])).error).toBe('');
  });

  test('notes show paths as given', async () => {
    const folder = folderWith({ 'chart/Chart.yaml': CHART, 'chart/templates/a.yaml': TEMPLATE, 'b.yaml': GOOD });
    const noteOf = async (path: string) => JSON.parse((await command(['validate', '-o', 'json', path])).out).notes[0].path;
    expect(await noteOf(folder)).toBe(join(folder, 'chart'));
    process.chdir(join(folder, 'chart'));
    expect(await noteOf('..')).toBe(relative(process.cwd(), join(folder, 'chart')) || '.');
  });
});
