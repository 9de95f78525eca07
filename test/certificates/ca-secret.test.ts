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
    ['be missing', [], 'without keys', NOTHING, 'add ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem'],
    ['have other names', ['cert.pem', 'key.pem'], "for the keys 'cert.pem', 'key.pem'", NOTHING, 'add ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem'],
    ['be revocation lists alone', ['ca-crl.pem'], "for the keys 'ca-crl.pem'", NOTHING, 'add ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem'],
    ['be those of a TLS Secret without ca.crt', ['tls.crt', 'tls.key'], "for the keys 'tls.crt', 'tls.key'", INCOMPLETE, 'add ca.crt'],
    ['be those of a TLS Secret without tls.crt', ['tls.key', 'ca.crt'], "for the keys 'tls.key', 'ca.crt'", NOTHING, 'add tls.crt'],
    ['be only three of the four', FOUR_KEY_FORM.slice(1), "for the keys 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'", INCOMPLETE, 'add ca-cert.pem'],
    ['be the four and an unknown one', [...FOUR_KEY_FORM, 'key.pem'], "for the keys 'ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem', 'key.pem'", 'istiod reads no other name', "remove 'key.pem'"],
    ['be the four and one of a TLS Secret', [...FOUR_KEY_FORM, 'ca.crt'], "for the keys 'ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem', 'ca.crt'", 'istiod reads no other name', "remove 'ca.crt'"],
    ['be those of a TLS Secret and revocation lists', [...TLS_FORM, CRL_KEY], "for the keys 'tls.crt', 'tls.key', 'ca.crt', 'ca-crl.pem'", 'istiod reads nothing else when it finds tls.crt', "remove 'ca-crl.pem'"],
    ['be those of a TLS Secret and one of the four', [...TLS_FORM, 'ca-cert.pem'], "for the keys 'tls.crt', 'tls.key', 'ca.crt', 'ca-cert.pem'", 'istiod reads nothing else when it finds tls.crt', "remove 'ca-cert.pem'"],
  ])('may not %s', (_, keys, actual, because, fix) => {
    expect(secretKeysFault('encryptedData', keys)).toMatchObject({ code: 'API069', field: 'encryptedData', actual, because, fix });
  });
});
