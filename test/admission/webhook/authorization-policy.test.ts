import { toldOf } from '../../support/admission/webhook';

const told = (spec: object, annotations: object = {}) => toldOf('AuthorizationPolicy', spec, { annotations });
const provider = { name: 'oauth2-proxy' };

test.each([
  ['nothing, which allows no request', {}, []],
  ['ALLOW without rules', { action: 'ALLOW', rules: [] }, []],
  ['DENY with an empty rule', { action: 'DENY', rules: [{}] }, []],
  ['AUDIT without rules', { action: 'AUDIT' }, []],
  ['CUSTOM with a provider', { action: 'CUSTOM', provider, rules: [{}] }, []],
  ['DENY without rules', { action: 'DENY' }, ['ADMIT458 spec.rules']],
  ['DENY with an empty list of rules', { action: 'DENY', rules: [] }, ['ADMIT458 spec.rules']],
  ['CUSTOM without rules', { action: 'CUSTOM', provider }, ['ADMIT458 spec.rules']],
  ['CUSTOM without a provider', { action: 'CUSTOM', rules: [{}] }, ['ADMIT459 spec.provider.name']],
  ['CUSTOM with a provider without a name', { action: 'CUSTOM', provider: { name: '' }, rules: [{}] }, ['ADMIT459 spec.provider.name']],
  ['a provider without CUSTOM', { provider, rules: [{}] }, ['ADMIT459 spec.provider']],
  ['a provider with DENY', { action: 'DENY', provider, rules: [{}] }, ['ADMIT459 spec.provider']],
])('checks an action: %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});

test.each([
  'namespaces', 'notNamespaces', 'serviceAccounts', 'notServiceAccounts', 'trustDomains', 'notTrustDomains',
  'principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals',
])('rejects %s with action CUSTOM', (field) => {
  const spec = { action: 'CUSTOM', provider, rules: [{ from: [{ source: { [field]: ['a'] } }] }] };
  expect(told(spec)).toEqual([`ADMIT460 spec.rules[0].from[0].source.${field}`]);
  expect(told({ rules: spec.rules })).toEqual([]);
});

test.each(['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal', 'request.auth.principal', 'request.auth.claims[iss]'])(
  'rejects a condition on %s with action CUSTOM', (key) => {
    const rules = [{ when: [{ key, values: ['a'] }] }];
    expect(told({ action: 'CUSTOM', provider, rules })).toEqual(['ADMIT460 spec.rules[0].when[0].key']);
    expect(told({ rules })).toEqual([]);
  });

test('accepts addresses and headers with action CUSTOM', () => {
  const rules = [{ from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }], when: [{ key: 'request.headers[x]', values: ['a'] }] }];
  expect(told({ action: 'CUSTOM', provider, rules })).toEqual([]);
});

const toldOfRule = (rule: object, action = 'ALLOW') => toldOf('AuthorizationPolicy', { action, rules: [rule] })
  .map((line) => line.replace('spec.rules[0].', ''));

test.each([
  ['an empty list of sources', { from: [] }, []],
  ['an empty list of operations', { to: [] }, []],
  ['an entry without source', { from: [{}] }, ['ADMIT461 from[0].source']],
  ['an empty source', { from: [{ source: {} }] }, ['ADMIT461 from[0].source']],
  ['a source of empty lists', { from: [{ source: { principals: [] } }] }, ['ADMIT461 from[0].source']],
  ['an entry without operation', { to: [{ operation: { ports: ['80'] } }, {}] }, ['ADMIT461 to[1].operation']],
  ['an empty operation', { to: [{ operation: {} }] }, ['ADMIT461 to[0].operation']],
])('checks a rule with %s', (_, rule, expected) => {
  expect(toldOfRule(rule)).toEqual(expected);
});

test.each(['principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals', 'namespaces', 'notNamespaces'])('rejects an empty string in %s', (field) => {
  expect(toldOfRule({ from: [{ source: { [field]: ['a', ''] } }] })).toEqual([`ADMIT463 from[0].source.${field}[1]`]);
});

test.each(['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'])('rejects an empty string in %s', (field) => {
  expect(toldOfRule({ to: [{ operation: { [field]: ['a', ''] } }] })).toEqual([`ADMIT463 to[0].operation.${field}[1]`]);
});

const addresses = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];
test.each(addresses)('accepts addresses and ranges in %s', (field) => {
  const good = ['1.2.3.4', '10.0.0.0/8', '0.0.0.0/0', '1.2.3.4/32', 'fd00::1/128', '::1', 'fd00::/8', '::ffff:1.2.3.4/120', 'fe80::1%eth0'];
  const bad = ['', 'a', '1.2.3', '01.2.3.4', '1.2.3.4/33', '1.2.3.4/08', '1.2.3.4/', 'fd00::/129', 'fe80::1%eth0/64', 'fe80::1%', '1::2::3', '%eth0'];
  expect(toldOfRule({ from: [{ source: { [field]: good } }] })).toEqual([]);
  bad.forEach((block) => expect([block, toldOfRule({ from: [{ source: { [field]: [block] } }] })]).toEqual([block, [`ADMIT454 from[0].source.${field}[0]`]]));
});

