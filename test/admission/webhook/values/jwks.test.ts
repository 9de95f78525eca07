import { readKeySet } from '../../../../src/admission/webhook/values/jwks';

const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
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
  ['a text for key_ops', { ...rsa, key_ops: 'verify' }, 'a list of texts under \'key_ops\' in key 0'],
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
