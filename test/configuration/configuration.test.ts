import { join } from 'node:path';
import { load } from 'js-yaml';
import { loadConfiguration, readConfiguration } from '../../src/configuration/configuration';
import { SettingsError } from '../../src/configuration/settings-file';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';

afterAll(removeFolders);

const SCHEMA = validatorOf('config');

/** The faults of a text; by default, the published schema must reject the text too. */
function faultsOf(text: string, { isKnownToSchema = true } = {}): readonly string[] {
  expect(!SCHEMA.validate(load(text)).valid || !isKnownToSchema).toBe(true);
  try {
    readConfiguration(text, 'istio-mtls.yaml');
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

const WHOLE = `$schema: node_modules/cdk8s-istio-mtls/docs/schemas/config.schema.json
paths: [dist/, 'clusters/**/*.yaml', /abs/mesh.yaml]
with: [../platform/]
namespace: shop
injectedNamespaces: [payments]
partialNamespaces: [bank]
installedRevisions: [1-31, canary]
istiodNamespace: mesh
workloadKinds:
  - {group: apps.kruise.io, kind: CloneSet}
  - {group: example.com, kind: Runner, podTemplate: spec.jobs.template}
rootNamespace: policies
trustDomain: Corp.example
clusterDomain: corp.local
istioVersion: "1.30"
istiodEnv: {A: false, B: 2, C: text}
meshConfigs: [istiod-values.yaml]
severities:
  MTLS209: info
  MTLS404: off
  MTLS602: "off"
  ADMIT108: info
failOn: [error, undecided]
acknowledgements:
  - code: MTLS103
    kind: CronJob
    namespace: "*"
    name: backup
    reason: it calls nobody
    owner: shop-team
    expires: 2027-03-31
baseline: ./baseline.yaml
caHorizon: 30
allCalls: true
`;

test('reads every field, with paths relative to the file\'s folder', () => {
  expect(SCHEMA.validate(load(WHOLE.replace('2027-03-31', '"2027-03-31"')))).toEqual({ valid: true, errors: [] });
  const { severities, positionOf, ...read } = readConfiguration(WHOLE, '../istio-mtls.yaml');
  expect(read).toEqual({
    file: '../istio-mtls.yaml',
    paths: ['../dist/', '../clusters/**/*.yaml', '/abs/mesh.yaml'],
    with: ['../../platform/'],
    namespace: 'shop',
    injectedNamespaces: ['payments'],
    partialNamespaces: ['bank'],
    installedRevisions: ['1-31', 'canary'],
    istiodNamespace: 'mesh',
    workloadKinds: [
      { group: 'apps.kruise.io', kind: 'CloneSet', podTemplate: ['spec', 'template'] },
      { group: 'example.com', kind: 'Runner', podTemplate: ['spec', 'jobs', 'template'] },
    ],
    rootNamespace: 'policies',
    trustDomain: 'Corp.example',
    clusterDomain: 'corp.local',
    istioVersion: '1.30',
    istiodEnv: { A: 'false', B: '2', C: 'text' },
    meshConfigs: ['../istiod-values.yaml'],
    failOn: ['error', 'undecided'],
    acknowledgements: [{ code: 'MTLS103', kind: 'CronJob', namespace: undefined, name: 'backup', reason: 'it calls nobody', owner: 'shop-team', expires: '2027-03-31' }],
    baseline: '../baseline.yaml',
    caHorizon: 30,
    allCalls: true,
  });
  expect([...severities]).toEqual([['MTLS209', 'info'], ['MTLS404', 'off'], ['MTLS602', 'off'], ['ADMIT108', 'info']]);
  expect(positionOf(['acknowledgements', 0])).toMatchObject({ line: 25, column: 5 });
});

test.each(['', '# nothing yet\n', '{}', 'paths:\nseverities:\nacknowledgements:\n'])('"%s" has no settings', (text) => {
  const { severities, ...read } = readConfiguration(text, 'istio-mtls.yaml');
  expect([severities.size, read.paths, read.failOn, read.acknowledgements]).toEqual([0, undefined, undefined, []]);
});

test.each<[string, string, string]>([
  ['an unknown field', 'path: [dist]\n', '1:1: path is an unknown field; expected one of $schema, paths, with, namespace, injectedNamespaces, uninjectedNamespaces, partialNamespaces, installedRevisions, istiodNamespace, workloadKinds, rootNamespace, meshMode, trustDomain, clusterDomain, istioVersion, istiodEnv, meshConfigs, severities, failOn, acknowledgements, baseline, caHorizon, allCalls, meshes. Fix: write paths. [API091]'],
  ['an unknown field of an acknowledgement', 'acknowledgements:\n  - code: MTLS101\n    reason: r\n    expiry: 2027-01-01\n', '4:5: acknowledgements[0].expiry is an unknown field; expected one of code, kind, namespace, name, reason, owner, expires. Fix: write expires. [API091]'],
  ['a text for a list', 'paths: dist\n', '1:1: paths is \'dist\'; expected a list. Fix: write "- " before each entry. [API092]'],
  ['a number for a text', 'installedRevisions:\n  - 1.31\n', '2:5: installedRevisions[0] is 1.31; expected a string. Fix: write it in quotes. [API092]'],
  ['an empty path', 'paths: [""]\n', '1:9: paths[0] is \'\'; expected a string that isn\'t empty. Fix: fill it in, or delete it. [API092]'],
  ['standard input', 'paths: ["-"]\n', '1:9: paths[0] is \'-\'; expected a file, a folder or a pattern, because only the command line can name standard input. Fix: pass - on the command line. [API092]'],
  ['a namespace\'s name that is none', 'namespace: Shop\n', '1:1: namespace is \'Shop\'; expected the name of a namespace, because it has at most 63 lowercase letters, digits and \'-\'. Fix: correct the name. [API092]'],
  ['a domain that is none', 'trustDomain: spiffe://corp\n', '1:1: trustDomain is \'spiffe://corp\'; expected DNS labels separated by dots, such as cluster.local. Fix: write it without scheme and path. [API092]'],
  ['a variable that is no text', 'istiodEnv: {A: [x]}\n', '1:13: istiodEnv.A is a list of 1; expected a string. Fix: write it in quotes. [API092]'],
  ['a text for a flag', 'allCalls: "yes"\n', '1:1: allCalls is \'yes\'; expected true or false. Fix: write one of them without quotes. [API092]'],
  ['days that are no whole number', 'caHorizon: 1.5\n', '1:1: caHorizon is 1.5; expected a whole number of at least 0. Fix: write a number without quotes. [API092]'],
  ['a version that is none', 'istioVersion: latest\n', '1:1: istioVersion is \'latest\'; expected a version such as 1.31. Fix: write at least the major and minor version, in quotes. [API092]'],
  ['an unknown word of failOn', 'failOn: [eror]\n', '1:10: failOn[0] is \'eror\'; expected one of error, warning, info, undecided, conditional, skipped, never. Fix: write error. [API092]'],
  ['never beside others', 'failOn: [never, error]\n', '1:1: failOn is \'never\' together with other words; expected either \'never\' or the others. Fix: delete \'never\', or the others. [API092]'],
  ['failing on nothing', 'failOn: []\n', '1:1: failOn is an empty list; expected one or more of error, warning, info, undecided, conditional, skipped, never. Fix: write [never] if nothing should fail. [API092]'],
  ['an unknown severity', 'severities: {MTLS101: warn}\n', '1:14: severities.MTLS101 is \'warn\'; expected one of error, warning, info, off. Fix: write one of them. [API092]'],
  ['a warning of admission as an error', 'severities: {ADMIT108: error}\n', '1:14: severities.ADMIT108 is \'error\'; expected one of warning, info, off, because an error means that the API server rejects the object, but it accepts this one. Fix: write warning, and add warning to failOn. [API092]'],
  ['an acknowledgement without reason', 'acknowledgements:\n  - code: MTLS101\n', '2:5: acknowledgements[0] is without reason; expected a string. Fix: add reason. [API092]'],
  ['no code', 'acknowledgements:\n  - {code: "101", reason: r}\n', '2:6: acknowledgements[0].code is \'101\'; expected a code such as MTLS103. Fix: use a code that istio-mtls rules lists. [API092]'],
  ['an acknowledgement that is a text', 'acknowledgements: [MTLS101]\n', '1:20: acknowledgements[0] is \'MTLS101\'; expected a mapping with code, kind, namespace, name, reason, owner, expires. Fix: write "- code: …". [API092]'],
  ['a kind without a group', 'workloadKinds:\n  - kind: CloneSet\n', '2:5: workloadKinds[0] is without group; expected a string. Fix: add group. [API092]'],
  ['a kind by its apiVersion', 'workloadKinds:\n  - {group: apps.kruise.io/v1alpha1, kind: CloneSet}\n', '2:6: workloadKinds[0].group is \'apps.kruise.io/v1alpha1\'; expected an API group, such as apps.kruise.io, because a custom resource\'s group is a domain, and its version doesn\'t matter. Fix: write the part of apiVersion before the slash. [API092]'],
  ['a kind of a group without a domain', 'workloadKinds:\n  - {group: apps, kind: CloneSet}\n', '2:6: workloadKinds[0].group is \'apps\'; expected an API group, such as apps.kruise.io, because a custom resource\'s group is a domain, and its version doesn\'t matter. Fix: write the part of apiVersion before the slash. [API092]'],
  ['a resource for a kind', 'workloadKinds:\n  - {group: apps.kruise.io, kind: clonesets}\n', '2:29: workloadKinds[0].kind is \'clonesets\'; expected a kind, such as CloneSet. Fix: write it as in the manifests. [API092]'],
  ['a way that is none', 'workloadKinds:\n  - {group: a.io, kind: A, podTemplate: "spec.jobs[0].template"}\n', '2:28: workloadKinds[0].podTemplate is \'spec.jobs[0].template\'; expected field names separated by dots, such as spec.template. Fix: write the path of the field with the pods\' metadata and spec. [API092]'],
  ['a kind as a text', 'workloadKinds: [CloneSet]\n', '1:17: workloadKinds[0] is \'CloneSet\'; expected a mapping with group, kind, podTemplate. Fix: write "- group: …". [API092]'],
  ['kinds as a mapping', 'workloadKinds: {CloneSet: spec.template}\n', '1:1: workloadKinds is a mapping; expected a list. Fix: write "- " before each entry. [API092]'],
  ['severities as a list', 'severities: [MTLS101]\n', '1:1: severities is a list of 1; expected a mapping. Fix: write "KEY: value", one per line. [API092]'],
])('refuses %s, with its position', (_, text, fault) => {
  expect(faultsOf(text)).toEqual([`istio-mtls.yaml:${fault}`]);
});

test.each<[string, string, string]>([
  ['a kind that is known already', 'workloadKinds:\n  - {group: argoproj.io, kind: Rollout}\n', '2:26: workloadKinds[0].kind is \'Rollout.argoproj.io\'; expected a kind that isn\'t built in, because its pods are already known, or it has none. Fix: delete the entry. [API092]'],
  ['a kind that runs no pods', 'workloadKinds:\n  - {group: networking.istio.io, kind: WorkloadGroup}\n', '2:34: workloadKinds[0].kind is \'WorkloadGroup.networking.istio.io\'; expected a kind that isn\'t built in, because its pods are already known, or it has none. Fix: delete the entry. [API092]'],
  ['a kind twice', 'workloadKinds:\n  - {group: a.io, kind: A}\n  - {group: a.io, kind: A, podTemplate: spec.a}\n', '3:19: workloadKinds[1].kind is a second \'A.a.io\'; expected each kind once, because a kind has one pod template. Fix: delete the entry. [API092]'],
  ['a refusal at another severity', 'severities: {ADMIT201: info}\n', '1:14: severities.ADMIT201 is a severity for what an API server rejects; expected the code of a warning or of a rule, because a rejected object never reaches the mesh, whatever severity it has here. Fix: correct the objects, or add their findings to a baseline. [API093]'],
  ['a code that no finding has', 'severities: {MTLS1011: info}\n', '1:14: severities.MTLS1011 is not the code of a finding; expected a code that istio-mtls rules lists. Fix: write MTLS101. [API093]'],
  ['a day that is none', 'acknowledgements:\n  - {code: MTLS101, reason: r, expires: "2027-02-30"}\n', '2:32: acknowledgements[0].expires is \'2027-02-30\'; expected a date such as 2027-03-31. Fix: write its last day as YYYY-MM-DD. [API092]'],
  ['a Kubernetes object', 'apiVersion: v1\nkind: Secret\nstringData: {password: hunter2}\n', '1:1: the document is a Kubernetes object; expected settings of istio-mtls. Fix: name another file. [API092]'],
])('refuses %s, which the schema may accept', (_, text, fault) => {
  expect(faultsOf(text, { isKnownToSchema: false })).toEqual([`istio-mtls.yaml:${fault}`]);
});

test('reports all mistakes at once', () => {
  expect(faultsOf('path: dist\nfailOn: [eror]\nseverities: {MTLS101: 3, MTLS999: off}\n').map((fault) => /:(\d+:\d+):/.exec(fault)![1])).toEqual(['1:1', '2:10', '3:14', '3:26']);
});

test('refuses invalid YAML, other documents than a mapping, and several documents', () => {
  const faults = (text: string) => {
    try {
      return readConfiguration(text, 'c.yaml');
    } catch (error) {
      return (error as SettingsError).faults;
    }
  };
  expect(faults('a: b: c\n')).toEqual([expect.stringMatching(/^c\.yaml:1:\d+: the document is .* \[ADMIT151\]$/)]);
  const wanted = 'expected a mapping with $schema, paths, with, namespace, injectedNamespaces, uninjectedNamespaces, partialNamespaces, installedRevisions, istiodNamespace, workloadKinds, rootNamespace, meshMode, trustDomain, clusterDomain, istioVersion, istiodEnv, meshConfigs, severities, failOn, acknowledgements, baseline, caHorizon, allCalls, meshes. Fix: write "FIELD: value", one per line. [API092]';
  expect(faults('- paths\n')).toEqual([`c.yaml:1:1: the document is a list of 1; ${wanted}`]);
  expect(faults('# settings\ndist\n')).toEqual([`c.yaml:2:1: the document is a string of 4 characters; ${wanted}`]);
  expect(faults('paths: [a]\n---\npaths: [b]\n')).toEqual(['c.yaml:3:1: the document is 2 documents; expected one document. Fix: keep one of them. [API092]']);
  expect(faults('paths: [a]\npaths: [b]\n')).toEqual([expect.stringMatching(/\[ADMIT152\]$/)]);
});

test('reports why it can\'t read a file', () => {
  const folder = folderWith({ 'latin1.yaml': Buffer.from([0x61, 0x3a, 0x20, 0xe4]) });
  const fault = (path: string) => {
    try {
      return loadConfiguration(path);
    } catch (error) {
      return (error as SettingsError).message.replaceAll(folder, 'FOLDER');
    }
  };
  expect(fault(join(folder, 'none.yaml'))).toBe('FOLDER/none.yaml: the file is missing; expected a readable file. Fix: create it, or name another file. [API094]');
  expect(fault(folder)).toBe('FOLDER: the file is a folder; expected a file. Fix: create it, or name another file. [API094]');
  expect(fault(join(folder, 'latin1.yaml'))).toContain('not in UTF-8; expected YAML in UTF-8');
});

test('never quotes the value of an unknown field', () => {
  expect(faultsOf('stringData: hunter2\ndata: {a: hunter2}\n').join('\n')).not.toContain('hunter2');
});
