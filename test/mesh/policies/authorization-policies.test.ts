import { AuthorizationPolicy } from '../../../src/mesh/policies/authorization-policy';
import { authorizationPolicy, deployment, injected, mesh, meshConfig, namespace } from '../../support/meshes/mesh';

const forX = { selector: { matchLabels: { app: 'x' } } };
const POLICIES = [
  authorizationPolicy('a/all', {}),
  authorizationPolicy('a/empty', { selector: {} }),
  authorizationPolicy('a/x', { ...forX }),
  authorizationPolicy('b/x', { ...forX }),
  authorizationPolicy('root/x', { ...forX }),
  authorizationPolicy('root/all', { action: 'AUDIT' }),
  authorizationPolicy('a/target', { targetRef: { kind: 'Gateway', name: 'g' } }),
  authorizationPolicy('a/targets', { targetRefs: [{ kind: 'Service', name: 's' }] }),
  authorizationPolicy('a/dry', {}, { annotations: { 'istio.io/dry-run': 'true' } }),
  authorizationPolicy('a/wet', {}, { annotations: { 'istio.io/dry-run': 'yes' } }),
];
const ROOT = meshConfig({ rootNamespace: 'root' });

function policiesFor(workload: string, objects: unknown[], config: unknown = ROOT): string[] {
  const made = mesh([injected('a', 'b', 'root'), config, deployment(workload), objects]);
  return made.planes.default.authorization.of(made.workloads[0]).map(pathOf);
}

function pathOf({ object }: AuthorizationPolicy): string {
  return `${object.namespace}/${object.name}`;
}

test.each([
  ['a/x', ['root/all', 'root/x', 'a/all', 'a/empty', 'a/wet', 'a/x']],
  ['a/y', ['root/all', 'a/all', 'a/empty', 'a/wet']],
  ['b/x', ['root/all', 'root/x', 'b/x']],
  ['b/y', ['root/all']],
  ['root/x', ['root/all', 'root/x']],
])('the policies of %s: the root namespace selects everywhere, and all count', (workload, expected) => {
  expect(policiesFor(workload, POLICIES)).toEqual(expected);
});

test('without policies there are none, and the answer is remembered', () => {
  expect(policiesFor('a/x', [])).toEqual([]);
  const made = mesh([injected('a'), deployment('a/x'), POLICIES]);
  const { authorization } = made.planes.default;
  expect(authorization.of(made.workloads[0])).toBe(authorization.of(made.workloads[0]));
  expect(made.planes.default.authorization).toBe(authorization);
});

test('istiod doesn\'t read those of a namespace that it doesn\'t discover', () => {
  const config = meshConfig({ discoverySelectors: [{ matchLabels: { mesh: 'yes' } }] });
  const all = mesh([config, namespace('in', { mesh: 'yes' }), namespace('out'), authorizationPolicy('in/p', {}), authorizationPolicy('out/p', {})]);
  expect(all.planes.default.authorization.all.map(pathOf)).toEqual(['in/p']);
});

const rules = (...list: unknown[]) => ({ rules: list });
const from = (source: object) => ({ from: [{ source }] });
const NAMED = from({ principals: ['x'] });
const EXCLUDED = from({ notPrincipals: ['x'] });
const GET = { to: [{ operation: { methods: ['GET'] } }] };
const PORT = (port: string) => ({ to: [{ operation: { ports: [port] } }] });

test.each([
  ['nothing is said', [], 'all'],
  ['an audit only', [{ action: 'AUDIT', rules: [{}] }], 'all'],
  ['a provider decides', [{ action: 'CUSTOM', rules: [{}] }], 'all'],
  ['an ALLOW without rules', [{}], 'none'],
  ['an ALLOW of everything', [rules({})], 'all'],
  ['an ALLOW by name', [rules(NAMED)], 'none'],
  ['an ALLOW by exclusion', [rules(EXCLUDED)], 'all'],
  ['an ALLOW by method', [rules(GET)], 'some'],
  ['an ALLOW by token', [rules(from({ requestPrincipals: ['*'] }))], 'some'],
  ['an ALLOW by address, and one by name', [rules(from({ ipBlocks: ['10.0.0.1'] })), rules(NAMED)], 'some'],
  ['an ALLOW by name or of everything', [rules(NAMED, {})], 'all'],
  ['an ALLOW for the port', [rules(PORT('80'))], 'all'],
  ['an ALLOW for another port', [rules(PORT('81'))], 'none'],
  ['an ALLOW for the port in when', [rules({ when: [{ key: 'destination.port', values: ['80'] }] })], 'all'],
  ['an ALLOW for other ports in when', [rules({ when: [{ key: 'destination.port', notValues: ['80'] }] })], 'none'],
  ['an ALLOW for the SNI', [rules({ when: [{ key: 'connection.sni', values: ['x'] }] })], 'none'],
  ['an ALLOW by method here, and of all there', [rules({ to: [{ operation: { methods: ['GET'] } }, { operation: { ports: ['81'] } }] })], 'some'],
  ['an ALLOW by method here, and of everything too', [rules({ to: [{ operation: { methods: ['GET'] } }, { operation: { ports: ['80'] } }] })], 'all'],
  ['a DENY by name', [{ action: 'DENY', ...rules(NAMED) }], 'all'],
  ['a DENY by exclusion', [{ action: 'DENY', ...rules(EXCLUDED) }], 'none'],
  ['a DENY by exclusion, for some requests', [{ action: 'DENY', ...rules({ ...EXCLUDED, ...GET }) }], 'all'],
  ['a DENY by exclusion, for another port', [{ action: 'DENY', ...rules({ ...EXCLUDED, to: [{ operation: { notPorts: ['80'] } }] }) }], 'all'],
  ['a DENY of everything before an ALLOW of everything', [{ action: 'DENY', rules: [{}] }, rules({})], 'none'],
])('of plaintext passes, where %s: %3$s', (_, specs, expected) => {
  const made = mesh([injected('a'), deployment('a/x'), specs.map((spec, index) => authorizationPolicy(`a/p${index}`, spec))]);
  expect(made.planes.default.authorization.plaintextAt(made.workloads[0], 80)).toBe(expected);
});
