import { PathFinder } from '../../src/certificates/ca-path';
import { certificateOf, certificateName, readCertificate } from '../../src/certificates/certificate';
import { readPem } from '../../src/certificates/pem';
import { certificate, CertificateSpec, newKey, SERVER_AUTH } from '../support/certificates/x509';
import { casesOf } from '../support/random/cases';
import { Random } from '../support/random/random';

const read = (spec: CertificateSpec) => certificateOf(readPem(certificate(spec).pem).blocks[0])!;
const der = (spec: CertificateSpec) => readPem(certificate(spec).pem).blocks[0].bytes!;

const RICH: CertificateSpec = {
  commonName: 'rich',
  ca: true,
  pathLength: 3,
  keyUsage: [0, 5],
  extendedKeyUsage: [SERVER_AUTH],
  nameConstraints: { permitted: [{ uri: '.Example.org' }, { dns: 'example.com' }], excluded: [{ dns: 'bad.example.com' }] },
  names: [{ uri: 'spiffe://example.org/ns/a/sa/b' }, { dns: 'a.example.com' }, { dns: 'b, c' }],
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2040-01-01T00:00:00Z'),
};

test('reads a certificate\'s fields', () => {
  expect(read(RICH)).toMatchObject({
    subject: 'CN=rich',
    issuer: 'CN=rich',
    isCa: true,
    pathLength: 3,
    keyUsages: ['digitalSignature', 'keyCertSign'],
    purposes: [SERVER_AUTH],
    nameConstraints: {
      permitted: [{ type: 'URI', value: '.example.org' }, { type: 'DNS', value: 'example.com' }], excluded: [{ type: 'DNS', value: 'bad.example.com' }],
    },
    uris: ['spiffe://example.org/ns/a/sa/b'],
    dnsNames: ['a.example.com', 'b, c'],
    keyText: 'EC P-256',
    isSelfSigned: true,
    isVersion1: false,
    notBefore: RICH.notBefore,
    notAfter: RICH.notAfter,
  });
});

test('absent extensions don\'t limit a certificate', () => {
  const { isCa, pathLength, keyUsages, purposes, nameConstraints } = read({ commonName: 'plain' });
  expect({ isCa, pathLength, keyUsages, purposes, nameConstraints }).toEqual({ isCa: false });
});

test('a certificate without a subject is named by its URI, or its serial number', () => {
  const issuer = certificate({ commonName: 'ca', ca: true });
  expect(certificateName(read({ commonName: '', issuer, names: [{ uri: 'spiffe://a/b' }] }))).toBe('spiffe://a/b');
  expect(certificateName(read({ commonName: '', issuer }))).toMatch(/^serial number [0-9a-f]+$/);
});

test('refuses bytes after a certificate', () => {
  const longer = Buffer.concat([der(RICH), Buffer.from([0])]);
  expect([readCertificate(der(RICH)), readCertificate(longer)].map((one) => one !== undefined)).toEqual([true, false]);
});

test('bytes that are changed at random neither throw nor take long', () => {
  const { seed, count } = casesOf('certificates');
  const random = new Random(seed);
  const original = der(RICH);
  for (let round = count(500); round > 0; round--) {
    const bytes = Buffer.from(original);
    for (let changed = 1 + random.below(3); changed > 0; changed--) bytes[random.below(bytes.length)] = random.below(256);
    const readAgain = () => readCertificate(bytes.subarray(0, random.below(10) === 0 ? random.below(bytes.length) : undefined));
    expect(readAgain).not.toThrow();
  }
});

test('reads a certificate with an invalid signature', () => {
  const bytes = der(RICH);
  const other = Buffer.from(bytes);
  other[other.length - 1] = 255 - other[other.length - 1];
  expect(readCertificate(other)?.subject).toEqual(readCertificate(bytes)?.subject);
  expect(readCertificate(other)).toBeDefined();
});

test('verifies at most a hundred signatures for many CAs with the same name and key', () => {
  const privateKey = newKey();
  const same = Array.from({ length: 300 }, () => read({ commonName: 'same', ca: true, privateKey }));
  const leaf = read({ commonName: 'leaf', issuer: { ...certificate({ commonName: 'same', privateKey }), privateKey } });
  expect(new PathFinder(same, []).paths(leaf)).toEqual([]);
  expect(new PathFinder([], same).paths(leaf)).toHaveLength(100);
});
