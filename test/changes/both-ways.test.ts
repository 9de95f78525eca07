import { ComparisonBothWays, diffBothWays } from '../../src/changes/both-ways';
import { reportedChanges } from '../../src/changes/diff-report';
import { ReportedObjects } from '../../src/changes/object-changes';
import { conditionText, MissingInjection } from '../../src/findings/condition';
import { diffOf, MeshComparison } from '../../src/mesh/compare/diff';
import { Mesh } from '../../src/mesh/mesh';
import { assumed, factKey } from '../../src/mesh/workloads/missing-injection';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, sidecar, tls, virtualService } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { randomChanges } from '../support/random/random-changes';

const { seed, count } = casesOf('comparisons');

const SHOP = [deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', ['http:9080'])];
const strict = peerAuthentication('shop/default', mode('STRICT'));
const plain = destinationRule('shop/ratings', { host: 'ratings', ...tls('DISABLE') });
const mutual = destinationRule('shop/ratings', { host: 'ratings', ...tls('ISTIO_MUTUAL') });
const teller = deployment('bank/teller');

function compared(before: unknown[], after: unknown[]): ComparisonBothWays {
  return diffBothWays(mesh(before), after.flat(3));
}

/** The groups, such as `1 mtls → broken if shop has sidecars`, and the gates of each. */
function told(found: ComparisonBothWays): readonly string[] {
  return reportedChanges(found, new ReportedObjects()).groups.map(({ connections, from, to, if: conditions, gates }) => (
    [`${connections} ${from ?? 'new'} → ${to ?? 'gone'}`, ...conditions ? [conditionText(conditions)] : [], ...gates].join(' ')));
}

test.each<[string, unknown[], unknown[], readonly string[]]>([
  ['in one case', [SHOP, strict], [SHOP, strict, plain], ['1 mtls → broken if shop has sidecars new-broken']],
  ['in every case', [injected('shop'), SHOP, teller], [injected('shop'), SHOP, teller, strict], ['1 plaintext → broken if bank has none new-broken']],
  ['by the facts of each connection\'s own ends', [SHOP, strict, teller], [SHOP, strict, teller, plain], [
    '1 mtls → broken if shop has sidecars new-broken', '1 mtls → broken if bank and shop have sidecars new-broken',
  ]],
  ['where a client has a sidecar and its server none', [SHOP, teller], [SHOP, teller, mutual], ['1 plaintext → broken if bank has sidecars and shop has none new-broken']],
  ['with no gate, if it needs an expected sidecar to be missing', [SHOP, teller, strict], [SHOP, teller, strict, mutual], ['1 plaintext → broken if bank has sidecars and shop has none']],
  ['for an object that expects sidecars itself', [SHOP, teller], [SHOP, teller, sidecar('shop/default', {}), mutual], ['1 plaintext → broken if bank has sidecars and shop has none']],
  ['if a Namespace joins', [SHOP], [SHOP, injected('shop')], ['1 plaintext → mtls if shop has none']],
  ['as undecided, if a Namespace is left out', [injected('shop'), SHOP], [SHOP], ['1 mtls → undecided new-undecided unknown-effect']],
  ['of a route whose destination has a sidecar in one case', [SHOP, deployment('pay/ratings'), service('pay/ratings', ['http:9080']), injected('shop')], [
    SHOP, deployment('pay/ratings'), service('pay/ratings', ['http:9080']), injected('shop'),
    virtualService('shop/ratings', { hosts: ['ratings'], http: [{ route: [{ destination: { host: 'ratings.pay.svc.cluster.local' } }] }] }),
  ], []],
])('connections change %s', (_, before, after, expected) => {
  const found = told(compared(before, after));
  if (expected.length > 0) expect(found).toEqual(expected);
  else expect(found.filter((text) => text.includes('if pay has')).length).toBeGreaterThan(0);
});

test('ports change by the facts of their server', () => {
  const { acceptances } = reportedChanges(compared([SHOP], [SHOP, strict]), new ReportedObjects());
  expect(acceptances.map(({ from, to, if: conditions }) => `${from} → ${to} ${conditionText(conditions!)}`)).toEqual(
    acceptances.map(() => 'PERMISSIVE → STRICT if shop has sidecars'));
  expect(acceptances.length).toBeGreaterThan(0);
});

test('an object is without effect if it is in every case, and has an unknown one if some connection is undecided in a case', () => {
  const idle = destinationRule('shop/idle', { host: 'nowhere.example.com' });
  expect(compared([SHOP], [SHOP, idle])).toMatchObject({ groups: [], unknownEffects: [], withoutEffect: [{ after: { name: 'idle' } }] });
  const [ambient, mutualToAll] = [namespace('bank', { 'istio.io/dataplane-mode': 'ambient' }), destinationRule('shop/all', { host: '*.local', ...tls('ISTIO_MUTUAL') })];
  const found = compared([SHOP, ambient, teller, service('bank/teller', ['http:80'])], [SHOP, ambient, teller, service('bank/teller', ['http:80']), mutualToAll]);
  expect(found.unknownEffects).toMatchObject([{ object: { after: { name: 'all' } } }]);
});

test('a mesh compared with itself changes in no case, and a known one is compared once', () => {
  expect(compared([SHOP, strict, teller], [SHOP, strict, teller])).toMatchObject({ groups: [], acceptances: [], unknownEffects: [], objects: [] });
  expect(compared([injected('shop'), SHOP], [injected('shop'), SHOP, plain])).not.toHaveProperty('missing');
});

test('connections that depend on values that no case has make the effect unknown', () => {
  const spaces = Array.from({ length: 130 }, (_, index) => `n${index}`);
  const objects = [deployment('n0/client'), spaces.slice(1).map((space) => deployment(`${space}/server`)), service('n1/server', ['http:80'])];
  const found = compared(objects, [objects, destinationRule('n1/server', { host: 'server', ...tls('ISTIO_MUTUAL') })]);
  expect(found.unknownEffects).toMatchObject([{ object: { after: { name: 'server' } } }]);
});

/** How many connections changed, by what they were and are. */
function countsOf(groups: MeshComparison['groups']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind, from, to, count: connections } of groups) counts[`${kind} ${from} ${to}`] = (counts[`${kind} ${from} ${to}`] ?? 0) + connections;
  return counts;
}

