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
  ['a key set', { keys: [rsa] }],
  ['an empty key set', { keys: [] }],
  ['null as a key set', { keys: null }],
  ['a single key without a set', rsa],
  ['a key set with text behind it', '{"keys":[],"a":"}\\""} {'],
  ['fields in any case beside kty', { keys: [{ KTY: 'RSA', n: 'AQAB', e: 'AQAB' }] }],
  ['an elliptic key with null fields', { keys: [{ kty: 'EC', crv: null, x: 'aa', y: null }] }],
  ['an Edwards-curve key', { kty: 'OKP', crv: 'Ed25519', x: 'aa' }],
  ['standard and URL base64, with or without padding', { ...rsa, n: 'A+/A', e: 'A-_=' }],
  ['line breaks in base64', { ...rsa, n: 'AQ\nAB' }],
  ['a null entry in key_ops', { ...rsa, key_ops: ['verify', null], kid: null, x5c: [] }],
  ['a list in a misspelled x5u, which istiod reads under another name', { ...rsa, x5u: ['a'] }],
  ['a key with a certificate', { ...rsa, x5c: [certificate] }],
  ['a curve in an RSA key', { ...rsa, crv: 5 }],
  ['null as a second kty', { ...rsa, KTY: null }],
])('accepts %s', (_, value) => {
  expect(read(value)).toEqual({ privateKeys: [] });
});

test.each([
  ['text that isn\'t JSON', 'x', 'a JSON object'],
  ['a list in place of a set', '[]', 'a JSON object'],
  ['null in place of a set', 'null', 'a JSON object'],
  ['an unfinished object', '{"keys":[]', 'a JSON object'],
  ['keys that aren\'t a list', { keys: {} }, 'a list under \'keys\''],
  ['a set without keys', {}, '\'kty\' RSA, EC, OKP or oct in key 0'],
  ['an unknown kty', { keys: [rsa, { kty: 'DSA' }] }, '\'kty\' RSA, EC, OKP or oct in key 1'],
  ['null as a key', { keys: [null] }, '\'kty\' RSA, EC, OKP or oct in key 0'],
  ['a second kty', { ...rsa, KTY: 'EC', crv: 'a', x: '', y: '' }, '\'kty\' RSA, EC, OKP or oct in key 0'],
  ['a missing field', { kty: 'RSA', n: 'AQAB' }, '\'e\', which a key of type RSA must have, in key 0'],
  ['a missing curve', { kty: 'OKP', x: 'aa' }, '\'crv\', which a key of type OKP must have, in key 0'],
  ['a missing secret', { kty: 'oct' }, '\'k\', which a key of type oct must have, in key 0'],
  ['the key D in place of d', { ...rsa, D: 'AQ' }, '\'d\', which a key of type RSA must have, in key 0'],
  ['invalid base64', { ...rsa, n: '!' }, '\'n\' in base64 in key 0'],
  ['standard base64 mixed with URL base64', { ...rsa, n: 'A+_A' }, '\'n\' in base64 in key 0'],
  ['base64 of one character', { ...rsa, n: 'AQABA' }, '\'n\' in base64 in key 0'],
  ['base64 with wrong padding', { ...rsa, n: 'AQ=' }, '\'n\' in base64 in key 0'],
  ['an invalid private part', { ...rsa, d: 'AQ', p: '!' }, '\'p\' in base64 in key 0'],
  ['a number in place of a string', { ...rsa, kid: 5 }, 'a text under \'kid\' in key 0'],
  ['a number as a curve', { kty: 'OKP', crv: 5, x: 'aa' }, 'a text under \'crv\' in key 0'],
  ['a number as the curve of an elliptic key', { kty: 'EC', crv: 5, x: 'aa', y: 'aa' }, 'a text under \'crv\' in key 0'],
  ['a string as key_ops', { ...rsa, key_ops: 'verify' }, 'a list of texts under \'key_ops\' in key 0'],
  ['a number as a certificate', { ...rsa, x5c: [5] }, 'certificates in base64 under \'x5c\' in key 0'],
  ['an invalid certificate', { ...rsa, x5c: ['AQ'] }, 'certificates in base64 under \'x5c\' in key 0'],
])('rejects %s', (_, value, wrong) => {
  expect(read(value)).toEqual({ wrong, privateKeys: [] });
});

test.each([
  ['a symmetric key', { kty: 'oct', k: 'aGk' }],
  ['an RSA key with d', { ...rsa, d: 'AQ' }],
  ['an elliptic key with d', { kty: 'EC', crv: 'P-256', x: '', y: '', d: 'AQ' }],
  ['an Edwards-curve key with d, even if null', { kty: 'OKP', crv: 'a', x: '', d: null }],
])('warns about a private key: %s', (_, key) => {
  expect(read({ keys: [rsa, key] })).toEqual({ privateKeys: [1] });
});
