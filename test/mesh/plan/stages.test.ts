import { objectChanges } from '../../../src/mesh/compare/object-changes';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { Mesh } from '../../../src/mesh/mesh';
import { AffectedCallsIndex } from '../../../src/mesh/plan/affected-calls';
import { bridged } from '../../../src/mesh/plan/bridges';
import { ChangeUnit, unitsOf } from '../../../src/mesh/plan/change-unit';
import { planOf } from '../../../src/mesh/plan/plan';
import { StageCheck } from '../../../src/mesh/plan/stage-check';
import { Versions } from '../../../src/mesh/plan/stage-states';
import { ChangePlan } from '../../../src/mesh/plan/stages';
import { Presence, presences } from '../../../src/mesh/plan/states';
import { deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, tls } from '../../support/meshes/mesh';
import { meshIn, MixedStates } from '../../support/meshes/mixed-states';
import { fallenIn, stagesOf } from '../../support/meshes/stages-tried';
import { casesOf } from '../../support/random/cases';
import { namespaceChanges } from '../../support/random/namespace-changes';
import { migrationsWithoutAutoMtls, RandomChange, randomChanges, simpleChanges, withPortEntries } from '../../support/random/random-changes';

/** How many states are looked at to see that no order is safe. */
const FEW_STATES = 400;

const { seed, count } = casesOf('plans-in-process');

const PODS = [deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] })];
const SHOP = [...injected('shop'), ...PODS, service('shop/ratings', ['http:9080'])];
const written = (id: string, before: any[], after: any[]): RandomChange => JSON.parse(JSON.stringify({ id, before, after }));
const modes = (id: string, from: string, to: string) =>
  written(id, [...SHOP, peerAuthentication('shop/default', mode(from))], [...SHOP, peerAuthentication('shop/default', mode(to))]);

/** Two namespaces; istiod discovers those of team x. */
const TEAMS = [
  meshConfig({ discoverySelectors: [{ matchLabels: { team: 'x' } }] }), namespace('a', { 'istio-injection': 'enabled', 'team': 'x' }),
  deployment('a/client'), deployment('b/server', { ports: [{ containerPort: 80 }] }), service('b/server', ['http:80']),
];
const ofX = (space: string) => namespace(space, { 'istio-injection': 'enabled', 'team': 'x' });
const ANOTHER = [
  meshConfig({ discoverySelectors: [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['y'] }] }] }), ofX('b'), ofX('c'), service('c/server', ['http:80']),
  deployment('a/server', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'true' } }), deployment('b/server'), deployment('c/server', { ports: [{ containerPort: 80 }] }),
];
const ofTeam = (team: string) => namespace('b', { 'istio-injection': 'enabled', team });

/** A ServiceEntry that all see if its namespace is of team x. */
const VISIBILITY = { applyToSidecars: true, defaultVisibility: 'NAMESPACE', policies: [{ visibility: 'PUBLIC', matchingRules: [{ namespaceSelector: { matchLabels: { team: 'x' } } }] }] };
const SHARED = [
  meshConfig({ serviceEntryVisibility: VISIBILITY }), ...injected('a'), deployment('a/client'), deployment('b/server', { ports: [{ containerPort: 80 }] }),
  peerAuthentication('b/default', mode('STRICT')), serviceEntry('b/shared', {
    hosts: ['server.example'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { app: 'server' } },
  }),
];

/** A machine on the network of istiod's namespace, and sidecars that call it. */
const machine = (annotations: object) => [...injected('a'), deployment('a/client', { annotations }), serviceEntry('a/machine', {
  hosts: ['machine.example'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], endpoints: [{ address: '10.0.0.9' }],
})];

