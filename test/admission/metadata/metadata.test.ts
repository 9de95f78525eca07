import { judgeMetadata } from '../../../src/admission/metadata/metadata';
import { fieldText } from '../../../src/findings/finding';
import { objectionsOf } from '../../support/admission/objections';

const metadataObjections = (object: unknown) => objectionsOf((at) => judgeMetadata(at, object));

/** `code field` of each objection to a PeerAuthentication with this metadata. */
function objections(metadata: unknown, severity = 'error'): string[] {
  const object = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata, spec: {} };
  return metadataObjections(object).filter((objection) => objection.severity === severity).map(({ code, field }) => `${code} ${fieldText(field)}`);
}

const NAMED = { name: 'x', namespace: 'default' };
const a = (count: number) => 'a'.repeat(count);

describe('the API server accepts', () => {
  test.each<[string, unknown]>([
    ['a name and a namespace', NAMED],
    ['no namespace', { name: 'x' }],
    ['an empty namespace', { name: 'x', namespace: '' }],
    ['a name of 253 characters with dots', { name: `${a(251)}.b` }],
    ['generateName', { generateName: 'x-' }],
    ['generateName of 253 characters', { generateName: a(253) }],
    ['an invalid generateName beside a valid name', { name: 'x', generateName: 'foo.-' }],
    ['null in all fields', { name: 'x', namespace: null, generateName: null, labels: null, annotations: null, ownerReferences: null, finalizers: null, creationTimestamp: null }],
    ['null as a label and an annotation', { name: 'x', labels: { app: null }, annotations: { app: null } }],
    ['labels with prefixes, empty and of 63 characters', { name: 'x', labels: { 'example.com/A_b.c': '', 'app': a(63), [`${a(253)}/${a(63)}`]: 'A.b_c-1' } }],
    ['an annotation key in upper case with any value', { name: 'x', annotations: { 'Example.COM/a': ' any text\n', 'a/İ': '' } }],
    ['annotations of 256 KiB', { name: 'x', annotations: { aa: a(262_142) } }],
    ['timestamps', { name: 'x', creationTimestamp: '2024-02-29T00:00:00.5Z', deletionTimestamp: '2024-01-01T1:00:00+01:00' }],
    ['an owner reference', { name: 'x', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', uid: 'u', controller: true }] }],
    ['managed fields', { name: 'x', managedFields: [{ manager: 'kubectl', operation: 'Apply', apiVersion: 'v1', time: '2024-01-01T00:00:00Z', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': {} } }] }],
    ['a negative generation, which it replaces', { name: 'x', generation: -1 }],
  ])('%s', (_, metadata) => {
    expect(objections(metadata)).toEqual([]);
  });
});

describe('the API server rejects', () => {
  test.each<[string, unknown, string[]]>([
    ['no metadata', undefined, ['ADMIT502 metadata.name']],
    ['null metadata', null, ['ADMIT502 metadata.name']],
    ['a string as metadata', 'x', ['ADMIT500 metadata', 'ADMIT502 metadata.name']],
    ['a list as metadata', [], ['ADMIT500 metadata', 'ADMIT502 metadata.name']],
    ['no name', {}, ['ADMIT502 metadata.name']],
    ['an empty name', { name: '' }, ['ADMIT502 metadata.name']],
    ['a number as name', { name: 1 }, ['ADMIT500 metadata.name']],
    ['upper case in a name', { name: 'Default' }, ['ADMIT503 metadata.name']],
    ['an underscore in a name', { name: 'a_b' }, ['ADMIT503 metadata.name']],
    ['a line break at the end of a name', { name: 'a\n' }, ['ADMIT503 metadata.name']],
    ['a dash beside a dot in a name', { name: 'a.-b' }, ['ADMIT503 metadata.name']],
    ['a name of 254 characters', { name: a(254) }, ['ADMIT503 metadata.name']],
    ['generateName in upper case', { generateName: 'X-' }, ['ADMIT504 metadata.generateName']],
    ['an invalid generateName beside a name', { name: 'x', generateName: '_' }, ['ADMIT504 metadata.generateName']],
    ['a generateName that is invalid with a suffix', { generateName: 'foo.-' }, ['ADMIT504 metadata.generateName']],
    ['a generateName of one dash', { generateName: '-' }, ['ADMIT504 metadata.generateName']],
    ['a dot in a namespace', { name: 'x', namespace: 'a.b' }, ['ADMIT505 metadata.namespace']],
    ['a namespace of 64 characters', { name: 'x', namespace: a(64) }, ['ADMIT505 metadata.namespace']],
    ['a number as a label', { name: 'x', labels: { version: 1 } }, ['ADMIT506 metadata.labels.version']],
    ['a boolean as an annotation', { name: 'x', annotations: { 'istio.io/dry-run': true } }, ['ADMIT506 metadata.annotations[istio.io/dry-run]']],
    ['a list as labels', { name: 'x', labels: ['a'] }, ['ADMIT500 metadata.labels']],
    ['two slashes in a label key', { name: 'x', labels: { 'a/b/c': '' } }, ['ADMIT507 metadata.labels[a/b/c]']],
    ['upper case in a label prefix', { name: 'x', labels: { 'A/b': '' } }, ['ADMIT507 metadata.labels[A/b]']],
    ['a label key of 64 characters', { name: 'x', labels: { [a(64)]: '' } }, [`ADMIT507 metadata.labels.${a(64)}`]],
    ['a space in a label', { name: 'x', labels: { app: 'a b' } }, ['ADMIT508 metadata.labels.app']],
    ['a label of 64 characters', { name: 'x', labels: { app: a(64) } }, ['ADMIT508 metadata.labels.app']],
    ['an empty annotation name', { name: 'x', annotations: { 'a/': '' } }, ['ADMIT509 metadata.annotations[a/]']],
    ['annotations of more than 256 KiB', { name: 'x', annotations: { aa: a(262_143) } }, ['ADMIT510 metadata.annotations']],
    ['annotations of more than 256 KiB in two-byte characters', { name: 'x', annotations: { aaa: 'é'.repeat(131_071) } }, ['ADMIT510 metadata.annotations']],
    ['an unknown field', { name: 'x', label: {} }, ['ADMIT501 metadata.label']],
    ['a known field in another case', { Name: 'y', name: 'x' }, ['ADMIT501 metadata.Name']],
    ['an unknown field of an owner reference', { name: 'x', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'u', foo: 1 }] }, ['ADMIT501 metadata.ownerReferences[0].foo']],
    ['an owner reference without uid', { name: 'x', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a' }] }, ['ADMIT511 metadata.ownerReferences[0].uid']],
    ['an owner reference whose apiVersion has no version', { name: 'x', ownerReferences: [{ apiVersion: 'a/b/c', kind: 'Pod', name: 'a', uid: 'u' }] }, ['ADMIT511 metadata.ownerReferences[0].apiVersion']],
    ['an Event as owner', { name: 'x', ownerReferences: [{ apiVersion: '/v1', kind: 'Event', name: 'a', uid: 'u' }] }, ['ADMIT511 metadata.ownerReferences[0]']],
    ['two controllers', { name: 'x', ownerReferences: ['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'Pod', name, uid: name, controller: true })) }, ['ADMIT511 metadata.ownerReferences[1].controller']],
    ['a finalizer with a space', { name: 'x', finalizers: ['a/b', 'a b'] }, ['ADMIT512 metadata.finalizers[1]']],
    ['both finalizers of the garbage collector', { name: 'x', finalizers: ['orphan', 'foregroundDeletion'] }, ['ADMIT512 metadata.finalizers']],
    ['a day that doesn\'t exist', { name: 'x', creationTimestamp: '2023-02-29T00:00:00Z' }, ['ADMIT500 metadata.creationTimestamp']],
    ['a generation over 64 bits', { name: 'x', generation: 2 ** 63 }, ['ADMIT500 metadata.generation']],
    ['a fractional grace period', { name: 'x', deletionGracePeriodSeconds: 0.5 }, ['ADMIT500 metadata.deletionGracePeriodSeconds']],
  ])('%s', (_, metadata, expected) => {
    expect(objections(metadata)).toEqual(expected);
  });
});

describe('istiod\'s webhook rejects', () => {
  const judged = (kind: string, annotations: object, spec: object = {}) =>
    metadataObjections({ apiVersion: 'security.istio.io/v1', kind, metadata: { name: 'x', annotations }, spec })
      .filter(({ severity }) => severity === 'error').map(({ code }) => code);

  test.each<[string, object, object, string[]]>([
    ['AuthorizationPolicy', { 'istio.io/dry-run': 'T' }, {}, []],
    ['AuthorizationPolicy', { 'istio.io/dry-run': 'false' }, { action: 'DENY' }, []],
    ['AuthorizationPolicy', { 'istio.io/dry-run': 'yes' }, {}, ['ADMIT521']],
    ['AuthorizationPolicy', { 'istio.io/dry-run': null }, {}, ['ADMIT521']],
    ['AuthorizationPolicy', { 'istio.io/dry-run': 'yes' }, { action: 'AUDIT' }, ['ADMIT520']],
    ['AuthorizationPolicy', { 'istio.io/dry-run': 'true' }, { action: 'CUSTOM' }, ['ADMIT520']],
    ['PeerAuthentication', { 'istio.io/dry-run': 'true' }, {}, ['ADMIT520']],
    ['PeerAuthentication', { 'internal.istio.io/parents': '' }, {}, ['ADMIT522']],
    ['PeerAuthentication', { 'internal.istio.io/parent-namespace': 'a' }, {}, ['ADMIT522']],
    ['PeerAuthentication', { 'internal.istio.io/webhook-always-reject': 'a' }, {}, ['ADMIT522']],
    ['PeerAuthentication', { 'internal.istio.io/route-semantics': 'a' }, {}, []],
  ])('annotations of %s: %j, with spec %j', (kind, annotations, spec, expected) => {
    expect(judged(kind, annotations, spec)).toEqual(expected);
  });
});

test('warns about a finalizer without a domain, and about a resourceVersion', () => {
  expect(objections({ name: 'x', finalizers: ['abc', 'kubernetes', 'a/b'], resourceVersion: '5' }, 'warning'))
    .toEqual(['ADMIT514 metadata.finalizers[0]', 'ADMIT513 metadata.resourceVersion']);
});

test('reports a field once, even if Istio\'s rules reject it as well', () => {
  const [first, ...more] = metadataObjections({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'x', labels: { 'istio.io/rev': 1 } } });

  expect(more).toEqual([]);
  expect(first).toEqual({
    code: 'ADMIT506',
    severity: 'error',
    field: ['metadata', 'labels', 'istio.io/rev'],
    actual: 'the number 1',
    expected: 'a string',
    because: 'labels and annotations are strings, and YAML reads true, yes, on, 1 and so on as other types',
    fix: 'quote it: \'1\'',
  });
});

test.each<[object, string]>([
  [{ name: 'My_Policy' }, 'name it \'my-policy\''],
  [{ name: '___' }, 'choose such a name'],
  [{ name: 'x', namespace: 'a.b' }, 'name it \'a-b\''],
  [{ name: 'x', lables: {} }, 'rename it to \'labels\''],
  [{ name: 'x', labels: { app: 'a b' } }, 'write \'a-b\', or use an annotation, which accepts any text'],
])('suggests one action for metadata %j', (metadata, fix) => {
  expect(metadataObjections({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata }).map((objection) => objection.fix)).toEqual([fix]);
});

test.each([undefined, null, 1, 'x', [], {}, { metadata: { labels: 'x', annotations: 1, ownerReferences: {}, finalizers: 'a' } }])('accepts any value without an exception: %j', (value) => {
  expect(metadataObjections(value).length).toBeGreaterThan(0);
});
