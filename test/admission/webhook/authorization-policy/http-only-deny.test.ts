import { toldOf } from '../../../support/webhook';

const warned = (rule: object, action = 'DENY') => toldOf('AuthorizationPolicy', { action, rules: [rule] }).length > 0;
const from = (field: string) => ({ from: [{ source: { [field]: ['10.0.0.1'] } }] });
const to = (...fields: string[]) => ({ to: fields.map((field) => ({ operation: { [field]: ['80'] } })) });

test('names the rule', () => {
  expect(toldOf('AuthorizationPolicy', { action: 'DENY', rules: [{}, to('methods')] })).toEqual(['info ADMIT468 spec.rules[1]']);
});

test.each(['methods', 'notMethods', 'paths', 'notPaths', 'hosts', 'notHosts'])('tells of %s alone', (field) => {
  expect(warned(to(field))).toBe(true);
  expect(warned(to(field), 'ALLOW')).toBe(false);
});

test.each(['ports', 'notPorts'])('is content with %s in any operation', (field) => {
  expect(warned(to('methods', field))).toBe(false);
});

test.each(['requestPrincipals', 'notRequestPrincipals', 'trustDomains', 'notTrustDomains'])('tells of %s alone', (field) => {
  expect(warned(from(field))).toBe(true);
  expect(warned({ ...from(field), ...to('ports') })).toBe(false);
});

test.each([
  'principals', 'notPrincipals', 'ipBlocks', 'notIpBlocks', 'namespaces', 'notNamespaces', 'remoteIpBlocks', 'notRemoteIpBlocks',
  'serviceAccounts', 'notServiceAccounts',
])('is content with %s, unless an operation is HTTP only', (field) => {
  expect(warned(from(field))).toBe(false);
  expect(warned({ ...from(field), ...to('methods') })).toBe(true);
});

test('has nothing against an empty rule, an empty list, or conditions', () => {
  expect([{}, { from: [], to: [] }, { when: [{ key: 'request.headers[a]', values: ['b'] }] }].filter((rule) => warned(rule))).toEqual([]);
});

test('counts an empty list as none', () => {
  expect(warned({ from: [{ source: { requestPrincipals: ['a'], principals: [] } }] })).toBe(true);
});