/** Half of the Namespaces of both states are missing. */
const partly = (objects: readonly any[], number: number): any[] => (
  objects.filter(({ kind, metadata: { name } }) => kind !== 'Namespace' || (name.charCodeAt(0) + number) % 2 === 0));

test('in each case, as many connections change as with all facts stated', () => {
  let cases = 0;
  for (const [number, { id, before, after }] of randomChanges(seed + 6, count(40)).entries()) {
    const former = mesh(partly(before, number));
    const latter = partly(after, number);
    const found = diffBothWays(former, latter);
    const facts = found.missing ?? [];
    // Of three facts, not all combinations are judged.
    if (facts.length === 0 || facts.length > 2) continue;
    const all = facts.reduce<readonly (readonly MissingInjection[])[]>((sets, fact) => sets.flatMap((set) => [set, [...set, fact]]), [[]]);
    for (const holding of all) {
      const keys = new Set(holding.map(factKey));
      const stated: Mesh = former.given({ assumed: assumed(facts, (index) => keys.has(factKey(facts[index]))) });
      const there = found.groups.filter(({ if: conditions = [] }) => conditions.every((one) => keys.has(factKey(one)) === one.holds));
      expect([id, [...keys], countsOf(there)]).toEqual([id, [...keys], countsOf(diffOf(stated, latter).groups)]);
      cases += 1;
    }
  }
  expect(cases).toBeGreaterThan(0);
});
