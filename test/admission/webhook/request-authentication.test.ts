import { toldOf, webhookObjections } from '../../support/admission/webhook';

const told = (rule: object) => toldOf('RequestAuthentication', { jwtRules: [rule] }).map((line) => line.replace('spec.jwtRules[0]', 'rule'));

test.each([
  ['an issuer', { issuer: 'a' }, []],
  ['only a jwksUri', { jwksUri: 'https://a/keys' }, []],
  ['neither issuer nor keys', {}, ['ADMIT469 rule.issuer']],
  ['an empty issuer', { issuer: '' }, ['ADMIT469 rule.issuer']],
  ['an empty audience', { issuer: 'a', audiences: ['b', ''] }, ['ADMIT473 rule.audiences[1]']],
  ['an empty fromParams', { issuer: 'a', fromParams: [''] }, ['ADMIT473 rule.fromParams[0]']],
  ['an empty fromCookies', { issuer: 'a', fromCookies: [''] }, ['ADMIT473 rule.fromCookies[0]']],
  ['a fromHeaders without a name', { issuer: 'a', fromHeaders: [{ name: '' }] }, ['ADMIT473 rule.fromHeaders[0].name']],
  ['an outputClaimToHeaders without a header', { issuer: 'a', outputClaimToHeaders: [{ claim: 'sub', header: '' }] }, ['ADMIT473 rule.outputClaimToHeaders[0].header']],
  ['an outputClaimToHeaders without a claim', { issuer: 'a', outputClaimToHeaders: [{ claim: '', header: 'x' }] }, ['ADMIT473 rule.outputClaimToHeaders[0].claim']],
  ['an output header with a dot', { issuer: 'a', outputClaimToHeaders: [{ claim: 'sub', header: 'x.y' }] }, ['ADMIT474 rule.outputClaimToHeaders[0].header']],
  ['a valid output header', { issuer: 'a', outputClaimToHeaders: [{ claim: 'sub', header: 'X-jwt_sub' }] }, []],
  ['a timeout under a millisecond', { issuer: 'a', timeout: '500us' }, ['ADMIT404 rule.timeout']],
])('checks a JWT rule with %s', (_, rule, expected) => {
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
])('checks the jwksUri %s', (jwksUri, expected) => {
  expect(told({ issuer: 'a', jwksUri })).toEqual(expected);
});

test('checks jwks_uri like jwksUri', () => {
  expect(told({ jwks_uri: 'https://a' })).toEqual([]);
  expect(told({ jwks_uri: 'ftp://a' })).toEqual(['ADMIT470 rule.jwks_uri']);
});

test('prints no key of a jwks', () => {
  const jwks = '{"keys":[{"kty":"oct","k":"SECRET"}]}';
  const broken = '{"keys":[{"kty":"RSA","d":"SECRET"}]}';
  const objections = [jwks, broken].flatMap((text) => webhookObjections('RequestAuthentication', { spec: { jwtRules: [{ issuer: 'a', jwks: text }] } }));
  expect(objections.map(({ code, severity }) => [code, severity])).toEqual([['ADMIT472', 'warning'], ['ADMIT471', 'error']]);
  expect(JSON.stringify(objections)).not.toContain('SECRET');
});
