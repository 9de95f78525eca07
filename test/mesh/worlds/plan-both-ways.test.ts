import { conditionText } from '../../../src/findings/condition';
import { PlannedChange } from '../../../src/mesh/plan/planned-change';
import { PlanBothWays, planBothWays } from '../../../src/mesh/worlds/plan-both-ways';
import { allValuesOf } from '../../../src/mesh/worlds/worlds';
import { holdIn, isProvenIn, partly, stated } from '../../support/meshes/completions';
import { deployment, destinationRule, envoyFilter, injected, mesh, mode, namespace, peerAuthentication, service, tls } from '../../support/meshes/mesh';
import { fallenIn } from '../../support/meshes/stages-tried';
import { casesOf } from '../../support/random/cases';
import { randomChanges } from '../../support/random/random-changes';

const { seed, count } = casesOf('decisions');

const SHOP = [deployment('shop/web'), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', ['http:9080'])];
const policy = (value: string) => peerAuthentication('shop/default', mode(value));
const plain = destinationRule('shop/ratings', { host: 'ratings', ...tls('DISABLE') });
const mutual = destinationRule('shop/ratings', { host: 'ratings', ...tls('ISTIO_MUTUAL') });

/** A client with a sidecar, and its namespace's own rule. */
const CALLER = [injected('bank'), deployment('bank/teller')];
const ofClients = destinationRule('bank/ratings', { host: 'ratings.shop.svc.cluster.local', ...tls('DISABLE') });

function planned(before: unknown[], latter: readonly unknown[]): PlanBothWays {
  return planBothWays(mesh(before), latter.flat(3));
}

/** Each stage's changes, and where it is proven: `proven: - DestinationRule`. */
function told({ units, stages }: PlanBothWays): readonly string[] | undefined {
  return stages?.map(({ verdict, provenIf, witnessIf, moves }) => {
    const where = verdict === 'safe' ? 'proven' : provenIf ? `proven ${conditionText(provenIf)}, not ${conditionText(witnessIf!)}` : 'not proven';
    return `${where}: ${moves.map(({ unit, to }) => `${units[unit].object.kind} ${to}`).sort().join(', ')}`;
  });
}

test.each<[string, unknown[], unknown[], readonly string[]]>([
  ['in the order that holds in every case, if there is one', [SHOP, plain], [SHOP, policy('STRICT')], ['proven: DestinationRule 1', 'proven: PeerAuthentication 1']],
  ['in an order that only matters in a case that nothing expects', [CALLER, SHOP, ofClients, mutual], [CALLER, SHOP, plain], ['proven: DestinationRule 1', 'proven: DestinationRule 1']],
  ['together, if that is proven in every case', [SHOP], [SHOP, policy('STRICT')], ['proven: PeerAuthentication 1']],
  ['with the restarts of any case', [SHOP], [SHOP, injected('shop')], ['proven: Deployment 1, Deployment 1, Namespace 1']],
  ['not proven where a call of an ambient namespace isn\'t decided in any case', [SHOP, namespace('bank', { 'istio.io/dataplane-mode': 'ambient' }), deployment('bank/teller')],
    [SHOP, namespace('bank', { 'istio.io/dataplane-mode': 'ambient' }), deployment('bank/teller'), policy('STRICT')], ['not proven: PeerAuthentication 1']],
])('changes are made %s', (_, before, latter, expected) => {
  expect(told(planned(before, latter))).toEqual(expected);
});

test('all at once, if that is wanted and no case is worse for it', () => {
  const at = (latter: unknown[]) => told(planBothWays(mesh([SHOP, plain]), latter.flat(3), { prefersAtOnce: true }));
  expect(at([SHOP])).toEqual(['proven: DestinationRule 1']);
  expect(at([SHOP, policy('STRICT')])).toEqual(['proven: DestinationRule 1', 'proven: PeerAuthentication 1']);
});

test('the verdict on all changes at once, what gets worse and restarts are told with their case', () => {
  const { atOnce, worsened } = planned([SHOP, policy('STRICT')], [SHOP, plain]);
  expect([atOnce.verdict, conditionText(atOnce.provenIf!), conditionText(atOnce.witnessIf!)]).toEqual(['unsafe', 'if shop has none', 'if shop has sidecars']);
  const sidecars = [{ name: 'shop', holds: true }];
  const none = { least: 0, if: sidecars };
  expect(worsened).toMatchObject({ plaintext: 1, lost: 0, exposed: 2, varying: { plaintext: none, exposed: none } });
  const { restartsIf, units } = planned([SHOP], [SHOP, injected('shop')]);
  expect([...restartsIf].map(([unit, conditions]) => `${units[unit].object.name} ${conditionText(conditions)}`)).toEqual(['ratings if shop has none', 'web if shop has none']);
});

/** With sidecars, calls in shop aren't decided. */
const filter = envoyFilter('shop/filter', { configPatches: [{ applyTo: 'LISTENER', patch: { operation: 'REMOVE' } }] });

test('without an order for every case, it is one that is proven in some of them, which are told', () => {
  const plan = planned([SHOP, filter], [SHOP, filter, policy('STRICT')]);
  expect([told(plan), plan.stages![0].witness!.kind]).toEqual([['proven if shop has none, not if shop has sidecars: PeerAuthentication 1'], 'undecided']);
});

test('a mesh in which no fact is missing is planned once, and so is one with too many facts for its calls', () => {
  expect(planned([injected('shop'), SHOP, plain], [injected('shop'), SHOP, policy('STRICT')])).not.toHaveProperty('missing');
  const spaces = Array.from({ length: 130 }, (_, index) => `n${index}`);
  const objects = [deployment('n0/client'), spaces.slice(1).map((space) => deployment(`${space}/server`)), service('n1/server', ['http:80'])];
  expect(planned(objects, [objects, destinationRule('n1/server', { host: 'server', ...tls('ISTIO_MUTUAL') })])).not.toHaveProperty('missing');
});

describe('a stage that is proven in a case lets nothing fall while it is carried out there', () => {
  test('of a written change', () => {
    const { cases = [] } = planned([SHOP, plain], [SHOP, policy('STRICT')]);
    expect(cases.map(({ stages = [] }) => stages.map(({ verdict }) => verdict))).toEqual([['safe', 'safe'], ['safe', 'safe']]);
    expect(cases.flatMap((plan) => fallenIn('written', plan))).toEqual([]);
  });

  test('of random changes', () => {
    for (const [number, { id, before, after: latter }] of randomChanges(seed + 11, count(60)).entries()) {
      const { cases = [] } = planBothWays(mesh(partly(before, number)), partly(latter, number));
      expect(cases.flatMap((plan) => fallenIn(id, plan))).toEqual([]);
    }
  });
});

test('what is proven in the cases that are tried of six namespaces is in each of their 64 completions', () => {
  const spaces = ['a', 'b', 'c', 'd', 'e', 'f'];
  const pods = spaces.flatMap((space) => [deployment(`${space}/app`, { ports: [{ containerPort: 80 }] }), service(`${space}/app`, ['http:80'])]);
  const [before, latter] = [[...pods, peerAuthentication('a/default', mode('STRICT'))], [...pods, destinationRule('b/app', { host: 'app', ...tls('DISABLE') })]].map((some) => some.flat());
  const plan = planned(before, latter);
  expect([plan.missing!.length, plan.cases!.length, plan.stages!.map(({ verdict }) => verdict)]).toEqual([6, 7, ['safe']]);
  for (const values of allValuesOf(plan.missing!)) {
    expect([values, isProvenIn(plan, PlannedChange.of([stated(mesh(before), plan.missing!, values)], latter))]).toEqual([values, true]);
  }
});

test('stages hold under the conditions that are told, and in no other completion of few namespaces', () => {
  let tried = 0;
  for (const [number, { id, before, after: latter }] of randomChanges(seed + 12, count(60)).entries()) {
    const [former, next] = [partly(before, number), partly(latter, number)];
    const plan = planBothWays(mesh(former), next);
    const { missing = [], stages, units } = plan;
    if (missing.length > 4 || units.some(({ versions }) => versions.length > 2)) continue;
    for (const values of missing.length > 0 ? allValuesOf(missing) : []) {
      const isHere = stages?.every(({ verdict, provenIf }) => verdict === 'safe' || (provenIf !== undefined && holdIn(provenIf, missing, values)));
      const isProven = isProvenIn(plan, PlannedChange.of([stated(mesh(former), missing, values)], next));
      if (stages) expect([id, values, isProven]).toEqual([id, values, isHere]);
      tried += 1;
    }
  }
  expect(tried).toBeGreaterThan(0);
});
