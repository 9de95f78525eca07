import { admit } from '../../../src/admission/admission';
import { take } from '../../../src/mesh/dataplane/receivers';
import { idKey } from '../../../src/mesh/inventory/object';
import { planAtOnce, planOf } from '../../../src/mesh/plan/plan';
import { ChangePlan } from '../../../src/mesh/plan/stages';
import { Recorder } from '../../../src/mesh/plan/state-outcomes';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, sidecar, tls, virtualService } from '../../support/meshes/mesh';

const SHOP = [...injected('shop'), deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080])];
const plaintext = destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' } } });
const policy = (value: string) => peerAuthentication('shop/default', mode(value));

function told(before: any[], after: any[]) {
  const plan = planOf(mesh([...SHOP, ...before]), [...SHOP, ...after]);
  return {
    atOnce: plan.atOnce.verdict,
    stages: stagesOf(plan),
    stuck: plan.stuck,
  };
}

function stagesOf({ units, stages }: ChangePlan): readonly string[] | undefined {
  return stages?.map(({ moves, verdict }) => `${verdict}: ${moves.map(({ unit, from, to }) => `${units[unit].object.kind} ${from}→${to}`).join(', ')}`);
}

test.each([
  ['PERMISSIVE', 'STRICT'], ['STRICT', 'PERMISSIVE'], ['DISABLE', 'PERMISSIVE'], ['PERMISSIVE', 'DISABLE'], ['DISABLE', 'STRICT'], ['STRICT', 'DISABLE'],
])('a plan from %s to %s has safe stages', (from, to) => {
  expect(told([policy(from)], [policy(to)])).toMatchSnapshot();
});

test('a single stage has all changes, is empty without any, and has a witness if it breaks a call', () => {
  const at = (from: string, to: string) => planAtOnce(mesh([...SHOP, policy(from)]), [...SHOP, policy(to)]);
  expect(stagesOf(at('PERMISSIVE', 'STRICT'))).toEqual(['safe: PeerAuthentication 0→1']);
  expect(stagesOf(at('STRICT', 'STRICT'))).toEqual([]);
  const broken = at('DISABLE', 'STRICT');
  expect([broken.stages, broken.stuck]).toEqual([undefined, broken.atOnce.witness]);
});

test('a rule goes before its policy becomes strict', () => {
  expect(told([policy('PERMISSIVE'), plaintext], [policy('STRICT')])).toMatchSnapshot();
});

test('a rerouted call whose mirrored copies are lost has a minimum protection too', () => {
  const reviews = [deployment('shop/reviews', { ports: [{ containerPort: 9080 }] }), service('shop/reviews', [9080]), destinationRule('shop/reviews', { host: 'reviews', ...tls('DISABLE') })];
  const state = (to: string, value: string, mirror?: object) => [
    ...SHOP, ...reviews, virtualService('shop/ratings', { hosts: ['ratings'], http: [{ route: [{ destination: { host: to } }], mirror }] }),
    peerAuthentication('shop/reviews', { selector: { matchLabels: { app: 'reviews' } }, ...mode(value) }),
  ];
  const at = (mirror?: object) => planAtOnce(mesh(state('ratings', 'STRICT', mirror)), state('reviews', 'DISABLE', mirror)).atOnce.verdict;
  expect([at(), at({ host: 'nobody.shop.svc.cluster.local' })]).toEqual(['unsafe', 'unsafe']);
});

test('a changed rule temporarily sends plaintext, then gets its final version', () => {
  const pool = (size: number) => destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { connectionPool: { tcp: { maxConnections: size } } } });
  const plan = planOf(mesh([...SHOP, policy('DISABLE'), pool(1)]), [...SHOP, policy('STRICT'), pool(2)]);
  const rules = plan.units.filter(({ object }) => object.kind === 'DestinationRule');
  expect([rules.length, plan.stages!.every(({ verdict }) => verdict === 'safe')]).toEqual([1, true]);
  const unit = plan.units.indexOf(rules[0]);
  expect(plan.stages!.flatMap(({ moves }) => moves).filter((move) => move.unit === unit).at(-1)!.to).toBe(rules[0].goal);
});

test('clients temporarily send plaintext on ports with portLevelSettings too', () => {
  const portLevelSettings = [{ port: { number: 9080 }, connectionPool: { tcp: { maxConnections: 5 } } }];
  const rule = destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { portLevelSettings } });
  const plan = planOf(mesh([...SHOP, policy('DISABLE'), rule]), [...SHOP, policy('STRICT'), rule]);
  const passing = plan.units.find(({ object }) => object.kind === 'DestinationRule')!.versions[1].change as any;
  expect(passing.apply.spec.trafficPolicy).toEqual({ tls: { mode: 'DISABLE' }, portLevelSettings: [{ ...portLevelSettings[0], tls: { mode: 'DISABLE' } }] });
  expect(stagesOf(plan)).toEqual([
    'safe: DestinationRule 0→1', 'safe: PeerAuthentication 0→2', 'safe: DestinationRule 1→0', 'safe: PeerAuthentication 2→1',
  ]);
});

test('a server with a new identity breaks clients that still require the old one', () => {
  const named = (account: string) => [
    ...injected('shop'), deployment('shop/web'), deployment('shop/ratings', { spec: { serviceAccountName: account } }), service('shop/ratings', [9080]),
    destinationRule('shop/ratings', { host: 'ratings', ...tls('ISTIO_MUTUAL', { subjectAltNames: [`spiffe://cluster.local/ns/shop/sa/${account}`] }) }),
  ];
  expect(planAtOnce(mesh(named('one')), named('two')).atOnce).toMatchObject({ verdict: 'unsafe', witness: { kind: 'call', outcome: 'broken' } });
});

