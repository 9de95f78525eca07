import { readKeySet } from '../../../../src/admission/webhook/values/jwks';

const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
/** A self-signed certificate for this test only. */
const certificate = [
  'MIIBbjCCARWgAwIBAgIUB22qcVo7nEX5rYUZ/L1WLEU4dcswCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjUwMDUxMzRaGA8yMTI2MTEwMTAw',
  'NTEzNFowDDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIuzvGDb78+QC1wuiYbCzuI7xAvTatviLOFqvKnT7NzeCdL8+8vJpqQCD7bt',
  'EOZjQK5xWrI9vzp0M0r0VSQYhLGjUzBRMB0GA1UdDgQWBBQ+ccYxEKh51uCW7Ajn1enrm0NE1DAfBgNVHSMEGDAWgBQ+ccYxEKh51uCW7Ajn1enrm0NE1DAP',
  'BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIER1dXpkHJGqoUxut9gF31YSVGvRnCwTbGp+SalKQNFwAiAyDkZ7PuMbMx7Ha0rB+NKdgUFTVQS2',
  'o15QtGX0K9BF5w==',
].join('');
const read = (value: unknown) => readKeySet(typeof value === 'string' ? value : JSON.stringify(value));

test.each([
  ['a set', { keys: [rsa] }],
  ['an empty set', { keys: [] }],
  ['a set that is null', { keys: null }],
  ['a key alone', rsa],
  ['what follows the set', '{"keys":[],"a":"}\\""} {'],
  ['fields in any case for the type', { keys: [{ KTY: 'RSA', n: 'AQAB', e: 'AQAB' }] }],
  ['an elliptic key with null fields', { keys: [{ kty: 'EC', crv: null, x: 'aa', y: null }] }],
  ['a key of Edwards\' curve', { kty: 'OKP', crv: 'Ed25519', x: 'aa' }],
  ['base64 of both alphabets, padded or not', { ...rsa, n: 'A+/A', e: 'A-_=' }],
  ['line breaks in base64', { ...rsa, n: 'AQ\nAB' }],
  ['a null entry in key_ops', { ...rsa, key_ops: ['verify', null], kid: null, x5c: [] }],
  ['a list under x5u, which istiod looks for under another name', { ...rsa, x5u: ['a'] }],
  ['a certificate', { ...rsa, x5c: [certificate] }],
  ['a curve of a key that has none', { ...rsa, crv: 5 }],
  ['a type that is null beside another', { ...rsa, KTY: null }],
])('reads %s', (_, value) => {
  expect(read(value)).toEqual({ privateKeys: [] });
});

test.each([
  ['no JSON', 'x', 'a JSON object'],
  ['a list', '[]', 'a JSON object'],
  ['null', 'null', 'a JSON object'],
  ['an unfinished object', '{"keys":[]', 'a JSON object'],
  ['no list of keys', { keys: {} }, 'a list under \'keys\''],
  ['no key at all', {}, '\'kty\' RSA, EC, OKP or oct in key 0'],
  ['an unknown type', { keys: [rsa, { kty: 'DSA' }] }, '\'kty\' RSA, EC, OKP or oct in key 1'],
  ['null for a key', { keys: [null] }, '\'kty\' RSA, EC, OKP or oct in key 0'],
  ['a type twice', { ...rsa, KTY: 'EC', crv: 'a', x: '', y: '' }, '\'kty\' RSA, EC, OKP or oct in key 0'],
  ['a missing field', { kty: 'RSA', n: 'AQAB' }, '\'e\', which a key of type RSA must have, in key 0'],
  ['a missing curve', { kty: 'OKP', x: 'aa' }, '\'crv\', which a key of type OKP must have, in key 0'],
  ['a missing secret', { kty: 'oct' }, '\'k\', which a key of type oct must have, in key 0'],
  ['D for d', { ...rsa, D: 'AQ' }, '\'d\', which a key of type RSA must have, in key 0'],
  ['no base64', { ...rsa, n: '!' }, '\'n\' in base64 in key 0'],
  ['mixed alphabets', { ...rsa, n: 'A+_A' }, '\'n\' in base64 in key 0'],
  ['one digit of base64', { ...rsa, n: 'AQABA' }, '\'n\' in base64 in key 0'],
  ['wrong padding', { ...rsa, n: 'AQ=' }, '\'n\' in base64 in key 0'],
  ['a bad private part', { ...rsa, d: 'AQ', p: '!' }, '\'p\' in base64 in key 0'],
  ['a number for a text', { ...rsa, kid: 5 }, 'a text under \'kid\' in key 0'],
  ['a number for a curve', { kty: 'OKP', crv: 5, x: 'aa' }, 'a text under \'crv\' in key 0'],
  ['a number for an elliptic curve', { kty: 'EC', crv: 5, x: 'aa', y: 'aa' }, 'a text under \'crv\' in key 0'],
  ['a text for key_ops', { ...rsa, key_ops: 'verify' }, 'a list of texts under \'key_ops\' in key 0'],
  ['a number for a certificate', { ...rsa, x5c: [5] }, 'certificates in base64 under \'x5c\' in key 0'],
  ['no certificate', { ...rsa, x5c: ['AQ'] }, 'certificates in base64 under \'x5c\' in key 0'],
])('refuses %s', (_, value, wrong) => {
  expect(read(value)).toEqual({ wrong, privateKeys: [] });
});

test.each([
  ['a symmetric key', { kty: 'oct', k: 'aGk' }],
  ['an RSA key with d', { ...rsa, d: 'AQ' }],
  ['an elliptic key with d', { kty: 'EC', crv: 'P-256', x: '', y: '', d: 'AQ' }],
  ['an Edwards key with d, even null', { kty: 'OKP', crv: 'a', x: '', d: null }],
])('tells of %s', (_, key) => {
  expect(read({ keys: [rsa, key] })).toEqual({ privateKeys: [1] });
});
