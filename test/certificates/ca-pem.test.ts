import { generateKeyPairSync } from 'node:crypto';
import { CaPem, caPemFault } from '../../src/certificates/ca-pem';
import { newCa } from '../support/certificates/cacerts';
import { certificate, newKey, toPem } from '../support/certificates/x509';

const { root, intermediate, props } = newCa();
const GOOD: CaPem = { 'ca-cert.pem': props.caCert, 'ca-key.pem': props.caKey, 'root-cert.pem': props.rootCert, 'cert-chain.pem': props.certChain };
const PUBLIC = ['ca-cert.pem', 'root-cert.pem', 'cert-chain.pem'];
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

describe('a CA in PEM', () => {
  test('accepts texts that match their keys', () => {
    expect(caPemFault(GOOD)).toBeUndefined();
    expect(caPemFault({ ...GOOD, 'ca-crl.pem': toPem('X509 CRL', Buffer.from('some list')) })).toBeUndefined();
  });

  test.each([
    ['PKCS #1', rsa.export({ type: 'pkcs1', format: 'pem' }), rsa],
    ['SEC 1', intermediate.privateKey.export({ type: 'sec1', format: 'pem' }), intermediate.privateKey],
    ['PKCS #8', rsa.export({ type: 'pkcs8', format: 'pem' }), rsa],
    ['PKCS #8 with CRLF', String(rsa.export({ type: 'pkcs8', format: 'pem' })).replace(/\n/g, '\r\n'), rsa],
  ])('may have a private key in %s', (_, key, privateKey) => {
    const { pem } = certificate({ commonName: 'istiod-ca', issuer: root, ca: true, privateKey });
    expect(caPemFault({ ...GOOD, 'ca-cert.pem': pem, 'ca-key.pem': String(key) })).toBeUndefined();
  });

  describe.each(PUBLIC)('%s', (field) => {
    test.each([
      ['a missing text', undefined, 'empty'],
      ['an empty text', ' \n', 'empty'],
      ['a text without PEM', 'certificate', 'text without a PEM block'],
      ['a certificate after other text', `subject=CN = root\n${props.rootCert}`, 'PEM blocks with other text around them'],
      ['a broken certificate', toPem('CERTIFICATE', Buffer.from('no certificate at all')), 'PEM with a block that can\'t be read'],
      ['a broken second certificate', props.rootCert + toPem('CERTIFICATE', Buffer.from('no certificate at all')), 'PEM with a block that can\'t be read'],
      ['a revocation list', toPem('X509 CRL', Buffer.from('some list')), 'PEM with a block of another kind'],
    ])('refuses %s', (_, text, actual) => {
      expect(caPemFault({ ...GOOD, [field]: text as string })).toMatchObject({ code: 'API073', field, actual });
    });

    test.each([
      ['a private key', props.caKey],
      ['a private key after certificates', props.certChain + props.caKey],
      ['the beginning of a private key', props.caKey.slice(0, 80)],
      ['an encrypted private key', toPem('ENCRYPTED PRIVATE KEY', Buffer.from('some key'))],
    ])('is refused with %s', (_, text) => {
      expect(caPemFault({ ...GOOD, [field]: text })).toMatchObject({ code: 'API074', field, actual: 'text with a private key' });
    });
  });

  test('refuses revocation lists with other PEM blocks', () => {
    expect(caPemFault({ ...GOOD, 'ca-crl.pem': props.rootCert })).toMatchObject({ code: 'API073', field: 'ca-crl.pem', actual: 'PEM with a block of another kind' });
    expect(caPemFault({ ...GOOD, 'ca-crl.pem': props.caKey })).toMatchObject({ code: 'API074', field: 'ca-crl.pem' });
  });

  test.each([
    ['a missing text', undefined, 'empty'],
    ['an empty text', '', 'empty'],
    ['a text without PEM', 'key', 'text without a PEM block'],
    ['a certificate', props.caCert, 'PEM with a block of another kind'],
    ['two keys', props.caKey + props.caKey, 'text with 2 PEM blocks'],
    ['a key after EC PARAMETERS', toPem('EC PARAMETERS', Buffer.from([6, 8, 42])) + props.caKey, 'text with 2 PEM blocks'],
    ['a key and a certificate', props.caKey + props.caCert, 'text with 2 PEM blocks'],
    ['a key after other text', `Key Attributes: <No Attributes>\n${props.caKey}`, 'PEM blocks with other text around them'],
    ['a broken key', toPem('PRIVATE KEY', Buffer.from('no key at all')), 'a private key that can\'t be read'],
    ['an encrypted key', newKey().export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }), 'an encrypted private key'],
    ['an encrypted key in PKCS #1', rsa.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }), 'a private key that can\'t be read'],
    ['a public key', toPem('PUBLIC KEY', Buffer.from('some key')), 'PEM with a block of another kind'],
    ['a key that can\'t sign', generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), 'a private key that can\'t be read'],
  ])('is refused when its key is %s', (_, text, actual) => {
    expect(caPemFault({ ...GOOD, 'ca-key.pem': text as string })).toMatchObject({ code: 'API075', field: 'ca-key.pem', actual });
  });

  test("is refused when its key is another certificate's", () => {
    const MISMATCH = { code: 'API076', field: 'ca-key.pem', actual: 'not the private key of the first certificate in ca-cert.pem' };
    expect(caPemFault({ ...GOOD, 'ca-key.pem': root.keyPem })).toMatchObject(MISMATCH);
    expect(caPemFault({ ...GOOD, 'ca-cert.pem': props.rootCert + props.caCert })).toMatchObject(MISMATCH);
    expect(caPemFault({ ...GOOD, 'ca-key.pem': String(rsa.export({ type: 'pkcs8', format: 'pem' })) })).toMatchObject(MISMATCH);
  });
});
