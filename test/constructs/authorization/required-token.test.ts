import { generateKeyPairSync } from 'node:crypto';
import * as kplus from 'cdk8s-plus-28';
import { Pods, RequiredToken, RequiredTokenProps, TokenIssuer } from '../../../src/index';
import { chartIn, only, synth } from '../../support/constructs/charts';

const labels = { app: 'web' };
const LOGIN: TokenIssuer = { issuer: 'https://login.example.com', jwksUri: 'https://login.example.com/keys' };
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keySet = (key: typeof publicKey) => JSON.stringify({ keys: [key.export({ format: 'jwk' })] });

function made(props: Partial<RequiredTokenProps> = {}, chart = chartIn('shop')): { authentication: any; policy: any } {
  new RequiredToken(chart, 'users', { workload: Pods.withLabels(labels), issuers: [LOGIN], ...props });
  const objects = synth(chart);
  return { authentication: only(objects, 'RequestAuthentication'), policy: only(objects, 'AuthorizationPolicy') };
}

test('checks tokens and refuses requests without one, since neither policy protects alone', () => {
  const { authentication, policy } = made();
  expect(authentication.spec).toEqual({ selector: { matchLabels: labels }, jwtRules: [LOGIN] });
  expect(policy.spec).toEqual({
    selector: { matchLabels: labels },
    action: 'DENY',
    rules: [{ from: [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }] }],
  });
  expect([authentication, policy].map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'shop']);
  expect(policy.metadata).not.toHaveProperty('annotations');
});

test('snapshot', () => {
  const chart = chartIn('shop');
  const workload = new kplus.Deployment(chart, 'web', { containers: [{ image: 'web:1', portNumber: 8080 }] });
  const props = { workload, issuers: [{ ...LOGIN, audiences: ['shop'], forwardToken: true }], exceptPaths: ['/healthz'], exceptPorts: [9090], exceptPreflight: true };
  const { authentication, policy } = made(props, chart);
  expect([authentication, policy]).toMatchSnapshot();
});

test('exposes its authentication and policy', () => {
  const { authentication, policy, namespace } = new RequiredToken(chartIn('shop'), 'users', { workload: Pods.withLabels(labels), issuers: [LOGIN] });
  expect([authentication.kind, policy.kind, namespace]).toEqual(['RequestAuthentication', 'AuthorizationPolicy', 'shop']);
});

test.each([
  ['from name', { name: 'users' }, ['users', 'users']],
  ['from name and policyName', { name: 'users', policyName: 'require-users' }, ['users', 'require-users']],
  ['from policyName alone', { policyName: 'require-users' }, [expect.stringMatching(/^test-users-authentication-\w+$/), 'require-users']],
])('the two objects get their names %s', (_, names, expected) => {
  const { authentication, policy } = made(names);
  expect([authentication, policy].map(({ metadata: { name } }) => name)).toEqual(expected);
});

test('accepts a token of any of its issuers', () => {
  const { policy } = made({ issuers: [LOGIN, { issuer: 'https://other.example.com/', jwks: keySet(publicKey) }] });
  expect(policy.spec.rules).toEqual([{ from: [{ source: { notRequestPrincipals: ['https://login.example.com/*', 'https://other.example.com//*'] } }] }]);
});

test('writes keys, audiences and forwardToken by Istio\'s names', () => {
  const jwks = keySet(publicKey);
  const { authentication } = made({ issuers: [{ issuer: 'me', jwks, audiences: ['shop', 'bank'], forwardToken: true }] });
  expect(authentication.spec.jwtRules).toEqual([{ issuer: 'me', jwks, audiences: ['shop', 'bank'], forwardOriginalToken: true }]);
});

test('the policy excludes exempt paths, ports and preflight requests', () => {
  const { policy } = made({ exceptPaths: ['/healthz', '/public/*'], exceptPorts: [9090], exceptPreflight: true });
  expect(policy.spec.rules).toEqual([{
    from: [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }],
    to: [{ operation: { notPorts: ['9090'], notPaths: ['/healthz', '/public/*'], notMethods: ['OPTIONS'] } }],
  }]);
});

test('dryRun annotates only the policy', () => {
  const { authentication, policy } = made({ dryRun: true });
  expect(policy.metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
  expect(authentication.metadata).not.toHaveProperty('annotations');
});

test('refuses a second RequiredToken for the same workload', () => {
  const chart = chartIn('shop');
  for (const id of ['one', 'other']) new RequiredToken(chart, id, { workload: Pods.withLabels(labels), issuers: [LOGIN] });
  expect(() => synth(chart)).toThrow(/\(test\/other\): selector\.matchLabels is the same as for test\/one.*\[API813\]/);
});

test.each([
  ['an empty list of issuers', { issuers: [] }, 'API812'],
  ['a missing list of issuers', { issuers: undefined }, 'API812'],
  ['an issuer without a name', { issuers: [{ ...LOGIN, issuer: '' }] }, 'API812'],
  ['a missing issuer name', { issuers: [{ ...LOGIN, issuer: undefined }] }, 'API812'],
  ['an issuer with a *', { issuers: [{ ...LOGIN, issuer: 'https://*' }] }, 'API812'],
  ['the same issuer twice', { issuers: [LOGIN, LOGIN] }, 'API812'],
  ['an issuer without keys', { issuers: [{ issuer: 'me' }] }, 'API811'],
  ['both jwks and jwksUri', { issuers: [{ ...LOGIN, jwks: keySet(publicKey) }] }, 'API811'],
  ['an invalid jwksUri', { issuers: [{ issuer: 'me', jwksUri: 'login.example.com' }] }, 'API811'],
  ['invalid jwks', { issuers: [{ issuer: 'me', jwks: '{}' }] }, 'API811'],
  ['an empty list of audiences', { issuers: [{ ...LOGIN, audiences: [] }] }, 'API804'],
  ['an empty audience', { issuers: [{ ...LOGIN, audiences: [''] }] }, 'API804'],
  ['an empty list of exempt paths', { exceptPaths: [] }, 'API804'],
  ['an exempt path without a slash', { exceptPaths: ['healthz'] }, 'API805'],
  ['an exemption of all paths', { exceptPaths: ['/*'] }, 'API814'],
  ['an exemption of all paths by a template', { exceptPaths: ['/{**}'] }, 'API814'],
  ['an empty list of exempt ports', { exceptPorts: [] }, 'API804'],
  ['an exempt port out of range', { exceptPorts: [70000] }, 'API006'],
])('refuses %s', (_, props, code) => {
  expect(() => made(props as any)).toThrow(new RegExp(`^RequestAuthentication \\(test/users\\): .*\\[${code}\\]$`));
});

test('refuses a private key without printing it', () => {
  const jwks = keySet(privateKey);
  const { d } = JSON.parse(jwks).keys[0];
  expect(() => made({ issuers: [{ issuer: 'me', jwks }] })).toThrow(/private or symmetric.*\[API811\]/);
  expect(() => made({ issuers: [{ issuer: 'me', jwks }] })).not.toThrow(d);
});
