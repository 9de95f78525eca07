// The istiod version that admission assumes: a field that this version lacks gets a warning.
import { rootNamespaceIn, runningVersion } from '../../src/configuration/running-version';
import { Istiods } from '../../src/mesh/config/istiods';
import { Inventory } from '../../src/mesh/inventory/inventory';
import { SOUND } from '../cli/meshes';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const istiod = (image: string | undefined, { name = 'istiod', labels = {}, namespace = 'istio-system' }: { name?: string; labels?: object; namespace?: string } = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace, labels }, spec: { template: { spec: { containers: [{ name: 'discovery', image }] } } },
});
const versioned = (version: string) => ({ labels: { 'app.kubernetes.io/version': version } });
const operator = (tag: string) => ({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'a', namespace: 'istio-system' }, spec: { tag } });

test.each<[string, string | undefined, object[]]>([
  ['nothing', undefined, []],
  ['the tag of an image', '1.32.0', [istiod('istio/pilot:1.32.0')]],
  ['the tag before a digest', '1.32.0-distroless', [istiod('docker.io/istio/pilot:1.32.0-distroless@sha256:00')]],
  ['the label, of an image by digest', '1.32.0', [istiod('istio/pilot@sha256:00', versioned('1.32.0'))]],
  ['the tag rather than the label', '1.31.2', [istiod('istio/pilot:1.31.2', versioned('1.32.0'))]],
  ['no label of an unreleased chart', undefined, [istiod('istio/pilot:latest', versioned('1.0.0'))]],
  ['the oldest of several', '1.30.1', [istiod('istio/pilot:1.32.0'), istiod('istio/pilot:1.30.1', { name: 'istiod-canary' })]],
  ['no newer one beside one that says nothing', undefined, [istiod('istio/pilot:1.32.0'), istiod('istio/pilot:latest', { name: 'istiod-canary' })]],
  ['an older one beside one that says nothing', '1.29.0', [istiod('istio/pilot:1.29.0'), istiod('istio/pilot:latest', { name: 'istiod-canary' })]],
  ['another Deployment', undefined, [istiod('istio/pilot:1.32.0', { name: 'pilot' })]],
  ['an installer\'s object', '1.32.1', [operator('1.32.1')]],
])('%s: %s', (_, expected, objects) => {
  expect(runningVersion(objects, {})).toBe(expected);
});

test('facts apply unless a Deployment of istiod has a version', () => {
  expect(runningVersion([], { istioVersion: '1.32' })).toBe('1.32');
  expect(runningVersion([istiod('istio/pilot:latest')], { istioVersion: '1.32' })).toBe('1.32');
  expect(runningVersion([istiod('istio/pilot:1.30.0')], { istioVersion: '1.32' })).toBe('1.30.0');
  expect(runningVersion([istiod('istio/pilot:1.32.0', { namespace: 'elsewhere' })], { istiodNamespace: 'istio-system' })).toBeUndefined();
});

test('the model also reads the version label', () => {
  const istiods = Istiods.of(Inventory.of([istiod('istio/pilot@sha256:00', versioned('1.30.0'))]), {});
  expect([istiods.versions, istiods.knowsVersion('default'), [...istiods.of('default').changes.keys()].includes('excludeHosts')]).toEqual([['1.30.0'], true, true]);
});

describe('ADMIT215', () => {
  const TOKENS = '---\napiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {name: tokens, namespace: shop}\n'
    + 'spec: {jwtRules: [{issuer: a.example, jwksUri: "https://a.example/keys", presence: REQUIRED}]}\n';
  const manifests = (...objects: object[]) => [`${SOUND}${TOKENS}`, ...objects.map((object) => JSON.stringify(object))].join('---\n');
  const codes = async (verb: string, text: string, ...options: string[]): Promise<string[]> => {
    const cwd = folderWith({ 'a.yaml': text, 'values.yaml': 'global: {tag: 1.32.0}\n', 'istiod.json': JSON.stringify(istiod('istio/pilot:1.32.0')) });
    return JSON.parse((await command([verb, 'a.yaml', '-o', 'json', ...options], { cwd })).out).findings.map(({ code }: any) => code);
  };
  const known = (all: string[]) => !all.includes('ADMIT215');

  test.each(['check', 'validate'])('%s takes the version of istiod\'s Deployment, among manifests or facts', async (verb) => {
    expect(known(await codes(verb, manifests()))).toBe(false);
    expect(known(await codes(verb, manifests(istiod('istio/pilot:1.32.0'))))).toBe(true);
    expect(known(await codes(verb, manifests(istiod('istio/pilot:1.31.0'))))).toBe(false);
    expect(known(await codes(verb, manifests(), '--with', 'istiod.json'))).toBe(true);
  });

  test('check takes the version of the installer\'s values', async () => {
    expect(known(await codes('check', manifests(), '--mesh-config', 'values.yaml'))).toBe(true);
  });
});

describe('the root namespace', () => {
  const config = (mesh: string, namespace = 'istio-system', name = 'istio') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { mesh } });

  test.each<[string, string | undefined, object[], object]>([
    ['of nothing', undefined, [], {}],
    ['that is told', 'mesh', [config('rootNamespace: other\n')], { rootNamespace: 'mesh' }],
    ['of a mesh config', 'mesh', [config('enableTracing: true\nrootNamespace: "mesh"\n')], {}],
    ['of a mesh config as JSON', 'mesh', [config('{"rootNamespace":"mesh"}')], {}],
    ['of a revision\'s mesh config', 'mesh', [config('rootNamespace: mesh\n', 'istio-system', 'istio-canary')], {}],
    ['of a mesh config that is no istiod\'s', undefined, [config('rootNamespace: mesh\n', 'shop')], {}],
    ['of another istiod\'s namespace', 'mesh', [config('rootNamespace: mesh\n', 'istiod')], { istiodNamespace: 'istiod' }],
    ['of a declared mesh config', 'mesh', [], { meshConfigs: [{ manifest: config('{"rootNamespace":"mesh"}'), saidBy: 'x' }] }],
    ['of a mesh config without it', undefined, [config('enableTracing: true\n')], {}],
  ])('%s', (_, expected, objects, facts) => {
    expect(rootNamespaceIn(objects, facts)).toBe(expected);
  });

  test.each(['check', 'validate'])('%s uses it in admission', async (verb) => {
    const sidecar = (namespace: string) => `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: default, namespace: ${namespace}}\nspec:\n  egress: [{hosts: ["./*", "${namespace}/*"]}]\n`;
    const codes = async (text: string) => JSON.parse((await command([verb, '-', '-o', 'json'], { input: text })).out).findings.map(({ code, object }: any) => `${code} ${object.namespace}`);
    expect(await codes([sidecar('istio-system'), sidecar('mesh')].join('---\n'))).toEqual(['ADMIT492 mesh']);
    expect(await codes([JSON.stringify(config('rootNamespace: mesh')), sidecar('istio-system'), sidecar('mesh')].join('\n---\n'))).toEqual(['ADMIT492 istio-system']);
  });
});