const ON_N1 = { 'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { ISTIO_META_NETWORK: 'n1' } }) };

/** A StatefulSet whose pods call each other by their Service; without a client, and with one. */
const PEERS_ALONE = [...injected('shop'), { ...deployment('shop/db', { ports: [{ containerPort: 80 }] }), kind: 'StatefulSet' }, service('shop/db', ['http:80'])];
const PEERS = [...PEERS_ALONE, deployment('shop/web')];

/** Two istiods, one of which selects no pods by ServiceEntries. The first pod's istiod is used for both, so calls of the other aren't decided. */
const istiod = (name: string, labels: object, env: object[]) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'istio-system', name, labels }, spec: { template: { metadata: { labels: { app: 'istiod' } }, spec: { containers: [{ name: 'discovery', env }] } } },
});
const ISTIODS = [
  istiod('istiod', {}, [{ name: 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', value: 'false' }]), istiod('istiod-canary', { 'istio.io/rev': 'canary' }, []),
  namespace('a'), ...injected('b'), namespace('z', { 'istio.io/rev': 'canary' }), deployment('b/pod'), deployment('z/client'), deployment('z/server', { ports: [{ containerPort: 80 }] }), service('z/server', ['http:80']),
];
const CANARY = { 'istio.io/rev': 'canary' };
const firstPods = (one: object, two: object) => [deployment('a/one', { labels: { app: 'one', ...one } }), deployment('a/two', { labels: { app: 'two', ...two } })];

/** One client sends plaintext under a rule of its namespace; its pods and others' are replaced meanwhile. */
const CLIENTS = ['a', 'b', 'c', 'd'];
const restarted = (on: string) => CLIENTS.map((space) => deployment(`${space}/client`, { labels: { app: 'client', on } }));
const ownRule = destinationRule('c/own', { host: 'ratings.shop.svc.cluster.local', exportTo: ['.'], ...tls('DISABLE') });

/** A change of each sort. */
const WRITTEN = [
  modes('safe', 'PERMISSIVE', 'STRICT'),
  modes('staged', 'DISABLE', 'STRICT'),
  written('restarting', [namespace('shop'), ...PODS], [...injected('shop'), ...PODS]),
  written('stuck', SHOP, [...injected('shop'), ...PODS, service('shop/ratings', ['tcp:9080'])]),
  written('stuck beside a restart', [...SHOP, namespace('bank'), deployment('bank/teller')], [...injected('shop', 'bank'), ...PODS, service('shop/ratings', ['tcp:9080']), deployment('bank/teller')]),
];

/** Changes whose stages depend on labels of namespaces, or on one client that is unlike the others; with how many stages they take. */
const TELLING: readonly (readonly [RandomChange, 'safe' | 'unproven', number])[] = [
  [written('discovered', [...TEAMS, ofTeam('y')], [...TEAMS, ofTeam('x'), peerAuthentication('b/default', mode('STRICT'))]), 'safe', 2],
  [written('undiscovered', [...ANOTHER, namespace('a', { 'istio-injection': 'enabled', 'team': 'y' })], [...ANOTHER, peerAuthentication('c/default', mode('DISABLE'))]), 'unproven', 3],
  [written('visible', [...SHARED, ofTeam('x')], [...SHARED, ofTeam('y'), destinationRule('a/plain', { host: 'server.example', ...tls('DISABLE') })]), 'safe', 2],
  [written('network', [...machine({}), namespace('istio-system')], [...machine(ON_N1), namespace('istio-system', { 'topology.istio.io/network': 'n1' })]), 'safe', 2],
  [
    written('own rule', [...SHOP, ...injected(...CLIENTS), ...restarted('one'), ownRule], [...SHOP, ...injected(...CLIENTS), ...restarted('two'), peerAuthentication('shop/default', mode('STRICT'))]),
    'safe', 2,
  ],
  [written('own server', [...PEERS, peerAuthentication('shop/default', mode('DISABLE'))], [...PEERS, peerAuthentication('shop/default', mode('STRICT'))]), 'safe', 4],
  [written('peers alone', [...PEERS_ALONE, peerAuthentication('shop/default', mode('DISABLE'))], [...PEERS_ALONE, peerAuthentication('shop/default', mode('STRICT'))]), 'safe', 4],
  [written('first istiod', [...ISTIODS, ...firstPods(CANARY, {})], [...ISTIODS, ...firstPods({}, CANARY)]), 'safe', 2],
];
const DRAWN = [
  ...simpleChanges(seed, count(110)), ...randomChanges(seed, count(24)), ...withPortEntries(simpleChanges(seed + 1, count(60))),
  ...namespaceChanges(seed, count(60)),
];
const PLANS = [...WRITTEN, ...TELLING.map(([change]) => change), ...DRAWN].map((change) => ({ change, plan: planned(change) }));

/** Ways to STRICT without auto mTLS. */
const MIGRATIONS = migrationsWithoutAutoMtls([{ id: 'shop', before: SHOP, after: [] }, ...simpleChanges(seed + 2, count(33)), ...randomChanges(seed + 2, count(5))])
  .flatMap(({ id, way, migration: { plan, autoMtls } }) => (plan && autoMtls ? [{ change: { id }, way, plan }] : []));

function planned({ before, after }: RandomChange): ChangePlan {
  return planOf(mesh(before), after);
}

test('the written changes include all kinds', () => {
  const [safe, staged, restarting, stuck] = PLANS.map(({ plan }) => plan);
  expect([safe, staged, stuck].map(({ atOnce }) => atOnce.verdict)).toEqual(['safe', 'unsafe', 'unsafe']);
  expect([safe, staged, stuck].map(({ stages }) => stages?.length)).toEqual([1, 4, undefined]);
  expect(restarting.units.some(({ versions: [{ pods }] }) => pods !== undefined)).toBe(true);
});

test.each(TELLING.map(([{ id }, ...expected]) => [id, ...expected] as const))('namespace labels and differing clients: %s', (id, verdict, stages) => {
  const { plan } = PLANS.find(({ change }) => change.id === id)!;
  expect([plan.stages?.map((stage) => stage.verdict)]).toEqual([Array(stages).fill(verdict)]);
});

test('written meshes without auto mTLS reach STRICT, by the mesh config and by rules', () => {
  expect(MIGRATIONS.slice(0, 2).map(({ way, plan: { stages } }) => [way, stages!.length > 1])).toEqual([['config', true], ['rules', true]]);
});

test('no call falls below its minimum protection in any stage, whichever changes proxies have received, in any order', () => {
  for (const { change: { id }, plan } of [...PLANS, ...MIGRATIONS]) {
    expect(fallenIn(id, plan)).toEqual([]);
  }
});

test('a plan ends in the state after the change', () => {
  for (const { change: { id }, plan } of [...PLANS, ...MIGRATIONS]) {
    const { units, stages = [] } = plan;
    if (!plan.stages) continue;
    const versions = units.map((_, unit) => stages.flatMap(({ moves }) => moves).filter((move) => move.unit === unit).at(-1)?.to ?? 0);
    expect({ id, versions }).toEqual({ id, versions: units.map(({ goal }) => goal) });
    expect(meshIn(plan, units.map(({ goal }) => [goal])).summary()).toEqual(plan.after.summary());
  }
});

test('each stage is as safe in reverse', () => {
  for (const { change: { id }, plan } of [...PLANS, ...MIGRATIONS]) {
    if (!plan.stages) continue;
    const check = checkOf(plan);
    for (const { versions, stage } of [...stagesOf(plan)].reverse()) {
      const reached = versions.map((version, unit) => stage.moves.find((move) => move.unit === unit)?.to ?? version);
      const back = stage.moves.map(({ unit, from, to }) => ({ unit, from: to, to: from }));
      // Undecided connections aren't part of the check: they have no floor.
      const expected = stage.witness?.kind === 'undecided' ? 'safe' : stage.verdict;
      expect({ id, verdict: check.check(reached, back).verdict }).toEqual({ id, verdict: expected });
    }
  }
});

test('a change that is unsafe at once has a witness that two states confirm', () => {
  for (const { change: { id }, plan: { atOnce, before, units } } of PLANS) {
    const { verdict, witness } = atOnce;
    if (verdict !== 'unsafe' || witness.kind === 'too-many' || witness.kind === 'undecided') continue;
    const own = units.filter(({ change, versions }) => change ?? versions[0].pods);
    const of = (state: readonly Presence[]): Presence[] => own.map((_, unit) => state[unit]);
    const clients = witness.kind === 'call' ? of(witness.clientState) : of(witness.serverState);
    const { unsafe } = new MixedStates({ before, units: own }).fallen(clients, of(witness.serverState));
    expect({ id, isUnsafe: unsafe.length > 0 }).toEqual({ id, isUnsafe: true });
  }
});

test('finds stages if there are any: otherwise no order of single changes is safe, even with intermediate versions', () => {
  const stuck = PLANS.filter(({ plan: { stages } }) => !stages).map(({ change: { id, after }, plan }) => ({ id, plan, units: widened(plan, after) }));
  // Pods that restart with their namespace's labels aren't single changes.
  const small = stuck.filter(({ units }) =>
    units.every(({ object }) => object.kind !== 'Namespace') && units.reduce((states, { versions }) => states * versions.length, 1) <= FEW_STATES);
  expect(small.map(({ id }) => id)).toContain('stuck');
  for (const { id, plan: { before }, units } of small) expect({ id, path: safePath({ before, units }) }).toEqual({ id, path: undefined });
});

/** The units with all that may be there for a while. */
function widened({ before, after }: ChangePlan, manifests: readonly unknown[]): readonly ChangeUnit[] {
  const changes = objectChanges(before.objects, Inventory.of(manifests, before.objects.readBy));
  return bridged([{ before, after }], unitsOf([{ before, after }], changes))[0].units;
}

function checkOf({ before, after, units }: { before: Mesh; after: Mesh } & Pick<ChangePlan, 'units'>): StageCheck {
  return new StageCheck(before, after, units, new AffectedCallsIndex([before, after], units));
}

/** Tries all orders of single changes, each in all pairs of states as separate meshes; undecided calls may stay undecided. */
function safePath({ before, units }: Pick<ChangePlan, 'before' | 'units'>): readonly Versions[] | undefined {
  const mixed = new MixedStates({ before, units });
  const isSafe = (at: Versions, unit: number, to: number): boolean => {
    const stateWith = (presence: Presence): Presence[] => at.map((version, index) => (index === unit ? presence : [version]));
    const states = presences(units[unit], at[unit], to).map(stateWith);
    return states.every((clients) => states.every((servers) => mixed.fallen(clients, servers).unsafe.length === 0));
  };
  const start = units.map(() => 0);
  const paths = new Map<string, readonly Versions[]>([[start.join(), []]]);
  for (const path of paths.values()) {
    const at = path.at(-1) ?? start;
    if (units.every(({ goal }, unit) => at[unit] === goal)) return path;
    for (const [unit, { versions }] of units.entries()) {
      for (const to of versions.keys()) {
        const next = at.map((version, index) => (index === unit ? to : version));
        if (!paths.has(next.join()) && isSafe(at, unit, to)) paths.set(next.join(), [...path, next]);
      }
    }
  }
  return undefined;
}
