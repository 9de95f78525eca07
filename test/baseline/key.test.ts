import { Keyable, baselineKey } from '../../src/baseline/key';

const ROUTES = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'ratings', namespace: 'shop' },
  spec: { http: [{ name: 'canary', route: [{}, {}] }, { route: [{}] }, { name: 'twice' }, { name: 'twice' }] },
};
const fieldOf = (field: Keyable['field'], object: object = ROUTES) => baselineKey({ code: 'MTLS311', field }, object).field;

test('consists of code, object without its version, and field', () => {
  expect(baselineKey({ code: 'MTLS311', field: ['spec', 'hosts'] }, ROUTES)).toEqual({
    code: 'MTLS311', group: 'networking.istio.io', kind: 'VirtualService', namespace: 'shop', name: 'ratings', field: 'spec.hosts',
  });
  expect(baselineKey({ code: 'MTLS401', field: [] }, { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: 'shop-' } })).toEqual({
    code: 'MTLS401', group: '', kind: 'Namespace', namespace: '', name: 'shop-', field: '',
  });
});

test('identifies a list item by its name if the name is unique', () => {
  expect(fieldOf(['spec', 'http', 0, 'route', 1, 'destination'])).toBe('spec.http[name=canary].route[*].destination');
  expect(fieldOf(['spec', 'http', 1, 'route', 0])).toBe('spec.http[*].route[*]');
  expect(fieldOf(['spec', 'http', 2])).toBe('spec.http[*]');
  expect(fieldOf(['spec', 'http', 9, 'route'])).toBe('spec.http[*].route');
});

test('stays the same if an item is added before', () => {
  const longer = { ...ROUTES, spec: { http: [{ name: 'new' }, ...ROUTES.spec.http] } };
  for (const [index] of ROUTES.spec.http.entries()) {
    expect(fieldOf(['spec', 'http', index + 1, 'route'], longer)).toBe(fieldOf(['spec', 'http', index, 'route']));
  }
});

test('keeps annotations and labels legible', () => {
  expect(fieldOf(['metadata', 'annotations', 'sidecar.istio.io/inject'])).toBe('metadata.annotations[sidecar.istio.io/inject]');
});

test('hashes text that may be a secret', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
  const base64 = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
  for (const text of [pem, base64, `${base64} `, 'a'.repeat(300)]) {
    const key = baselineKey({ code: 'ADMIT142', field: ['metadata', 'labels', text] }, { kind: text, apiVersion: `${text}/v1`, metadata: { name: text, namespace: text } });
    expect(Object.values(key).slice(1)).toEqual([...Array(4).fill(expect.stringMatching(/^sha256:[0-9a-f]{16}$/)), expect.stringMatching(/^metadata\.labels\[sha256:[0-9a-f]{16}\]$/)]);
    expect(new Set([key.group, key.kind, key.name]).size).toBe(1);
  }
});

test.each([
  ['without an object', undefined], ['of an empty object', {}], ['of an object with null as metadata', { metadata: null }],
  ['of an object with strings and numbers in other places', { metadata: 'x', kind: 1 }], ['of an object with a number as its name', { apiVersion: {}, metadata: { name: 3 } }],
])('has empty strings in a finding %s', (_, object) => {
  expect(baselineKey({ code: 'MTLS901', field: ['acknowledgements', 3] }, object as object)).toEqual({ code: 'MTLS901', group: '', kind: '', namespace: '', name: '', field: 'acknowledgements[*]' });
});
