import { CRL_KEY, FOUR_KEY_FORM, secretKeysFault, TLS_FORM } from '../../src/certificates/ca-secret';

describe('the keys of Secret cacerts', () => {
  test.each([
    ['four keys', FOUR_KEY_FORM],
    ['four keys and revocation lists', [...FOUR_KEY_FORM, CRL_KEY]],
    ['those of a TLS Secret', TLS_FORM],
  ])('may be %s', (_, keys) => {
    expect(secretKeysFault('encryptedData', keys)).toBeUndefined();
  });

  const INCOMPLETE = 'istiod doesn\'t start with an incomplete set';
  const NOTHING = 'istiod finds no CA there and signs with a CA that it generates itself';
  test.each([
    [[], 'without keys', NOTHING, 'add ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem'],
    [['cert.pem', 'key.pem'], "for the keys 'cert.pem', 'key.pem'", NOTHING, 'add ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem'],
    [['ca-crl.pem'], "for the keys 'ca-crl.pem'", NOTHING, 'add ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem'],
    [['tls.crt', 'tls.key'], "for the keys 'tls.crt', 'tls.key'", INCOMPLETE, 'add ca.crt'],
    [['tls.key', 'ca.crt'], "for the keys 'tls.key', 'ca.crt'", NOTHING, 'add tls.crt'],
    [FOUR_KEY_FORM.slice(1), "for the keys 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'", INCOMPLETE, 'add ca-cert.pem'],
    [[...FOUR_KEY_FORM, 'key.pem'], "for the keys 'ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem', 'key.pem'", 'istiod reads no other name', "remove 'key.pem'"],
    [[...FOUR_KEY_FORM, 'ca.crt'], "for the keys 'ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem', 'ca.crt'", 'istiod reads no other name', "remove 'ca.crt'"],
    [[...TLS_FORM, CRL_KEY], "for the keys 'tls.crt', 'tls.key', 'ca.crt', 'ca-crl.pem'", 'istiod reads nothing else when it finds tls.crt', "remove 'ca-crl.pem'"],
    [[...TLS_FORM, 'ca-cert.pem'], "for the keys 'tls.crt', 'tls.key', 'ca.crt', 'ca-cert.pem'", 'istiod reads nothing else when it finds tls.crt', "remove 'ca-cert.pem'"],
  ])('may not be %j', (keys, actual, because, fix) => {
    expect(secretKeysFault('encryptedData', keys)).toMatchObject({ code: 'MTLS069', field: 'encryptedData', actual, because, fix });
  });
});
