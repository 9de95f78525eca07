import { AuthorizationPolicy } from '../../../src/mesh/authorization/policy';
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
])('the policies of workload %s are those of its namespace and of the root namespace that select it', (workload, expected) => {
  expect(policiesFor(workload, POLICIES)).toEqual(expected);
});

test('returns no policies for a mesh without any, and caches the result by workload', () => {
  expect(policiesFor('a/x', [])).toEqual([]);
  const made = mesh([injected('a'), deployment('a/x'), POLICIES]);
  const { authorization } = made.planes.default;
  expect(authorization.of(made.workloads[0])).toBe(authorization.of(made.workloads[0]));
  expect(made.planes.default.authorization).toBe(authorization);
});

test('ignores policies in namespaces that discoverySelectors exclude', () => {
  const config = meshConfig({ discoverySelectors: [{ matchLabels: { mesh: 'yes' } }] });
  const all = mesh([config, namespace('in', { mesh: 'yes' }), namespace('out'), authorizationPolicy('in/p', {}), authorizationPolicy('out/p', {})]);
  expect(all.planes.default.authorization.all.map(pathOf)).toEqual(['in/p']);
});

test('trust domains come from trustDomain and trustDomainAliases, without duplicates', () => {
  const made = mesh([meshConfig({ trustDomain: 'new', trustDomainAliases: ['old', 'new'] })]);
  expect(made.planes.default.authorization.trustDomains).toEqual(['new', 'old']);
});
