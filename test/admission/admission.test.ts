import { admit, isPlainData, judgeByCrd } from '../../src/admission/admission';
import { ISTIO_CRDS } from '../../src/admission/crds';
import { fieldText } from '../../src/findings/finding';
import { objectionsOf } from '../support/admission/objections';
import { REFEREE_CASES } from '../support/admission/referee-cases';

test('reports a kind\'s info together with errors', () => {
  const objections = admit({ apiVersion: 'networking.istio.io/v1alpha3', kind: 'DestinationRule', metadata: { name: 'x' }, spec: { hots: 'a' } });
  expect(objections.map(({ code, severity }) => [code, severity])).toEqual([['ADMIT108', 'info'], ['ADMIT201', 'error'], ['ADMIT203', 'error']]);
});

test.each([
  ['null', null], ['undefined', undefined], ['a number', 5], ['a string', 'x'], ['an empty list', []],
  ['a list of an empty object', [{}]], ['an empty object', {}], ['an object whose kind is a number', { kind: 5 }],
  ['an object without apiVersion', { kind: 'PeerAuthentication' }], ['an object with the key __proto__', JSON.parse('{"__proto__": {"kind": "x"}}')],
])('rejects without an exception: %s', (_, object) => {
  expect(admit(object).length).toBeGreaterThan(0);
});

test.each([null, 5, 'x', []])('%j isn\'t an object', (object) => {
  expect(admit(object).map(({ code }) => code)).toEqual(['ADMIT101']);
});

test('reports each of istiod\'s own annotations once', () => {
  const annotations = { 'istio.io/dry-run': 'true', 'internal.istio.io/parents': 'a' };
  const object = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'x', annotations }, spec: {} };
  expect(admit(object).map(({ code }) => code).sort()).toEqual(['ADMIT520', 'ADMIT522']);
});

test('keys of Object.prototype are fields like any other', () => {
  const object = JSON.parse('{"apiVersion":"security.istio.io/v1","kind":"PeerAuthentication","metadata":{"name":"x"},"spec":{"__proto__":{"mode":"STRICT"},"constructor":1,"mtls":{"toString":1}}}');
  expect(admit(object).map(({ field }) => fieldText(field))).toEqual(['spec.__proto__', 'spec.constructor', 'spec.mtls.toString']);
  expect(({} as any).mode).toBeUndefined();
});

test('reports only the first 1,000 objections of each code', () => {
  const spec = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`field${index}`, 1]));
  const objections = admit({ apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'X' }, spec });
  expect(objections.map(({ code }) => code)).toEqual(['ADMIT503', ...Array.from({ length: 1000 }, () => 'ADMIT201')]);
  expect(fieldText(objections[1000].field)).toBe('spec.field999');
});

test('doesn\'t descend deeper than the schema', () => {
  const deep = JSON.parse('{"a":'.repeat(5000) + '1' + '}'.repeat(5000));
  expect(admit({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'x' }, spec: deep }).map(({ code }) => code)).toEqual(['ADMIT201']);
});

