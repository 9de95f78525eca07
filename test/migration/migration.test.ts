import { admit } from '../../src/admission/admission';
import { connectionChanges } from '../../src/mesh/compare/connection-changes';
import { pathOutcome } from '../../src/mesh/compare/arrivals';
import { KIND } from '../../src/mesh/inventory/kinds';
import { idKey } from '../../src/mesh/inventory/object';
import { Mesh } from '../../src/mesh/mesh';
import { ChangePlan } from '../../src/mesh/plan/stages';
import { Blocker } from '../../src/migration/blockers';
import { Migration, migrationOf } from '../../src/migration/migration';
import { namedCallsOf } from '../../src/migration/named-calls';
import { targetChanges, UnknownScopeError } from '../../src/migration/target';
import { authorizationPolicy, deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { migrationsWithoutAutoMtls, randomChanges, simpleChanges, withNamedCalls } from '../support/random/random-changes';

const calling = (value: string, more: object = {}) => ({ spec: { containers: [{ name: 'app', env: [{ name: 'UPSTREAM', value }] }], ...more } });
const ratings = (more: object = {}) => [deployment('shop/ratings', { ports: [{ containerPort: 9080 }], ...more }), service('shop/ratings', [9080])];
const SHOP = [...injected('shop'), deployment('shop/web', calling('http://ratings:9080/x')), ...ratings()];

const toStrict = (objects: any[], scope?: string): Migration => migrationOf(mesh(objects), { mode: 'STRICT', scope });
const told = ({ client, evidence, by, port, remedy }: Blocker) => `${typeof client === 'string' ? client : client.name} :${port} ${evidence} ${by} ${remedy}`;
const policiesOf = ({ plan }: Migration) =>
  plan!.after.objects.of(KIND.PeerAuthentication).map(({ namespace: space, name, spec }) => `${space}/${name} ${JSON.stringify(spec)}`);
const modesOf = ({ plan }: Migration) =>
  Object.fromEntries(plan!.after.workloads.map((one) => [one.name, plan!.after.dataPlanes.accept(one, 9080).mode]));

test('a mesh without blockers gets one policy, in one stage', () => {
  const migration = toStrict(SHOP);
  expect([migration.blockers, migration.possible, migration.plan!.stages!.length]).toEqual([[], [], 1]);
  expect(policiesOf(migration)).toEqual(['istio-system/default {"mtls":{"mode":"STRICT"}}']);
});

test.each<[string, any[], string[], string[]]>([
  [
    'a rule that sends plaintext',
    [...SHOP, destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' }, connectionPool: { tcp: { maxConnections: 5 } } } })],
    ['web :9080 named env UPSTREAM rule-without-tls'], ['istio-system/default {"mtls":{"mode":"STRICT"}}'],
  ],
  [
    'a client without a sidecar',
    [...SHOP, namespace('batch'), deployment('batch/report', calling('ratings.shop:9080'))],
    ['report :9080 named env UPSTREAM inject'], ['istio-system/default {"mtls":{"mode":"STRICT"}}'],
  ],
  [
    'a client that can have none',
    [...SHOP, namespace('ops'), deployment('ops/agent', calling('ratings.shop.svc.cluster.local:9080', { hostNetwork: true }))],
    ['agent :9080 named env UPSTREAM port-exception'],
    ['istio-system/default {"mtls":{"mode":"STRICT"}}', 'shop/ratings {"selector":{"matchLabels":{"app":"ratings"}},"mtls":{"mode":"STRICT"},"portLevelMtls":{"9080":{"mode":"PERMISSIVE"}}}'],
  ],
  [
    'callers from outside of the mesh',
    [...SHOP, service('shop/edge', [{ port: 80, targetPort: 9080 }] as any, { type: 'LoadBalancer', selector: { app: 'ratings' } })],
    ['outside :9080 outside Service shop/edge LoadBalancer port-exception'],
    ['istio-system/default {"mtls":{"mode":"STRICT"}}', 'shop/ratings {"selector":{"matchLabels":{"app":"ratings"}},"mtls":{"mode":"STRICT"},"portLevelMtls":{"9080":{"mode":"PERMISSIVE"}}}'],
  ],
])('%s', (_, objects, blockers, policies) => {
  const migration = toStrict(objects);
  expect(migration.blockers.map(told)).toEqual(blockers);
  expect(policiesOf(migration)).toEqual(policies);
  expect(migration.plan!.stages!.every(({ verdict }) => verdict === 'safe')).toBe(true);
});

test('a client whose manifest names no call is possible, and blocks nothing', () => {
  const { blockers, possible } = toStrict([...SHOP, namespace('ops'), deployment('ops/prober')]);
  expect([blockers, possible.map(({ client: { name }, host, port }) => `${name} ${host}:${port}`)]).toEqual([[], ['prober ratings.shop.svc.cluster.local:9080']]);
});

test('callers with an unknown proxy count as undecided, since STRICT may cut them off', () => {
  expect(toStrict(SHOP).undecided).toBe(0);
  const ambient = [namespace('elsewhere', { 'istio.io/dataplane-mode': 'ambient' }), deployment('elsewhere/caller', calling('ratings.shop:9080'))];
  expect(toStrict([...SHOP, ...ambient])).toMatchObject({ blockers: [], possible: [], undecided: 1 });
});

test('a rule loses only its tls, and is deleted if it has nothing else', () => {
  const pools = { connectionPool: { tcp: { maxConnections: 5 } } };
  const rules = (trafficPolicy: object) =>
    toStrict([...SHOP, destinationRule('shop/ratings', { host: 'ratings', trafficPolicy })]).plan!.after.objects.of(KIND.DestinationRule).map(({ spec }) => spec);
  expect(rules({ tls: { mode: 'DISABLE' }, ...pools })).toEqual([{ host: 'ratings', trafficPolicy: pools }]);
  expect(rules({ tls: { mode: 'DISABLE' } })).toEqual([]);
});

test('a scope gets its own policy, and others are unchanged', () => {
  const objects = [...SHOP, ...injected('other'), deployment('other/web'), peerAuthentication('other/default', mode('PERMISSIVE'))];
  expect(policiesOf(toStrict(objects, 'shop'))).toEqual(['other/default {"mtls":{"mode":"PERMISSIVE"}}', 'shop/default {"mtls":{"mode":"STRICT"}}']);
  const one = toStrict(objects, 'shop/ratings');
  expect(modesOf(one)).toMatchObject({ ratings: 'STRICT', web: 'PERMISSIVE' });
});

test('existing policies get the mode, and lose port exceptions', () => {
  const own = peerAuthentication('shop/ratings', { selector: { matchLabels: { app: 'ratings' } }, mtls: { mode: 'PERMISSIVE' }, portLevelMtls: { 9080: { mode: 'DISABLE' } } });
  expect(modesOf(toStrict([...SHOP, own, peerAuthentication('shop/default', mode('DISABLE'))]))).toEqual({ ratings: 'STRICT', web: 'STRICT' });
});

test('to-disable makes clients send plaintext by a temporary rule', () => {
  const { plan, blockers } = migrationOf(mesh([...SHOP, peerAuthentication('shop/default', mode('STRICT'))]), { mode: 'DISABLE' });
  expect(blockers).toEqual([]);
  expect(plan!.stages!.length).toBeGreaterThan(2);
  expect(plan!.after.workloads.map((one) => plan!.after.dataPlanes.accept(one, 9080).mode)).toEqual(['DISABLE', 'DISABLE']);
});

test('an unknown scope is an error that suggests the right one', () => {
  expect(() => toStrict(SHOP, 'shpo')).toThrow(UnknownScopeError);
  expect(() => toStrict(SHOP, 'shop/rating')).toThrow('write shop/ratings');
});

test.each<[object, string[]]>([
  [{ env: [{ name: 'A', value: 'ratings:9080' }] }, ['env A ratings.shop.svc.cluster.local:9080']],
  [{ env: [{ name: 'A', value: 'postgres://user:pw@ratings:9080/db' }] }, ['env A ratings.shop.svc.cluster.local:9080']],
  [{ env: [{ name: 'R_HOST', value: 'ratings.shop' }, { name: 'R_PORT', value: '9080' }] }, ['env R_HOST ratings.shop.svc.cluster.local:9080']],
  [{ env: [{ name: 'A', value: 'http://ratings' }] }, ['env A ratings.shop.svc.cluster.local:80']],
  [{ args: ['--upstream=ratings.shop.svc:9080,other:1'] }, ['args ratings.shop.svc.cluster.local:9080']],
  [{ command: ['sh', '-c', 'curl -s http://ratings.shop.svc.cluster.local:9080/'] }, ['command ratings.shop.svc.cluster.local:9080']],
  [{ env: [{ name: 'A', value: 'ratings' }, { name: 'B', value: 'not-a-service:9080' }, { name: 'C' }] }, []],
])('named calls of a container with %j', (container, expected) => {
  const found = mesh([...SHOP, deployment('shop/caller', { spec: { containers: [{ name: 'app', ...container }] } })]);
  const caller = found.workloads.find(({ name }) => name === 'caller')!;
  expect(namedCallsOf(caller, found).map(({ by, host, port }) => `${by} ${host}:${port}`)).toEqual(expected);
});

const refusedIn = ({ objects }: Mesh) => [...objects.all()].flatMap(({ source }) => admit(source).filter(({ severity }) => severity === 'error').map(({ code }) => code));

/** Named calls that work in one state and are broken in the other. */
function brokenCalls(before: Mesh, after: Mesh) {
  const named = new Set(before.workloads.flatMap((client) => namedCallsOf(client, before).map(({ host, port }) => `${idKey(client)} ${host}:${port}`)));
  return connectionChanges(before, after).changes.filter(({ before: former, after: latter, clients, host, port }) =>
    former && latter && pathOutcome(former.path) !== 'broken' && pathOutcome(former.path) !== 'undecided' && pathOutcome(latter.path) === 'broken'
    && clients.some((client) => client.before && named.has(`${idKey(client.before)} ${host}:${port}`)));
}

/** Servers with a sidecar that accept plaintext. */
function openIn({ workloads, dataPlanes }: Mesh): readonly string[] {
  return workloads.filter((one) => one.proxy.kind === 'sidecar' && dataPlanes.accept(one, 8080).mode !== 'STRICT').map(idKey);
}

/** The last version of each unit. */
function goalsOf({ units, stages = [] }: ChangePlan): readonly number[] {
  return units.map((_, unit) => stages.flatMap(({ moves }) => moves).filter((move) => move.unit === unit).at(-1)?.to ?? 0);
}

const { seed, count } = casesOf('migrations');
/** Its calls work, and its plans end. */
const WRITTEN = { id: 'shop', before: SHOP, after: [] };
const WITHOUT_AUTO_MTLS = migrationsWithoutAutoMtls([WRITTEN, ...simpleChanges(seed, count(60)), ...randomChanges(seed, count(12))]);

describe('of random meshes', () => {
  const meshes = [WRITTEN, ...simpleChanges(seed, count(80))].map(({ id, before }) => ({ id, objects: withNamedCalls(before) }));

  test('a plan ends in STRICT except for port exceptions, breaks no named call, and passes admission', () => {
    for (const { id, objects } of meshes) {
      const before = mesh(objects);
      const { blockers, plan } = migrationOf(before, { mode: 'STRICT' });
      if (id === WRITTEN.id) expect(plan).toBeDefined();
      if (!plan) continue;
      const { after } = plan;
      const broken = brokenCalls(before, after);
      const excepted = blockers.filter(({ remedy }) => remedy === 'port-exception').length;
      const open = after.workloads.filter((one) => one.proxy.kind === 'sidecar' && after.dataPlanes.accept(one, 8080).mode !== 'STRICT');
      expect({ id, broken, open: open.length > 0 && excepted === 0 }).toEqual({ id, broken: [], open: false });
      expect({ id, refused: refusedIn(after) }).toEqual({ id, refused: refusedIn(before) });
    }
  });

  test('without auto mTLS, a plan by mesh config or by rules does the same', () => {
    const ended = new Set<string>();
    for (const { id, way, before, migration: { blockers, plan, autoMtls } } of WITHOUT_AUTO_MTLS) {
      if (autoMtls && way === 'rules') expect({ id, autoMtls }).toEqual({ id, autoMtls: { isTurnedOn: false, because: 'elsewhere' } });
      // Undecided calls stay undecided by either way.
      if (!plan?.stages?.every(({ verdict, witness }) => verdict === 'safe' || witness?.kind === 'undecided')) continue;
      if (autoMtls) ended.add(id);
      const { after } = plan;
      const excepted = blockers.some(({ remedy }) => remedy === 'port-exception');
      // Policies don't apply to ports that sidecars don't intercept.
      const wanted = new Set(openIn(before.with(...targetChanges(before, { mode: 'STRICT' }))));
      const open = excepted ? [] : openIn(after).filter((one) => !wanted.has(one));
      expect({ id, broken: brokenCalls(before, after), open }).toEqual({ id, broken: [], open: [] });
      const known = refusedIn(before);
      expect({ id, refused: refusedIn(after).filter((code) => !known.includes(code)) }).toEqual({ id, refused: [] });
      expect({ id, turnedOn: after.planes.default.config.enableAutoMtls }).toEqual({ id, turnedOn: autoMtls?.isTurnedOn === true });
      expect({ id, goals: goalsOf(plan) }).toEqual({ id, goals: plan.units.map(({ goal }) => goal) });
    }
    expect([...ended]).toEqual(expect.arrayContaining([`${WRITTEN.id} by config`, `${WRITTEN.id} by rules`]));
  });
});

test('AuthorizationPolicies are unchanged', () => {
  const policy = authorizationPolicy('shop/deny', { action: 'DENY', rules: [{}] });
  expect(toStrict([...SHOP, policy]).plan!.others).toEqual([]);
});
