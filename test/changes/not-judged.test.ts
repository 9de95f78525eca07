import { generateKeyPairSync } from 'node:crypto';
import { notJudgedIn } from '../../src/changes/not-judged';
import { ReportedObjects } from '../../src/changes/object-changes';
import { readObject } from '../../src/mesh/inventory/object';

test('a kind that holds a private key in groups is counted without printing it', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'der' }, publicKeyEncoding: { type: 'spki', format: 'der' } });
  const key = privateKey.toString('base64').match(/.{1,11}/g)!;
  const after = readObject({ apiVersion: 'apps/v1', kind: key.join(' '), metadata: { name: 'a' } })!;
  const { unread } = notJudgedIn({ unjudged: [], unread: [{ after }] }, {} as ReportedObjects);
  expect(Object.values(unread)).toEqual([1]);
  expect(key.filter((group) => group.length === 11 && JSON.stringify(unread).includes(group)).length).toBeLessThan(3);
});