describe('layers of checks', () => {
  const rule = (spec: object, metadata: object = {}) => ({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'x', ...metadata }, spec });
  const codes = (object: unknown) => admit(object).map(({ code }) => code);

  test('metadata is checked even if other layers object', () => {
    expect(codes(rule({ hots: 'a' }, { name: 'X' }))).toEqual(['ADMIT503', 'ADMIT201', 'ADMIT203']);
  });

  test('istiod\'s webhook runs only on objects that the CRD accepts', () => {
    expect(codes(rule({ host: 'a b' }))).toEqual([expect.stringMatching(/^ADMIT4/)]);
    expect(codes(rule({ host: 'a b', nothing: 1 }))).toEqual(['ADMIT201']);
  });

  test('only names, labels and Istio\'s keys are checked in objects of other groups', () => {
    expect(codes({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x', finalizers: ['a b'] }, spec: { nothing: 1 } })).toEqual([]);
    expect(codes({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'X', labels: { a: 1 } } })).toEqual(['ADMIT503', 'ADMIT506']);
    expect(codes({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', annotations: { 'sidecar.istio.io/injects': 'true' } } })).toEqual(['ADMIT530']);
  });

  test('doesn\'t print a value in place of a Secret\'s name', () => {
    for (const metadata of ['hunter2', { name: ['hunter2'] }, { name: 'a', namespace: { x: 'hunter2' } }]) {
      const objections = admit({ apiVersion: 'v1', kind: 'Secret', metadata });
      expect([objections.map(({ code }) => code), JSON.stringify(objections).includes('hunter2')]).toEqual([['ADMIT500'], false]);
    }
  });

  test('suggests no name or label that is derived from a private key', () => {
    const [{ code, fix }] = admit({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: '-----BEGIN RSA PRIVATE KEY-----MIIEabcdefghij' } });
    expect([code, fix]).toEqual(['ADMIT503', 'choose such a name']);
    const labels = { key: '-----BEGIN RSA PRIVATE KEY-----MIIEabcdefghij' };
    const labelled = admit({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'a', labels } });
    expect(labelled.map((objection) => [objection.code, objection.fix])).toEqual([['ADMIT508', 'delete the label, and put keys and certificates into a Secret']]);
    expect(JSON.stringify(labelled)).not.toContain('MIIE');
  });

  test.each([
    ['a name that YAML reads as true', { name: true, namespace: 'shop' }, ['ADMIT500 metadata.name']],
    ['a namespace that YAML reads as a number', { name: 'x', namespace: 12 }, ['ADMIT500 metadata.namespace']],
    ['no name', { namespace: 'shop' }, ['ADMIT502 metadata.name']],
    ['only generateName, ending in a dash', { generateName: 'x-' }, []],
    ['an empty namespace', { name: 'x', namespace: null }, []],
    ['metadata that is a string', 'x', ['ADMIT500 metadata']],
    ['no metadata', undefined, ['ADMIT502 metadata.name']],
  ])('checks the name of a Kubernetes object: %s', (_, metadata, expected) => {
    const objections = (apiVersion: string, kind: string) => admit({ apiVersion, kind, metadata }).map(({ code, field }) => `${code} ${field.join('.')}`);
    expect(objections('v1', 'Service')).toEqual(expected);
    expect(objections('gateway.networking.k8s.io/v1', 'HTTPRoute')).toEqual(expected);
    expect(objections('example.com/v1', 'Service')).toEqual([]);
    expect(objections('authorization.k8s.io/v1', 'SubjectAccessReview')).toEqual([]);
  });

  test('the option istiodNamespace sets the namespace of istiod\'s objects', () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'mesh' }, data: { mesh: 'nothing: 1' } };
    expect(admit(config)).toEqual([]);
    expect(admit(config, { istiodNamespace: 'mesh' }).map(({ code }) => code)).toEqual(['ADMIT602']);
    const ca = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'mesh' }, stringData: { 'tls.crt': 'x' } };
    expect(admit(ca, { istiodNamespace: 'mesh' }).map(({ code }) => code)).toContain('ADMIT702');
  });
});

// Responses of a kube-apiserver v1.36.1 with the vendored CRDs and strict field validation.
test.each(REFEREE_CASES)('objection as the real API server has it: $kind: $about', ({ kind, spec, more, refused }) => {
  const known = ISTIO_CRDS.find((candidate) => candidate.kind === kind)!;
  const object = { apiVersion: `${known.group}/${known.versions[0]}`, kind, metadata: { name: 'x', namespace: 'a' }, spec, ...more };
  const objections = objectionsOf((at) => judgeByCrd(at, known, JSON.parse(JSON.stringify(object))));
  expect(objections.map(({ field }) => fieldText(field))).toEqual(refused);
  expect(objections.every(({ severity }) => severity === 'error')).toBe(true);
});

const cyclic: any = { a: [] };
cyclic.a.push(cyclic);

test.each([
  ['null', null], ['a number', 5], ['undefined', undefined], ['a list', []], ['a map', { a: [{ b: null }] }],
  ['a cyclic object', cyclic], ['a deeply nested object', JSON.parse('['.repeat(5000) + ']'.repeat(5000))],
])('accepts as plain data: %s', (_, value) => {
  expect(isPlainData(value)).toBe(true);
});

test.each([
  ['a BigInt', 5n], ['a symbol', Symbol('a')], ['a function', () => 1], ['a deeply nested BigInt', { a: [5n] }],
  ['a getter that throws', { a: { get b(): unknown { throw new Error('x'); } } }],
  ['a proxy that throws', new Proxy({}, { ownKeys: () => { throw new Error('x'); } })],
])('rejects as plain data: %s', (_, value) => {
  expect(isPlainData(value)).toBe(false);
});
