import { join } from 'node:path';
import { installationFacts, readInstallation } from '../../src/configuration/installation';
import { withInstalled } from '../../src/configuration/installed';
import { SettingsError } from '../../src/configuration/settings-file';
import { folderWith, removeFolders } from '../support/command/scratch';

afterAll(removeFolders);

const SAIL = (kind: string, spec: string) => `apiVersion: sailoperator.io/v1\nkind: ${kind}\nmetadata: {name: mesh}\nspec: ${spec}\n`;
const OPERATOR = (spec: string) => `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {namespace: of-metadata}\nspec: ${spec}\n`;
const OFF = { meshConfig: { enableAutoMtls: false } };

test.each<[string, string, object]>([
  ['a mesh config', 'enableAutoMtls: false\n', { ...OFF, revision: 'default' }],
  ['an empty file', '', { revision: 'default', meshConfig: {} }],
  ['Helm values', 'meshConfig: {enableAutoMtls: false}\nrevision: 1-31\nglobal: {istioNamespace: mesh, proxy: {clusterDomain: corp.local}}\n',
    { ...OFF, revision: '1-31', namespace: 'mesh', clusterDomain: 'corp.local' }],
  ['Helm values without a mesh config', 'pilot: {env: {A: "1", B: 2}}\nenv: {B: true, C: {}}\nrevision: ""\nglobal:\n', { revision: 'default', meshConfig: {}, env: { A: '1', B: 'true' } }],
  ['an IstioOperator, whose own fields count before its values', OPERATOR('{revision: a, meshConfig: {enableAutoMtls: false}, values: {revision: b, meshConfig: {enableAutoMtls: true, trustDomain: t}}}'),
    { revision: 'a', namespace: 'of-metadata', meshConfig: { enableAutoMtls: false, trustDomain: 't' } }],
  ['an IstioOperator with another namespace', OPERATOR('{values: {global: {istioNamespace: mesh}}}'), { revision: 'default', namespace: 'mesh', meshConfig: {} }],
  ['an Istio of the Sail operator', SAIL('Istio', '{namespace: mesh, version: v1.31.0, values: {meshConfig: {enableAutoMtls: false}, global: {proxy: {clusterDomain: corp.local}}}}'),
    { ...OFF, revision: 'mesh', namespace: 'mesh', clusterDomain: 'corp.local', version: 'v1.31.0' }],
  ['an Istio with a revision a version', SAIL('Istio', '{version: v1.31.0, updateStrategy: {type: RevisionBased}}'), { revision: 'mesh-v1-31-0', meshConfig: {}, version: 'v1.31.0' }],
  ['an Istio with a revision a version that isn\'t named', SAIL('Istio', '{updateStrategy: {type: RevisionBased}}'), { revision: 'mesh', meshConfig: {} }],
  ['the version and the flags of an IstioOperator', OPERATOR('{tag: 1.29.1-distroless, components: {pilot: {k8s: {env: [{name: A, value: "false"}, {name: B, valueFrom: {}}]}}}}'),
    { revision: 'default', namespace: 'of-metadata', meshConfig: {}, version: '1.29.1-distroless', env: { A: 'false', B: undefined } }],
  ['variables from elsewhere', 'envVarFrom: [{name: A, valueFrom: {}}, {name: B}]\npilot: {envVarFrom: [{name: C, valueFrom: {}}]}\n',
    { revision: 'default', meshConfig: {}, env: { A: undefined, C: undefined } }],
  ['a tag that tells no version, and a former minor', 'global: {tag: latest}\ncompatibilityVersion: "1.29"\n',
    { revision: 'default', meshConfig: {}, env: { PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false' } }],
  ['a flag that counts before a former minor', 'compatibilityVersion: "1.29"\nenv: {PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: "true"}\n',
    { revision: 'default', meshConfig: {}, env: { PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'true' } }],
  ['tags and networks', 'revisionTags: [prod, ""]\nglobal: {network: n1, meshNetworks: {n2: {endpoints: []}}}\n', { revision: 'default', meshConfig: {}, tags: ['prod'], network: 'n1', meshNetworks: { n2: { endpoints: [] } } }],
  ['an IstioRevision', SAIL('IstioRevision', '{namespace: mesh}'), { revision: 'mesh', namespace: 'mesh', meshConfig: {} }],
  ['a Sail resource without name and spec', 'apiVersion: sailoperator.io/v1\nkind: Istio\n', { revision: 'default', meshConfig: {} }],
])('reads %s', (_, text, read) => {
  expect(readInstallation(text, 'f.yaml')).toEqual({ file: 'f.yaml', env: {}, tags: [], meshNetworks: {}, ...read });
});

test.each([
  ['a misspelt field', 'enableAutomtls: false\ntrustDomain: x\n', 'enableAutomtls'], ['in values', 'meshConfig: {enableAutomtls: false, trustDomain: x}\n', 'meshConfig.enableAutomtls'],
])('reports a field that istiod ignores, and reads the others: %s', (_, text, field) => {
  const { meshConfig, ignored } = readInstallation(text, 'f.yaml');
  expect(meshConfig).toMatchObject({ trustDomain: 'x' });
  expect(ignored).toEqual([expect.stringMatching(`^${field} is not a field that istiod knows; expected .* Fix: did you mean 'enableAutoMtls'`)]);
});

test.each<[string, string, string]>([
  ['a value of the wrong type, deep', 'meshConfig:\n  trustDomainAliases: [a, 5]\n', '2:27: meshConfig.trustDomainAliases[1] is 5 (a number)'],
  ['what is no mapping', 'meshConfig: x\n', '1:1: meshConfig is \'x\''],
  ['a revision that is a number', 'revision: 131\n', '1:1: revision is 131; expected a string'],
  ['tags that are no list', 'revisionTags: prod\n', '1:1: revisionTags is \'prod\'; expected a list'],
  ['a tag that is no text', 'revisionTags: [a, 5]\n', '1:19: revisionTags[1] is 5; expected a string'],
  ['another object', 'apiVersion: v1\nkind: Secret\nstringData: {a: b}\n', '2:1: kind is \'Secret\'; expected a mesh config, values for Istio\'s chart istiod, an IstioOperator, or an Istio of the Sail operator'],
  ['more than one document', 'revision: a\n---\nrevision: b\n', '3:1: the document is 2 documents'],
])('refuses %s, with its position', (_, text, fault) => {
  expect(() => readInstallation(text, 'f.yaml')).toThrow(SettingsError);
  expect(() => readInstallation(text, 'f.yaml')).toThrow(`f.yaml:${fault}`);
});

describe('the facts of several files', () => {
  const factsOf = (files: Record<string, string>, istiodNamespace?: string) => {
    const folder = folderWith(files);
    const facts = installationFacts(Object.keys(files).map((file) => join(folder, file)), istiodNamespace);
    return {
      ...facts,
      meshConfigs: facts.meshConfigs!.map(({ manifest, saidBy, env, version }) => {
        const { metadata, data } = manifest as { metadata: { namespace: string; name: string }; data: { mesh: string } };
        return [saidBy.replaceAll(`${folder}/`, ''), `${metadata.namespace}/${metadata.name}`, JSON.parse(data.mesh), env, version];
      }),
    };
  };

  test('have a ConfigMap for each revision, in istiod\'s namespace', () => {
    const files = { 'a.yaml': 'revision: 1-30\nglobal: {istioNamespace: mesh, tag: 1.30.2}\nenv: {A: 1}\n', 'b.yaml': 'revision: 1-31\nenv: {A: 2}\nmeshConfig: {rootNamespace: root}\nglobal: {proxy: {clusterDomain: corp.local}}\n' };
    expect(factsOf(files)).toEqual({
      istiodNamespace: 'mesh',
      clusterDomain: 'corp.local',
      meshConfigs: [['a.yaml', 'mesh/istio-1-30', { rootNamespace: 'mesh' }, { A: '1' }, '1.30.2'], ['b.yaml', 'mesh/istio-1-31', { rootNamespace: 'root' }, { A: '2' }, undefined]],
    });
    expect(factsOf(files, 'told').meshConfigs.map(([, name]) => name)).toEqual(['told/istio-1-30', 'told/istio-1-31']);
  });

  test('merge files of one revision as Helm does, later ones over earlier ones', () => {
    const files = { 'a.yaml': 'tag: 1.30.0\nenv: {A: 1, B: 1}\nmeshConfig: {trustDomain: a, trustDomainAliases: [v, w], defaultConfig: {concurrency: 1, holdApplicationUntilProxyStarts: true}}\n', 'b.yaml': 'env: {B: 2}\nmeshConfig: {trustDomain: b, trustDomainAliases: [z], defaultConfig: {concurrency: 2}}\n' };
    const merged = { rootNamespace: 'istio-system', trustDomain: 'b', trustDomainAliases: ['z'], defaultConfig: { concurrency: 2, holdApplicationUntilProxyStarts: true } };
    expect(factsOf(files).meshConfigs).toEqual([['a.yaml and b.yaml', 'istio-system/istio', merged, { A: '1', B: '2' }, '1.30.0']]);
  });
});

describe('installers\' objects in manifests', () => {
  const operator = (spec: object) => ({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'o', namespace: 'mesh' }, spec });

  test('add facts, which options override', () => {
    const objects = [operator({ tag: '1.29.0', meshConfig: { nonsense: 1, trustDomain: 5 }, values: { global: { proxy: { clusterDomain: 'corp.local' } } } }), null, { apiVersion: 'v1', kind: 'IstioOperator' }];
    const facts = withInstalled({ trustDomain: 't', injectedNamespaces: ['a'] }, objects, [5]);
    expect(facts).toMatchObject({ trustDomain: 't', injectedNamespaces: ['a'], istiodNamespace: 'mesh', clusterDomain: 'corp.local', meshConfigs: [{ saidBy: 'IstioOperator mesh/o', version: '1.29.0' }] });
    expect(withInstalled({ clusterDomain: 'told.local' }, objects)).toMatchObject({ clusterDomain: 'told.local' });
  });

  test('need no name', () => {
    const { metadata: _, ...nameless } = operator({ meshConfig: { enableAutoMtls: false } });
    expect(withInstalled({}, [nameless])).toMatchObject({ meshConfigs: [{ saidBy: 'IstioOperator without a name', manifest: { metadata: { namespace: 'istio-system' } } }] });
    expect(() => withInstalled({}, [{ ...nameless, metadata: null, spec: 5 }, { apiVersion: 'sailoperator.io/v1', kind: 'Istio' }])).not.toThrow();
  });

  test('add nothing if there are none', () => {
    const facts = { trustDomain: 't' };
    expect(withInstalled(facts, [{ apiVersion: 'v1', kind: 'Service' }])).toBe(facts);
  });
});
