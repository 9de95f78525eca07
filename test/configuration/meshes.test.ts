import { load } from 'js-yaml';
import { readConfiguration } from '../../src/configuration/configuration';
import { MESH_FACT_FIELDS } from '../../src/configuration/mesh-facts';
import { settingsOfMesh } from '../../src/configuration/meshes';
import { SettingsError } from '../../src/configuration/settings-file';
import { schemaOf, validatorOf } from '../support/documents/schemas';

const SCHEMA = validatorOf('config');

const TWO = `
trustDomain: corp.example
injectedNamespaces: [all]
istiodEnv: {A: x, B: x}
baseline: baseline.yaml
meshes:
  dev: [dist/dev-*.yaml]
  prod:
    sources: [dist/prod/, /abs/policies.yaml]
    with: [../platform/]
    injectedNamespaces: [payments]
    trustDomain: prod.example
    istiodEnv: {B: z}
    workloadKinds: [{group: apps.kruise.io, kind: CloneSet}]
    baseline: prod-baseline.yaml
`;

describe('a mesh of a configuration file', () => {
  const configuration = readConfiguration(TWO, '../istio-mtls.yaml');

  test('is a list of paths, or has sources and facts, with paths relative to the file\'s folder', () => {
    expect(SCHEMA.validate(load(TWO)).errors).toEqual([]);
    expect(Object.fromEntries(configuration.meshes!)).toEqual({
      dev: { paths: ['../dist/dev-*.yaml'] },
      prod: {
        paths: ['../dist/prod/', '/abs/policies.yaml'],
        with: ['../../platform/'],
        injectedNamespaces: ['payments'],
        trustDomain: 'prod.example',
        istiodEnv: { B: 'z' },
        workloadKinds: [{ group: 'apps.kruise.io', kind: 'CloneSet', podTemplate: ['spec', 'template'] }],
        baseline: '../prod-baseline.yaml',
      },
    });
  });

  test('has the facts of the file, replaced by its own, and its own baseline or none', () => {
    expect(settingsOfMesh(configuration, 'dev')).toMatchObject({
      mesh: 'dev', paths: ['../dist/dev-*.yaml'], trustDomain: 'corp.example', injectedNamespaces: ['all'], istiodEnv: { A: 'x', B: 'x' }, baseline: undefined,
    });
    expect(settingsOfMesh(configuration, 'prod')).toMatchObject({
      mesh: 'prod',
      paths: ['../dist/prod/', '/abs/policies.yaml'],
      trustDomain: 'prod.example',
      injectedNamespaces: ['payments'],
      istiodEnv: { B: 'z' },
      baseline: '../prod-baseline.yaml',
    });
  });

  test('may state each fact that the schema lets the file state for all', () => {
    const { properties: { meshes, ...all } } = schemaOf('config');
    const [, mapping] = meshes.additionalProperties.anyOf;
    const ofFile = ['$schema', 'paths', 'severities', 'failOn', 'acknowledgements', 'caHorizon', 'allCalls'];
    expect(Object.keys(mapping.properties).sort()).toEqual(['sources', 'baseline', ...MESH_FACT_FIELDS].sort());
    expect(Object.keys(mapping.properties).filter((field) => field !== 'sources').sort()).toEqual(Object.keys(all).filter((field) => !ofFile.includes(field)).sort());
  });
});

test('sources are paths, and what kustomize and helm render', () => {
  const text = `meshes:
  prod:
    sources:
      - dist
      - path: k8s/base
      - kustomize: overlays/prod
      - helm: {chart: charts/shop, values: [values.yaml, values-prod.yaml], namespace: shop, release: shop}
      - helm: {chart: charts/other, namespace: other, release: other}
`;
  expect(SCHEMA.validate(load(text)).errors).toEqual([]);
  expect(readConfiguration(text, '../istio-mtls.yaml').meshes!.get('prod')).toMatchObject({
    paths: ['../dist', '../k8s/base'],
    rendered: [
      { program: 'kustomize', folder: '../overlays/prod' },
      { program: 'helm', folder: '../charts/shop', values: ['../values.yaml', '../values-prod.yaml'], namespace: 'shop', release: 'shop' },
      { program: 'helm', folder: '../charts/other', values: [], namespace: 'other', release: 'other' },
    ],
  });
});

