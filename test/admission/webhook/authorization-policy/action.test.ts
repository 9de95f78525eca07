import { toldOf } from '../../../support/webhook';

const told = (spec: object, annotations: object = {}) => toldOf('AuthorizationPolicy', spec, { annotations });
const provider = { name: 'oauth2-proxy' };

test.each([
  ['nothing at all: it allows nothing', {}, []],
  ['no rules to allow', { action: 'ALLOW', rules: [] }, []],
  ['an empty rule to deny', { action: 'DENY', rules: [{}] }, []],
  ['nothing to audit', { action: 'AUDIT' }, []],
  ['a provider to ask', { action: 'CUSTOM', provider, rules: [{}] }, []],
  ['no rules to deny', { action: 'DENY' }, ['ADMIT458 spec.rules']],
  ['an empty list of rules to deny', { action: 'DENY', rules: [] }, ['ADMIT458 spec.rules']],
  ['no rules to ask for', { action: 'CUSTOM', provider }, ['ADMIT458 spec.rules']],
  ['no provider to ask', { action: 'CUSTOM', rules: [{}] }, ['ADMIT459 spec.provider.name']],
  ['a nameless provider', { action: 'CUSTOM', provider: { name: '' }, rules: [{}] }, ['ADMIT459 spec.provider.name']],
  ['a provider without CUSTOM', { provider, rules: [{}] }, ['ADMIT459 spec.provider']],
  ['a provider to deny', { action: 'DENY', provider, rules: [{}] }, ['ADMIT459 spec.provider']],
])('judges an action with %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});

test.each([
  'namespaces', 'notNamespaces', 'serviceAccounts', 'notServiceAccounts', 'trustDomains', 'notTrustDomains',
  'principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals',
])('refuses %s with action CUSTOM', (field) => {
  const spec = { action: 'CUSTOM', provider, rules: [{ from: [{ source: { [field]: ['a'] } }] }] };
  expect(told(spec)).toEqual([`ADMIT460 spec.rules[0].from[0].source.${field}`]);
  expect(told({ rules: spec.rules })).toEqual([]);
});

test.each(['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal', 'request.auth.principal', 'request.auth.claims[iss]'])(
  'refuses a condition on %s with action CUSTOM', (key) => {
    const rules = [{ when: [{ key, values: ['a'] }] }];
    expect(told({ action: 'CUSTOM', provider, rules })).toEqual(['ADMIT460 spec.rules[0].when[0].key']);
    expect(told({ rules })).toEqual([]);
  });

test('admits addresses and headers with action CUSTOM', () => {
  const rules = [{ from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }], when: [{ key: 'request.headers[x]', values: ['a'] }] }];
  expect(told({ action: 'CUSTOM', provider, rules })).toEqual([]);
});
