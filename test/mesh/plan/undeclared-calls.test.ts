import { planLeftOut, planLeftOutText } from '../../../src/changes/plan-left-out';
import { DECLARED_CALLS } from '../../../src/manifests/kinds';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { CallsInEither } from '../../../src/mesh/compare/calls-in-either';
import { Mesh } from '../../../src/mesh/mesh';
import { planOf } from '../../../src/mesh/plan/plan';
import { undeclaredCalls } from '../../../src/mesh/plan/undeclared-calls';
import { planBothWays } from '../../../src/mesh/worlds/plan-both-ways';
import { deployment, destinationRule, injected, mode, peerAuthentication, service, tls } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { withDeclaredCalls } from '../../support/random/declared-calls';
import { Random } from '../../support/random/random';
import { randomMeshes } from '../../support/random/random-meshes';

const cases = casesOf('plans-in-process');

const declaring = (name: string, value?: string): any => {
  const workload: any = deployment(`shop/${name}`);
  return value === undefined ? workload : { ...workload, metadata: { ...workload.metadata, annotations: { [DECLARED_CALLS]: value } } };
};

const shop = (web?: string) => [injected('shop'), declaring('web', web), ['cart', 'orders'].map((name) => [declaring(name, ''), service(`shop/${name}`, ['http:80'])])];
const OFF = destinationRule('shop/cart-off', { host: 'cart', ...tls('DISABLE') });
const STRICT = peerAuthentication('shop/p', mode('STRICT'));

const plan = (before: unknown[], after: unknown[], onlyDeclaredCalls = true) => (
  planBothWays(Mesh.of(before.flat(4), { parseYaml: readYaml, onlyDeclaredCalls }), structuredClone(after.flat(4))));

test('stages are proven for declared calls, and what breaks meanwhile is counted', () => {
  const { atOnce, stages, undeclared } = plan([shop(''), OFF], [shop(''), STRICT]);
  expect([atOnce.verdict, stages!.length]).toEqual(['safe', 1]);
  expect(undeclared!.fallen.map(({ client: { name }, key, verdict, stage }) => [name, key, verdict, stage])).toEqual([
    ['orders', 'cart.shop.svc.cluster.local:80', 'unsafe', 0], ['web', 'cart.shop.svc.cluster.local:80', 'unsafe', 0],
  ]);
  expect(undeclared!.worsened).toEqual({ broken: 0, plaintext: 0, undecided: 0, lost: 0 });
  expect(planLeftOutText(planLeftOut({ undeclared })!)).toContain('; meanwhile 2 undeclared calls are worse, such as Deployment shop/orders → cart.shop.svc.cluster.local:80 in stage 1');
});

test('calls that go through too many states to be examined are told', () => {
  const rules = Array.from({ length: 9 }, (_, index) => destinationRule(`n${index}/cart`, { host: 'cart.shop.svc.cluster.local', ...tls('ISTIO_MUTUAL') }));
  const found = planOf(Mesh.of(shop('').flat(4), { parseYaml: readYaml, onlyDeclaredCalls: true }), [shop(''), rules].flat(4));
  const [stage] = found.stages!;
  const atOnce = { ...found, stages: [{ ...stage, moves: found.stages!.flatMap(({ moves }) => moves) }] };
  const [some, all] = [found, atOnce].map((one) => undeclaredCalls(one, CallsInEither.of(one.before, one.after)!));
  expect([found.stages!.length, some.isOpen, all.isOpen]).toEqual([2, false, true]);
  expect(planLeftOutText(planLeftOut({ undeclared: all })!)).toContain('; others go through too many states to be examined');
});

test('calls that are declared on one side hold', () => {
  for (const [before, after] of [['shop/cart', ''], ['', 'shop/cart'], [undefined, ''], ['', undefined]]) {
    const { atOnce, stages, undeclared } = plan([shop(before), OFF], [shop(after), STRICT]);
    expect([atOnce.verdict, stages!.length, stages!.every(({ verdict }) => verdict === 'safe')]).toEqual(['unsafe', 2, true]);
    expect(undeclared!.fallen).toEqual([]);
  }
});

test('what the change itself breaks is counted apart', () => {
  const { undeclared, worsened } = plan([shop('shop/cart')], [shop('shop/cart'), OFF, STRICT]);
  expect([worsened.broken, undeclared!.worsened]).toEqual([1, { broken: 1, plaintext: 0, undecided: 0, lost: 0 }]);
  expect(planLeftOutText(planLeftOut({ undeclared })!)).toContain('; the change itself breaks 1 of them');
});

test('with all calls, and where nobody declares any, nothing is left out', () => {
  const undeclaring = [injected('shop'), deployment('shop/web'), deployment('shop/cart'), service('shop/cart', ['http:80'])];
  for (const { atOnce, undeclared } of [plan([shop(''), OFF], [shop(''), STRICT], false), plan([undeclaring, OFF], [undeclaring, STRICT])]) {
    expect([atOnce.verdict, undeclared]).toEqual(['unsafe', undefined]);
  }
});

const meshes = randomMeshes(cases.seed + 1, cases.count(60));

test.each(meshes.map(({ id, objects }, number) => [id, objects, number] as const))('%s: a plan for all calls is one for declared calls, whose other calls don\'t fall', (_, objects, number) => {
  const random = new Random(cases.seed + number);
  const [before, after] = [0, 1].map(() => withDeclaredCalls(objects.filter(() => random.below(8) > 0), random).objects);
  const [declared, all] = [true, false].map((only) => plan(before, after, only));
  if (all.atOnce.verdict !== 'safe') return;
  expect(declared.atOnce.verdict).toBe('safe');
  expect(declared.undeclared?.fallen ?? []).toEqual([]);
});
