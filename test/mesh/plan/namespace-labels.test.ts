import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { objectChanges } from '../../../src/mesh/compare/object-changes';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { unitsOf } from '../../../src/mesh/plan/change-unit';
import { NamespaceLabels } from '../../../src/mesh/plan/namespace-labels';
import { mesh, meshConfig, namespace } from '../../support/meshes/mesh';

const MESH = join(__dirname, '../../../src/mesh');

/** The files that read namespace labels, and what the plan compares instead. */
const READERS: Readonly<Record<string, string>> = {
  'workloads/workloads.ts': 'injection: pods are units of their own',
  'control-planes/control-plane.ts': 'discoverySelectors and serviceEntryVisibility',
  'workloads/networks.ts': 'the network of istiod\'s namespace',
};

test('lists all readers of namespace labels: another one would make states depend on labels that plans don\'t examine', () => {
  const files = readdirSync(MESH, { recursive: true, encoding: 'utf8' }).map((path) => path.split(sep).join('/')).filter((path) => path.endsWith('.ts'));
  const reading = (pattern: RegExp) => files.filter((path) => pattern.test(readFileSync(join(MESH, path), 'utf8'))).sort();
  expect(reading(/namespaces\.labelsOf\(/)).toEqual(Object.keys(READERS).sort());
  expect(readFileSync(join(MESH, 'control-planes', 'control-plane.ts'), 'utf8').match(/namespaces\.labelsOf\(/g)).toHaveLength(2);
  // `networks.ts` says which Namespace sets the network, after it has read its label; `expectations.ts` which ones ask for a revision.
  expect(reading(/\.of\(KIND\.Namespace\)/)).toEqual(['inventory/namespaces.ts', 'workloads/ambient.ts', 'workloads/networks.ts', 'worlds/expectations.ts']);
});

/** The readers of objects in discovered namespaces only, and their kinds. */
test('lists all kinds that depend on discoverySelectors: labels that change the discovered namespaces affect only these', () => {
  const source = readFileSync(join(MESH, 'control-planes', 'control-plane.ts'), 'utf8');
  const kinds = [...source.matchAll(/this\.seen\('(\w+)'\)/g)].map(([, kind]) => kind).sort();
  // Plus Gateway API routes, backend policies and plugins. Plans omit AuthorizationPolicies.
  expect(kinds).toEqual(['AuthorizationPolicy', 'DestinationRule', 'EnvoyFilter', 'PeerAuthentication', 'Sidecar', 'VirtualService']);
  expect(source.match(/this\.seen\(/g)).toHaveLength(9);
});

const SELECTORS = [{ matchLabels: { team: 'x' } }];
const NOT_IN = [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['y'] }] }];
const VISIBILITY = { applyToSidecars: true, policies: [{ visibility: 'NONE', matchingRules: [{ namespaceSelector: SELECTORS[0] }] }] };
const network = (name: string) => ({ 'topology.istio.io/network': name });

test.each<[string, boolean, any[], any[], any[]]>([
  ['none without a mesh config', false, [], [namespace('a')], [namespace('a', { team: 'x' })]],
  ['labels for injection', false, [], [namespace('a')], [namespace('a', { 'istio-injection': 'enabled' })]],
  ['a label that discoverySelectors select', true, [meshConfig({ discoverySelectors: SELECTORS })], [namespace('a')], [namespace('a', { team: 'x' })]],
  ['no label that discoverySelectors don\'t select', false, [meshConfig({ discoverySelectors: SELECTORS })], [namespace('a')], [namespace('a', { team: 'y' })]],
  ['a label that discoverySelectors exclude', true, [meshConfig({ discoverySelectors: NOT_IN })], [namespace('a')], [namespace('a', { team: 'y' })]],
  ['a namespace that is added', true, [meshConfig({ discoverySelectors: NOT_IN })], [], [namespace('a')]],
  ['a label that another revision\'s discoverySelectors select', true, [meshConfig({}), meshConfig({ discoverySelectors: SELECTORS }, 'istio-canary')], [namespace('a')], [namespace('a', { team: 'x' })]],
  ['a label that serviceEntryVisibility selects', true, [meshConfig({ serviceEntryVisibility: VISIBILITY })], [namespace('a')], [namespace('a', { team: 'x' })]],
  ['no network label of another namespace than istiod\'s', false, [], [namespace('a')], [namespace('a', network('n1'))]],
  ['the network label of istiod\'s namespace', true, [], [namespace('istio-system')], [namespace('istio-system', network('n1'))]],
  ['istiod\'s namespace if it is added', true, [], [], [namespace('istio-system')]],
  ['no other label of istiod\'s namespace', false, [], [namespace('istio-system')], [namespace('istio-system', { team: 'x' })]],
])('labels that matter in plans: %s: %s', (_, decides, fixed, former, latter) => {
  const before = mesh([...fixed, ...former]);
  const after = mesh([...fixed, ...latter]);
  const [{ units }] = unitsOf([{ before, after }], objectChanges(before.objects, Inventory.of([...fixed, ...latter], before.objects.readBy)));
  expect(units.map((unit) => new NamespaceLabels([before, after], units).decide(unit))).toEqual([decides]);
});

test('labels may decide anything while a mesh config changes', () => {
  const before = mesh([meshConfig({}), namespace('a')]);
  const objects = [meshConfig({ discoverySelectors: SELECTORS }), namespace('a', { team: 'z' })];
  const after = mesh(objects);
  const [{ units }] = unitsOf([{ before, after }], objectChanges(before.objects, Inventory.of(objects, before.objects.readBy)));
  const spaces = units.filter(({ object: { kind } }) => kind === 'Namespace');
  expect(spaces.map((unit) => new NamespaceLabels([before, after], units).decide(unit))).toEqual([true]);
});
