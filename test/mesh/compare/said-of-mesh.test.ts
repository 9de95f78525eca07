import { gatewayOf } from '../../../conformance/generators/networks';
import { connectionChanges } from '../../../src/mesh/compare/connection-changes';
import { diffOf } from '../../../src/mesh/compare/diff';
import { inventoryChange, objectChanges, objectOf } from '../../../src/mesh/compare/object-changes';
import { saidOfMesh } from '../../../src/mesh/compare/said-of-mesh';
import { KIND } from '../../../src/mesh/inventory/kinds';
import { objectText } from '../../../src/mesh/inventory/object';
import { planOf } from '../../../src/mesh/plan/plan';
import { deployment, injected, mesh, service } from '../../support/meshes/mesh';

/** Pods on a network that the manifests don't tell: its injector has it from istiod's Namespace. */
const SHOP = [
  injected('shop'), deployment('shop/client'), deployment('shop/web', { ports: [{ containerPort: 80 }] }), service('shop/web', ['http:80']),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
    data: { values: JSON.stringify({ global: { network: '' } }) },
  },
].flat();
/** One that has nothing to say of other proxies. */
const PLAIN = gatewayOf('');
const WAYPOINT = { ...PLAIN, spec: { gatewayClassName: 'istio-waypoint' } };
const NETWORK = gatewayOf('n1');

test.each<[string, object, string]>([
  ['leads to a network', NETWORK, 'n1'], ['is a waypoint', WAYPOINT, 'ambient'], ['says nothing of other proxies', PLAIN, ''],
])('a Gateway that %s', (_, gateway, said) => {
  expect(saidOfMesh(mesh([gateway]).objects.of(KIND.GatewayApiGateway)[0])).toBe(said);
});

test('a missing one says nothing', () => {
  expect(saidOfMesh(undefined)).toBe('');
});

const diffBetween = (before: readonly object[], after: readonly object[]) => diffOf(mesh([...SHOP, ...before]), [...SHOP, ...after]);

test.each<[string, readonly object[], readonly object[], readonly [string, string]]>([
  ['comes', [PLAIN], [NETWORK], ['mtls', 'undecided']], ['goes', [NETWORK], [], ['undecided', 'mtls']],
])('a network that %s with a Gateway changes calls, and the diff and the plan say so', (_, before, after, [from, to]) => {
  const { groups, unjudged, unread } = diffBetween(before, after);
  expect(groups.map((group) => [group.from, group.to, group.causes.map((one) => objectText(objectOf(one)))])).toContainEqual([from, to, ['Gateway istio-system/eastwest']]);
  expect([unjudged, unread]).toEqual([[], []]);
  const { units, atOnce } = planOf(mesh([...SHOP, ...before]), [...SHOP, ...after]);
  expect([units.map(({ object }) => objectText(object)), atOnce.verdict]).toEqual([['Gateway istio-system/eastwest'], 'unproven']);
});

test('a Gateway that says nothing of other proxies isn\'t judged', () => {
  const { groups, unjudged, unread, unknownEffects } = diffBetween([], [PLAIN]);
  expect([groups, unjudged.map((one) => objectText(objectOf(one))), unread, unknownEffects]).toEqual([[], ['Gateway istio-system/eastwest'], [], []]);
  const { units, others } = planOf(mesh(SHOP), [...SHOP, PLAIN]);
  expect([units, others.map((one) => objectText(objectOf(one)))]).toEqual([[], ['Gateway istio-system/eastwest']]);
});

test('a waypoint may concern calls that aren\'t decided', () => {
  const bare = [deployment('bare/web', { ports: [{ containerPort: 80 }] }), service('bare/web', ['http:80']), injected('shop'), deployment('shop/client')].flat();
  const { unknownEffects } = diffOf(mesh(bare), [...bare, WAYPOINT]);
  expect(unknownEffects.map(({ object }) => objectText(objectOf(object)))).toEqual(['Gateway istio-system/eastwest']);
});

test('the state that changes make is the state that is read anew', () => {
  const states = [[], [PLAIN], [NETWORK], [WAYPOINT]];
  for (const before of states) {
    for (const after of states) {
      const [from, to] = [mesh([...SHOP, ...before]), mesh([...SHOP, ...after])];
      const made = from.with(...objectChanges(from.objects, to.objects).map(inventoryChange));
      expect(connectionChanges(made, to).changes).toEqual([]);
    }
  }
});
