import { createHash } from 'node:crypto';
import { redactedValue } from '../../src/findings/redacted-value';

const KEY = Buffer.concat(Array.from({ length: 4 }, (_, part) => createHash('sha512').update(`${part}`).digest())).toString('base64').replace(/=*$/, '');
const PARTS = KEY.match(/.{1,11}/g)!;

test.each<[string, unknown]>([
  ['a list', { apiVersion: 'v1', kind: 'A', spec: { names: PARTS, replicas: 1 } }],
  ['names of fields', { apiVersion: 'v1', kind: 'A', spec: Object.fromEntries(PARTS.map((part) => [part, ''])), replicas: 1 }],
  ['values of fields', { apiVersion: 'v1', kind: 'A', spec: Object.fromEntries(PARTS.map((part, index) => [`a${index}`, part])) }],
])('redacts a key in %s', (_, value) => {
  const told = JSON.stringify(redactedValue(value));
  expect(PARTS.filter((part) => part.length > 8 && told.includes(part))).toEqual([]);
  expect(JSON.parse(told)).toMatchObject({ apiVersion: 'v1', kind: 'A', spec: expect.anything() });
});

test('keeps names, versions and fingerprints', () => {
  const fingerprint = createHash('sha256').update('x').digest('hex');
  expect(redactedValue({ names: PARTS, fingerprint, serial: fingerprint.slice(0, 20), apiVersion: 'v1' })).toMatchObject({ fingerprint, serial: fingerprint.slice(0, 20), apiVersion: 'v1' });
});

test('returns the same list if it has no key', () => {
  const value = ['a', { b: 'c' }].slice(0, 1);
  expect(redactedValue(value)).toBe(value);
});
