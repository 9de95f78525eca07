import { toldOf, webhookObjections } from '../../support/admission/webhook';

const told = (rule: object) => toldOf('RequestAuthentication', { jwtRules: [rule] }).map((line) => line.replace('spec.jwtRules[0]', 'rule'));

test.each([
  ['an issuer', { issuer: 'a' }, []],
  ['keys by URL alone', { jwksUri: 'https://a/keys' }, []],
  ['neither', {}, ['ADMIT469 rule.issuer']],
  ['an empty issuer', { issuer: '' }, ['ADMIT469 rule.issuer']],
  ['an empty audience', { issuer: 'a', audiences: ['b', ''] }, ['ADMIT473 rule.audiences[1]']],
  ['an empty parameter', { issuer: 'a', fromParams: [''] }, ['ADMIT473 rule.fromParams[0]']],
  ['an empty cookie', { issuer: 'a', fromCookies: [''] }, ['ADMIT473 rule.fromCookies[0]']],
  ['a nameless header', { issuer: 'a', fromHeaders: [{ name: '' }] }, ['ADMIT473 rule.fromHeaders[0].name']],
  ['a claim without header', { issuer: 'a', outputClaimToHeaders: [{ claim: 'sub', header: '' }] }, ['ADMIT473 rule.outputClaimToHeaders[0].header']],
  ['a header without claim', { issuer: 'a', outputClaimToHeaders: [{ claim: '', header: 'x' }] }, ['ADMIT473 rule.outputClaimToHeaders[0].claim']],
  ['a header with a dot', { issuer: 'a', outputClaimToHeaders: [{ claim: 'sub', header: 'x.y' }] }, ['ADMIT474 rule.outputClaimToHeaders[0].header']],
  ['a sound header', { issuer: 'a', outputClaimToHeaders: [{ claim: 'sub', header: 'X-jwt_sub' }] }, []],
  ['a short timeout', { issuer: 'a', timeout: '500us' }, ['ADMIT404 rule.timeout']],
])('judges a rule with %s', (_, rule, expected) => {
  expect(told(rule)).toEqual(expected);
});

// The CRD's rule on URLs reads neither the fragment nor whether the port is a number that can be held.
test.each([
  ['http://a:80/b', []],
  ['HTTPS://a/', []],
  ['http://[::1]:9/', []],
  ['http://a/?q#%41', []],
  ['ftp://a', ['ADMIT470 rule.jwksUri']],
  ['http://a:99999999999999999999/', ['ADMIT470 rule.jwksUri']],
  ['http://u:p@[::1]:99999999999999999999', ['ADMIT470 rule.jwksUri']],
  ['http://a/?q#%zz', ['ADMIT470 rule.jwksUri']],
])('judges the URL %s', (jwksUri, expected) => {
  expect(told({ issuer: 'a', jwksUri })).toEqual(expected);
});

test('knows the URL by its other name', () => {
  expect(told({ jwks_uri: 'https://a' })).toEqual([]);
  expect(told({ jwks_uri: 'ftp://a' })).toEqual(['ADMIT470 rule.jwks_uri']);
});

test('never shows a key', () => {
  const jwks = '{"keys":[{"kty":"oct","k":"SECRET"}]}';
  const broken = '{"keys":[{"kty":"RSA","d":"SECRET"}]}';
  const objections = [jwks, broken].flatMap((text) => webhookObjections('RequestAuthentication', { spec: { jwtRules: [{ issuer: 'a', jwks: text }] } }));
  expect(objections.map(({ code, severity }) => [code, severity])).toEqual([['ADMIT472', 'warning'], ['ADMIT471', 'error']]);
  expect(JSON.stringify(objections)).not.toContain('SECRET');
});
