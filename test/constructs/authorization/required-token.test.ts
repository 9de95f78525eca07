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
  [{ name: 'users' }, ['users', 'users']],
  [{ name: 'users', policyName: 'require-users' }, ['users', 'require-users']],
  [{ policyName: 'require-users' }, [expect.stringMatching(/^test-users-authentication-\w+$/), 'require-users']],
])('names are %j', (names, expected) => {
  const { authentication, policy } = made(names);
  expect([authentication, policy].map(({ metadata: { name } }) => name)).toEqual(expected);
});

test('a token of any of several issuers will do', () => {
  const { policy } = made({ issuers: [LOGIN, { issuer: 'https://other.example.com/', jwks: keySet(publicKey) }] });
  expect(policy.spec.rules).toEqual([{ from: [{ source: { notRequestPrincipals: ['https://login.example.com/*', 'https://other.example.com//*'] } }] }]);
});

test('keys, audiences and whether the token is forwarded', () => {
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

test('a dry run is that of the policy', () => {
  const { authentication, policy } = made({ dryRun: true });
  expect(policy.metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
  expect(authentication.metadata).not.toHaveProperty('annotations');
});

test('a workload is asked for two policies, and has one pair of each', () => {
  const chart = chartIn('shop');
  for (const id of ['one', 'other']) new RequiredToken(chart, id, { workload: Pods.withLabels(labels), issuers: [LOGIN] });
  expect(() => synth(chart)).toThrow(/\(test\/other\): selector\.matchLabels is the same as for test\/one.*\[MTLS813\]/);
});

test.each([
  ['no issuer', { issuers: [] }, 'MTLS812'],
  ['no list of issuers', { issuers: undefined }, 'MTLS812'],
  ['an issuer without a name', { issuers: [{ ...LOGIN, issuer: '' }] }, 'MTLS812'],
  ['an issuer that is no text', { issuers: [{ ...LOGIN, issuer: undefined }] }, 'MTLS812'],
  ['a pattern of issuers', { issuers: [{ ...LOGIN, issuer: 'https://*' }] }, 'MTLS812'],
  ['an issuer twice', { issuers: [LOGIN, LOGIN] }, 'MTLS812'],
  ['no keys', { issuers: [{ issuer: 'me' }] }, 'MTLS811'],
  ['keys twice', { issuers: [{ ...LOGIN, jwks: keySet(publicKey) }] }, 'MTLS811'],
  ['an address that is none', { issuers: [{ issuer: 'me', jwksUri: 'login.example.com' }] }, 'MTLS811'],
  ['keys that are none', { issuers: [{ issuer: 'me', jwks: '{}' }] }, 'MTLS811'],
  ['no audience', { issuers: [{ ...LOGIN, audiences: [] }] }, 'MTLS804'],
  ['an empty audience', { issuers: [{ ...LOGIN, audiences: [''] }] }, 'MTLS804'],
  ['no path', { exceptPaths: [] }, 'MTLS804'],
  ['a path that is none', { exceptPaths: ['healthz'] }, 'MTLS805'],
  ['all paths', { exceptPaths: ['/*'] }, 'MTLS814'],
  ['all paths by a template', { exceptPaths: ['/{**}'] }, 'MTLS814'],
  ['no port', { exceptPorts: [] }, 'MTLS804'],
  ['a port that is none', { exceptPorts: [70000] }, 'MTLS006'],
])('%s: refused', (_, props, code) => {
  expect(() => made(props as any)).toThrow(new RegExp(`^RequestAuthentication \\(test/users\\): .*\\[${code}\\]$`));
});

test('refuses a private key without printing it', () => {
  const jwks = keySet(privateKey);
  const { d } = JSON.parse(jwks).keys[0];
  expect(() => made({ issuers: [{ issuer: 'me', jwks }] })).toThrow(/private or symmetric.*\[MTLS811\]/);
  expect(() => made({ issuers: [{ issuer: 'me', jwks }] })).not.toThrow(d);
});