test.each(['serviceAccounts', 'notServiceAccounts'])('accepts service accounts in %s', (field) => {
  const good = ['a', 'prod/a', `n/${'y'.repeat(318)}`];
  const bad = ['', '*', 'n/*', '/a', 'n/', 'a/b/c', `n/${'y'.repeat(319)}`];
  expect(toldOfRule({ from: [{ source: { [field]: good } }] })).toEqual([]);
  bad.forEach((account) => expect(toldOfRule({ from: [{ source: { [field]: [account] } }] })).toEqual([`ADMIT464 from[0].source.${field}[0]`]));
  expect(toldOfRule({ from: [{ source: { [field]: Array(16).fill('a') } }] })).toEqual([]);
  expect(toldOfRule({ from: [{ source: { [field]: Array(17).fill('a') } }] })).toEqual([`ADMIT464 from[0].source.${field}`]);
});

test.each(['trustDomains', 'notTrustDomains'])('accepts trust domains in %s', (field) => {
  const bad = ['', 'a*b', '**', '*a*', 'a/b', '*/b'];
  expect(toldOfRule({ from: [{ source: { [field]: ['cluster.local', '*', '*.local', 'cluster.*'] } }] })).toEqual([]);
  bad.forEach((domain) => expect(toldOfRule({ from: [{ source: { [field]: [domain] } }] })).toEqual([`ADMIT463 from[0].source.${field}[0]`]));
});

test.each(['ports', 'notPorts'])('accepts ports in %s', (field) => {
  const bad = ['', '65536', '-1', '+80', ' 80', '80-90', 'http', '99999999999999999999'];
  expect(toldOfRule({ to: [{ operation: { [field]: ['0', '80', '080', '65535'] } }] })).toEqual([]);
  bad.forEach((port) => expect(toldOfRule({ to: [{ operation: { [field]: [port] } }] })).toEqual([`ADMIT453 to[0].operation.${field}[0]`]));
});

test.each(['paths', 'notPaths'])('accepts paths and templates in %s', (field) => {
  const good = ['/a', '/a/*', '*', '/a b', '/{*}', '{*}', '/{**}', '/{*}/{**}', '/{**}/a', '/{*}/a%20b', '//{*}//'];
  const bad = ['/{a}', '/a{*}', '/a}', '/{**}/{*}', '/{**}/{**}', '/{**}/a/{*}', '/{**}.html', '/{*}/a b', '/{*}/é', '/{*}//x'];
  expect(toldOfRule({ to: [{ operation: { [field]: good } }] })).toEqual([]);
  bad.forEach((path) => expect([path, toldOfRule({ to: [{ operation: { [field]: [path] } }] })]).toEqual([path, [`ADMIT465 to[0].operation.${field}[0]`]]));
});

const warned = (rule: object, action = 'DENY') => toldOf('AuthorizationPolicy', { action, rules: [rule] }).length > 0;
const from = (field: string) => ({ from: [{ source: { [field]: ['10.0.0.1'] } }] });
const to = (...fields: string[]) => ({ to: fields.map((field) => ({ operation: { [field]: ['80'] } })) });

test('names the rule in its objection', () => {
  expect(toldOf('AuthorizationPolicy', { action: 'DENY', rules: [{}, to('methods')] })).toEqual(['info ADMIT468 spec.rules[1]']);
});

test.each(['methods', 'notMethods', 'paths', 'notPaths', 'hosts', 'notHosts'])('warns about an operation of %s only', (field) => {
  expect(warned(to(field))).toBe(true);
  expect(warned(to(field), 'ALLOW')).toBe(false);
});

test.each(['ports', 'notPorts'])('doesn\'t warn about %s in any operation', (field) => {
  expect(warned(to('methods', field))).toBe(false);
});

test.each(['requestPrincipals', 'notRequestPrincipals', 'trustDomains', 'notTrustDomains'])('warns about a source of %s only', (field) => {
  expect(warned(from(field))).toBe(true);
  expect(warned({ ...from(field), ...to('ports') })).toBe(false);
});

test.each([
  'principals', 'notPrincipals', 'ipBlocks', 'notIpBlocks', 'namespaces', 'notNamespaces', 'remoteIpBlocks', 'notRemoteIpBlocks',
  'serviceAccounts', 'notServiceAccounts',
])('doesn\'t warn about %s, unless an operation is for HTTP only', (field) => {
  expect(warned(from(field))).toBe(false);
  expect(warned({ ...from(field), ...to('methods') })).toBe(true);
});

test('accepts an empty rule, an empty list and conditions', () => {
  expect([{}, { from: [], to: [] }, { when: [{ key: 'request.headers[a]', values: ['b'] }] }].filter((rule) => warned(rule))).toEqual([]);
});

test('takes an empty list as absent', () => {
  expect(warned({ from: [{ source: { requestPrincipals: ['a'], principals: [] } }] })).toBe(true);
});
