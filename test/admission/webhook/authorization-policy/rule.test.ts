import { toldOf } from '../../../support/webhook';

const told = (rule: object, action = 'ALLOW') => toldOf('AuthorizationPolicy', { action, rules: [rule] })
  .map((line) => line.replace('spec.rules[0].', ''));

test.each([
  ['no sources', { from: [] }, []],
  ['no operations', { to: [] }, []],
  ['an entry without source', { from: [{}] }, ['ADMIT461 from[0].source']],
  ['an empty source', { from: [{ source: {} }] }, ['ADMIT461 from[0].source']],
  ['a source of empty lists', { from: [{ source: { principals: [] } }] }, ['ADMIT461 from[0].source']],
  ['an entry without operation', { to: [{ operation: { ports: ['80'] } }, {}] }, ['ADMIT461 to[1].operation']],
  ['an empty operation', { to: [{ operation: {} }] }, ['ADMIT461 to[0].operation']],
])('judges a rule with %s', (_, rule, expected) => {
  expect(told(rule)).toEqual(expected);
});

test.each(['principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals', 'namespaces', 'notNamespaces'])('refuses an empty text in %s', (field) => {
  expect(told({ from: [{ source: { [field]: ['a', ''] } }] })).toEqual([`ADMIT463 from[0].source.${field}[1]`]);
});

test.each(['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'])('refuses an empty text in %s', (field) => {
  expect(told({ to: [{ operation: { [field]: ['a', ''] } }] })).toEqual([`ADMIT463 to[0].operation.${field}[1]`]);
});

const addresses = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];
test.each(addresses)('takes addresses and ranges in %s', (field) => {
  const good = ['1.2.3.4', '10.0.0.0/8', '0.0.0.0/0', '1.2.3.4/32', 'fd00::1/128', '::1', 'fd00::/8', '::ffff:1.2.3.4/120', 'fe80::1%eth0'];
  const bad = ['', 'a', '1.2.3', '01.2.3.4', '1.2.3.4/33', '1.2.3.4/08', '1.2.3.4/', 'fd00::/129', 'fe80::1%eth0/64', 'fe80::1%', '1::2::3', '%eth0'];
  expect(told({ from: [{ source: { [field]: good } }] })).toEqual([]);
  bad.forEach((block) => expect([block, told({ from: [{ source: { [field]: [block] } }] })]).toEqual([block, [`ADMIT454 from[0].source.${field}[0]`]]));
});

test.each(['serviceAccounts', 'notServiceAccounts'])('takes accounts in %s', (field) => {
  const good = ['a', 'prod/a', `n/${'y'.repeat(318)}`];
  const bad = ['', '*', 'n/*', '/a', 'n/', 'a/b/c', `n/${'y'.repeat(319)}`];
  expect(told({ from: [{ source: { [field]: good } }] })).toEqual([]);
  bad.forEach((account) => expect(told({ from: [{ source: { [field]: [account] } }] })).toEqual([`ADMIT464 from[0].source.${field}[0]`]));
  expect(told({ from: [{ source: { [field]: Array(16).fill('a') } }] })).toEqual([]);
  expect(told({ from: [{ source: { [field]: Array(17).fill('a') } }] })).toEqual([`ADMIT464 from[0].source.${field}`]);
});

test.each(['trustDomains', 'notTrustDomains'])('takes trust domains in %s', (field) => {
  const bad = ['', 'a*b', '**', '*a*', 'a/b', '*/b'];
  expect(told({ from: [{ source: { [field]: ['cluster.local', '*', '*.local', 'cluster.*'] } }] })).toEqual([]);
  bad.forEach((domain) => expect(told({ from: [{ source: { [field]: [domain] } }] })).toEqual([`ADMIT463 from[0].source.${field}[0]`]));
});

test.each(['ports', 'notPorts'])('takes ports in %s', (field) => {
  const bad = ['', '65536', '-1', '+80', ' 80', '80-90', 'http', '99999999999999999999'];
  expect(told({ to: [{ operation: { [field]: ['0', '80', '080', '65535'] } }] })).toEqual([]);
  bad.forEach((port) => expect(told({ to: [{ operation: { [field]: [port] } }] })).toEqual([`ADMIT453 to[0].operation.${field}[0]`]));
});

test.each(['paths', 'notPaths'])('takes paths and templates in %s', (field) => {
  const good = ['/a', '/a/*', '*', '/a b', '/{*}', '{*}', '/{**}', '/{*}/{**}', '/{**}/a', '/{*}/a%20b', '//{*}//'];
  const bad = ['/{a}', '/a{*}', '/a}', '/{**}/{*}', '/{**}/{**}', '/{**}/a/{*}', '/{**}.html', '/{*}/a b', '/{*}/é', '/{*}//x'];
  expect(told({ to: [{ operation: { [field]: good } }] })).toEqual([]);
  bad.forEach((path) => expect([path, told({ to: [{ operation: { [field]: [path] } }] })]).toEqual([path, [`ADMIT465 to[0].operation.${field}[0]`]]));
});
