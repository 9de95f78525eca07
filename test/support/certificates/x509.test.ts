import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { newCa } from './cacerts';
import { certificate, integer, SERVER_AUTH } from './x509';

describe('the certificates of the tests', () => {
  test('are CAs and chains that node:crypto confirms', () => {
    const { root, intermediate } = newCa();
    const [top, below] = [new X509Certificate(root.pem), new X509Certificate(intermediate.pem)];
    expect([top.ca, below.ca]).toEqual([true, true]);
    expect(top.verify(top.publicKey)).toBe(true);
    expect(below.verify(top.publicKey)).toBe(true);
    expect(below.verify(below.publicKey)).toBe(false);
    expect(below.checkIssued(top)).toBe(true);
    expect(below.checkPrivateKey(intermediate.privateKey)).toBe(true);
    expect(below.checkPrivateKey(root.privateKey)).toBe(false);
    expect([below.subject, below.issuer]).toEqual(['CN=istiod-ca', 'CN=root']);
  });

  test('have serial numbers in the shortest DER form, whatever their first bytes', () => {
    const der = (...bytes: number[]) => integer(Buffer.from(bytes)).toString('hex');
    expect([der(0x00, 0x7f), der(0x00, 0x80), der(0x80), der(0x01, 0x00), der(0x00)]).toEqual(['02017f', '02020080', '02020080', '02020100', '020100']);
  });

  test('have the specified fields', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const leaf = new X509Certificate(certificate({
      commonName: 'leaf',
      privateKey,
      extendedKeyUsage: [SERVER_AUTH],
      notBefore: new Date('2020-01-02T03:04:05Z'),
      notAfter: new Date('2021-01-02T03:04:05Z'),
    }).pem);
    expect(leaf.verify(leaf.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual([SERVER_AUTH]);
    expect([leaf.validFrom, leaf.validTo]).toEqual(['Jan  2 03:04:05 2020 GMT', 'Jan  2 03:04:05 2021 GMT']);
  });
});
