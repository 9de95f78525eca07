import { clausesOf, RuleProtocol } from '../../../src/mesh/authorization/normal-form';
import { plaintextAt, scopeAt } from '../../../src/mesh/authorization/open';
import { readAuthorizationPolicy } from '../../../src/mesh/authorization/policy';
import { readObject } from '../../../src/mesh/inventory/object';
import { authorizationPolicy, deployment, injected, mesh } from '../../support/meshes/mesh';

const rules = (...list: unknown[]) => ({ rules: list });
const from = (source: object) => ({ from: [{ source }] });
const NAMED = from({ principals: ['x'] });
const EXCLUDED = from({ notPrincipals: ['x'] });
const GET = { to: [{ operation: { methods: ['GET'] } }] };
const PORT = (port: string) => ({ to: [{ operation: { ports: [port] } }] });

function plaintext(specs: readonly object[], protocol: RuleProtocol): string {
  const made = mesh([injected('a'), deployment('a/x'), specs.map((spec, index) => authorizationPolicy(`a/p${index}`, spec))]);
  const { authorization } = made.planes.default;
  const extent = plaintextAt(authorization, made.workloads[0], 80, protocol);
  expect(plaintextAt(authorization, made.workloads[0], 80, protocol)).toBe(extent);
  return extent;
}

test.each([
  ['no policy', [], 'all'],
  ['an AUDIT policy', [{ action: 'AUDIT', rules: [{}] }], 'all'],
  ['a CUSTOM policy', [{ action: 'CUSTOM', rules: [{}] }], 'all'],
  ['an ALLOW without rules', [{}], 'none'],
  ['an ALLOW of everything', [rules({})], 'all'],
  ['an ALLOW of a principal', [rules(NAMED)], 'none'],
  ['an ALLOW of all other principals', [rules(EXCLUDED)], 'all'],
  ['an ALLOW of a method', [rules(GET)], 'some'],
  ['an ALLOW of a request principal', [rules(from({ requestPrincipals: ['*'] }))], 'some'],
  ['an ALLOW of an address beside an ALLOW of a principal', [rules(from({ ipBlocks: ['10.0.0.1'] })), rules(NAMED)], 'some'],
  ['an ALLOW of a principal or everything', [rules(NAMED, {})], 'all'],
  ['an ALLOW of the port', [rules(PORT('80'))], 'all'],
  ['an ALLOW of another port', [rules(PORT('81'))], 'none'],
  ['an ALLOW with the port in when', [rules({ when: [{ key: 'destination.port', values: ['80'] }] })], 'all'],
  ['an ALLOW with other ports in when', [rules({ when: [{ key: 'destination.port', notValues: ['80'] }] })], 'none'],
  ['an ALLOW of an SNI', [rules({ when: [{ key: 'connection.sni', values: ['x'] }] })], 'none'],
  ['an ALLOW of a method, or of anything on another port', [rules({ to: [{ operation: { methods: ['GET'] } }, { operation: { ports: ['81'] } }] })], 'some'],
  ['an ALLOW of a method, or of anything on the port', [rules({ to: [{ operation: { methods: ['GET'] } }, { operation: { ports: ['80'] } }] })], 'all'],
  ['a DENY of a principal', [{ action: 'DENY', ...rules(NAMED) }], 'all'],
  ['a DENY of all other principals', [{ action: 'DENY', ...rules(EXCLUDED) }], 'none'],
  ['a DENY of some requests of all other principals', [{ action: 'DENY', ...rules({ ...EXCLUDED, ...GET }) }], 'all'],
  ['a DENY of all other principals on another port', [{ action: 'DENY', ...rules({ ...EXCLUDED, to: [{ operation: { notPorts: ['80'] } }] }) }], 'all'],
  ['a DENY of everything beside an ALLOW of everything', [{ action: 'DENY', rules: [{}] }, rules({})], 'none'],
  ['an ALLOW beside a path template that Envoy rejects', [rules({}, { to: [{ operation: { paths: ['a/{*}'] } }] })], 'some'],
])('which plaintext requests pass with %s', (_, specs, expected) => {
  expect(plaintext(specs, 'HTTP')).toBe(expected);
});

test.each([
  ['an ALLOW of a method', [rules(GET)], 'none'],
  ['an ALLOW of a method, and one of everything', [rules(GET), rules({})], 'all'],
  ['an ALLOW of an address', [rules(from({ ipBlocks: ['10.0.0.1'] }))], 'some'],
  ['a DENY of a method', [{ action: 'DENY', ...rules(GET) }], 'none'],
  ['a DENY of a method of a principal', [{ action: 'DENY', ...rules({ ...NAMED, ...GET }) }], 'all'],
  ['a DENY of some requests of all other principals', [{ action: 'DENY', ...rules({ ...EXCLUDED, ...GET }) }], 'none'],
])('which plaintext TCP connections pass with %s', (_, specs, expected) => {
  expect(plaintext(specs, 'TCP')).toBe(expected);
});

function scope(rule: unknown, protocol: RuleProtocol = 'HTTP'): string {
  const policy = readAuthorizationPolicy(readObject(authorizationPolicy('a/p', { action: 'DENY', rules: [rule] }))!);
  const [clause] = clausesOf(policy, protocol);
  const found = scopeAt(clause, 80, protocol);
  expect(scopeAt(clause, 80, protocol)).toBe(found);
  return found;
}

test.each([
  [{}, 'all'],
  [{ to: [] }, 'all'],
  [{ to: [{ operation: { ports: ['80'] } }] }, 'all'],
  [{ to: [{ operation: { ports: ['81'] } }] }, 'none'],
  [{ to: [{ operation: { ports: ['81'] } }, { operation: { paths: ['/'] } }] }, 'some'],
  [{ to: [{ operation: { ports: ['80'] } }, { operation: { paths: ['/'] } }] }, 'all'],
  [{ to: [{ operation: { notPorts: ['80'] } }] }, 'none'],
  [{ to: [{ operation: { notPaths: ['/'] } }] }, 'some'],
  [{ to: [{ operation: { methods: ['*'] } }] }, 'all'],
  [{ to: [{ operation: { notMethods: ['*'] } }] }, 'none'],
  [{ when: [{ key: 'destination.port', values: ['80'] }] }, 'all'],
  [{ when: [{ key: 'destination.port', values: ['81'] }] }, 'none'],
  [{ when: [{ key: 'request.headers[x]', values: ['1'] }] }, 'all'],
  [{ from: [{ source: { principals: ['x'] } }] }, 'all'],
])('the rule %j matches of the requests to port 80: %s', (rule, expected) => {
  expect(scope(rule)).toBe(expected);
});

test.each(['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'])('%s of an operation match some requests, and all TCP connections', (list) => {
  const rule = { to: [{ operation: { [list]: ['x'] } }] };
  expect([scope(rule), scope(rule, 'TCP')]).toEqual(['some', 'all']);
});