test('routes for gateways only and ServiceAccounts don\'t prevent a plan', () => {
  const route = virtualService('shop/edge', { hosts: ['*'], gateways: ['edge'], http: [{ route: [{ destination: { host: 'ratings' } }] }] });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'web' } };
  expect(told([policy('DISABLE'), route, account], [policy('STRICT')]).stages!.length).toBe(4);
});

test('separately planned parts that aren\'t safe together are planned as a whole', () => {
  const without = { 'sidecar.istio.io/inject': 'false' };
  const shop = [
    injected('a'), namespace('b'), deployment('a/web'), service('a/web', ['tcp:80']), deployment('a/db', { labels: { app: 'db', ...without } }), service('a/db', ['tcp:80']),
  ];
  const api = (labels: object) => deployment('b/api', { labels: { app: 'api', ...labels } });
  const after = [api({ 'sidecar.istio.io/inject': 'true' }), peerAuthentication('a/default', mode('STRICT')), destinationRule('a/db', { host: 'db', ...tls('DISABLE') })];
  expect(stagesOf(planOf(mesh([...shop, api(without), peerAuthentication('a/default', mode('DISABLE'))]), [shop, after].flat(2)))).toEqual([
    'safe: DestinationRule 0→1, PeerAuthentication 0→2', 'safe: Deployment 0→1', 'safe: PeerAuthentication 2→1',
  ]);
});

test('if a change of the same calls is too large to examine, each stage takes a part of it', () => {
  const sidecars = Array.from({ length: 10 }, (_, index) => sidecar(`shop/s${index}`, { workloadSelector: { labels: { app: `none-${index}` } } }));
  const { atOnce, stages } = told([], sidecars);
  expect([atOnce, stages!.length, stages!.every((stage) => stage.startsWith('safe: '))]).toEqual(['unproven', 2, true]);
});

test('istiod\'s webhook accepts every intermediate version of a rule', () => {
  const port = (number: number, settings: object): object => ({ port: { number }, ...settings });
  const [secured, balanced] = [port(9080, { tls: { mode: 'ISTIO_MUTUAL' } }), port(9090, { loadBalancer: { simple: 'RANDOM' } })];
  const ratings = (policyOfAll: object): unknown => destinationRule('shop/ratings', { host: 'ratings', ...policyOfAll });
  const rules = [
    { trafficPolicy: { portLevelSettings: [secured, balanced] } },
    { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' }, loadBalancer: { simple: 'RANDOM' }, portLevelSettings: [secured] } },
    { subsets: [{ name: 'v1', trafficPolicy: { portLevelSettings: [secured] } }] },
  ];
  const made = rules.flatMap((spec) => {
    const { units, stages } = planOf(mesh([...SHOP, policy('DISABLE'), ratings(spec)]), [...SHOP, policy('STRICT'), ratings({ ...spec, exportTo: ['*'] })]);
    expect(stages).toBeDefined();
    return units.flatMap(({ versions }) => versions.flatMap(({ change }) => (change && 'apply' in change ? [change.apply] : [])));
  });
  expect(made.flatMap((object) => admit(object))).toEqual([]);
  expect(made.length).toBeGreaterThan(8);
});

test('a server\'s Redis filter temporarily leaves calls unproven, unless its proxy rejects them', () => {
  const pods = (mTls: string) => [
    ...injected('b'), namespace('c', {}), deployment('c/client'), deployment('b/server', { ports: [{ containerPort: 6379 }] }), service('b/server', [6379]), peerAuthentication('b/default', mode(mTls)),
  ];
  const listener = (path: string, protocol: string, more: object = {}) =>
    sidecar(path, { ingress: [{ port: { number: 6379, name: 'in', protocol }, defaultEndpoint: '127.0.0.1:6379' }], ...more });
  // A Sidecar that selects the server goes, and that of the namespace hasn't changed yet.
  const verdict = (mTls: string, istiodEnv: Record<string, string>) => planAtOnce(
    mesh([...pods(mTls), listener('b/own', 'TCP', { workloadSelector: { labels: { app: 'server' } } }), listener('b/all', 'REDIS')], { istiodEnv }),
    [...pods(mTls), listener('b/all', 'TCP')],
  ).atOnce.verdict;
  const filter = { PILOT_ENABLE_REDIS_FILTER: 'true' };
  expect([verdict('PERMISSIVE', filter), verdict('PERMISSIVE', {}), verdict('STRICT', filter)]).toEqual(['unproven', 'safe', 'safe']);
});

test('a client\'s call is also unproven if the server has a Redis filter only in another state', () => {
  const objects = [...injected('b'), namespace('c', {}), deployment('c/client'), deployment('b/server'), service('b/server', [{ name: 'redis', port: 6379 }])];
  const outcomes = (istiodEnv: Record<string, string>, ...more: object[]) => {
    const made = mesh([...objects, ...more], { istiodEnv });
    const ports = new Map(made.workloads.map((workload) => [idKey(workload), new Set([6379])]));
    const { receivers } = new Recorder(made.workloads, () => true, ports).record(made);
    return [...receivers.values()].filter(({ protocol }) => protocol.redis).map((receiver) => take(receiver, { tls: 'PLAINTEXT', kind: 'tcp' }));
  };
  const filter = { PILOT_ENABLE_REDIS_FILTER: 'true' };
  expect(outcomes(filter)).toEqual([{ outcome: 'undecided', undecidedBecause: 'istiod-flag' }]);
  expect(outcomes(filter, peerAuthentication('b/p', mode('STRICT')))).toEqual([{ outcome: 'broken' }]);
  expect(outcomes({})).toEqual([{ outcome: 'plaintext' }]);
});