const FIELDS = `sources, ${MESH_FACT_FIELDS.join(', ')}, baseline`;

test.each<[string, string, string]>([
  ['no mesh', 'meshes: {}\n', '1:1: meshes is an empty mapping; expected at least one mesh. Fix: write "NAME: [PATH]", or delete it. [API092]'],
  ['a list of meshes', 'meshes: [dist]\n', '1:1: meshes is a list of 1; expected a mapping. Fix: write "KEY: value", one per line. [API092]'],
  ['a mesh that is a text', 'meshes: {dev: dist}\n', '1:10: meshes.dev is \'dist\'; expected a list. Fix: write "- " before each entry. [API092]'],
  ['a mesh without a path', 'meshes: {dev: []}\n', '1:10: meshes.dev is an empty list; expected at least one path. Fix: write "- PATH". [API092]'],
  ['a mesh of null', 'meshes:\n  dev:\n', '2:3: meshes.dev is missing; expected at least one path. Fix: write "- PATH". [API092]'],
  ['a mesh without sources', 'meshes:\n  dev: {trustDomain: a.b}\n', '2:3: meshes.dev.sources is missing; expected at least one path. Fix: write "- PATH". [API092]'],
  ['standard input', 'meshes: {dev: ["-"]}\n', '1:16: meshes.dev[0] is \'-\'; expected a file, a folder or a pattern, because only the command line can name standard input. Fix: pass - on the command line. [API092]'],
  ['an unknown field', 'meshes: {dev: {sources: [a], trustdomain: a.b}}\n', `1:30: meshes.dev.trustdomain is an unknown field; expected one of ${FIELDS}. Fix: write trustDomain. [API091]`],
  ['severities of one mesh', 'meshes: {dev: {sources: [a], failOn: [never]}}\n', `1:30: meshes.dev.failOn is an unknown field; expected one of ${FIELDS}. Fix: delete it. [API091]`],
  ['a fact that is none', 'meshes: {dev: {sources: [a], meshMode: strict}}\n', '1:30: meshes.dev.meshMode is \'strict\'; expected one of STRICT, PERMISSIVE, DISABLE. Fix: write one of them. [API092]'],
  ['a source of two kinds', 'meshes: {a: [{path: b, kustomize: c}]}\n', '1:14: meshes.a[0] is path and kustomize together; expected one of path, kustomize, helm. Fix: make each a source of its own. [API092]'],
  ['a source of no kind', 'meshes: {a: [{}]}\n', '1:14: meshes.a[0] is without a source; expected one of path, kustomize, helm. Fix: make each a source of its own. [API092]'],
  ['an unknown option of helm', 'meshes: {a: [{helm: {chart: a, namespace: b, release: c, postRenderer: d}}]}\n', '1:58: meshes.a[0].helm.postRenderer is an unknown field; expected one of chart, values, namespace, release. Fix: delete it. [API091]'],
  ['a chart without a namespace', 'meshes: {a: [{helm: {chart: a, release: c}}]}\n', '1:15: meshes.a[0].helm is without namespace; expected a string. Fix: add namespace. [API092]'],
  ['a release that is an option', 'meshes: {a: [{helm: {chart: a, namespace: b, release: --post-renderer=x}}]}\n', '1:46: meshes.a[0].helm.release is \'--post-renderer=x\'; expected the name of a release, because helm takes at most 53 lowercase letters, digits and \'-\'. Fix: write the name that helm install was given. [API092]'],
  ['a name with a slash', 'meshes: {a/b: [a]}\n', '1:10: meshes[a/b] is not the name of a mesh; expected at most 63 letters, digits, \'-\', \'_\' and \'.\', the first and last no sign. Fix: rename it. [API092]'],
  ['paths beside meshes', 'paths: [a]\nmeshes: {dev: [b]}\n', '1:1: paths is given beside meshes; expected one of the two, because each mesh has its own. Fix: make it a mesh. [API092]'],
])('refuses %s, with its position', (_, text, fault) => {
  expect(text === 'meshes:\n  dev:\n' || !SCHEMA.validate(load(text)).valid).toBe(true);
  let faults: readonly string[] = [];
  try {
    readConfiguration(text, 'istio-mtls.yaml');
  } catch (error) {
    faults = (error as SettingsError).faults;
  }
  expect(faults).toEqual([`istio-mtls.yaml:${fault}`]);
});
