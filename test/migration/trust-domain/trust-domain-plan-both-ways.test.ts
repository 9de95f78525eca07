import { Condition, conditionText } from '../../../src/findings/condition';
import { idKey } from '../../../src/mesh/inventory/object';
import { allValuesOf } from '../../../src/mesh/worlds/worlds';
import { isProven, trustDomainPlan, TrustDomainStage } from '../../../src/migration/trust-domain/trust-domain-plan';
import { holdIn, partly, stated } from '../../support/meshes/completions';
import { authorizationPolicy, deployment, destinationRule, envoyFilter, mesh, meshConfig, mode, peerAuthentication, service } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { namingMeshes, NEW, OLD } from '../../support/random/trust-domain-meshes';

const { seed, count } = casesOf('trust-domains');

/** A mesh without its Namespace, and with changes in every stage. */
const SHOP = [
  peerAuthentication('istio-system/default', mode('STRICT')), meshConfig({ trustDomain: OLD }),
  deployment('shop/web', { spec: { serviceAccountName: 'web' } }),
  deployment('shop/ratings', { spec: { serviceAccountName: 'ratings' }, ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080]),
  destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: [`spiffe://${OLD}/ns/shop/sa/ratings`] } } }),
  authorizationPolicy('shop/allow', { rules: [{ from: [{ source: { principals: [`${OLD}/ns/shop/sa/web`] } }] }] }),
];

type Holds = (conditions: readonly Condition[]) => boolean;

/** The objects whose pods restart. */
function restarted({ plan: { units, restartsIf } }: TrustDomainStage, isHere: Holds = () => true): readonly string[] {
  return units.flatMap(({ change, object }, unit) => (change || !isHere(restartsIf.get(unit) ?? []) ? [] : [idKey(object)])).sort();
}

/** Whether a stage is said to be proven with some values of facts. */
function isProvenHere({ plan: { stages, worsened: worse }, doubts: { unmet, lists, refused } }: TrustDomainStage, isHere: Holds): boolean {
  const isSafe = stages?.every(({ verdict, provenIf }) => verdict === 'safe' || (provenIf && isHere(provenIf)));
  const { varying = {} } = worse;
  const isWorse = (['broken', 'plaintext'] as const).some((sort) => worse[sort] > 0 && ((varying[sort]?.least ?? 1) > 0 || isHere(varying[sort]!.if)));
  return isSafe === true && stages!.length <= 1 && !isWorse && unmet.length + lists.length + refused.length === 0;
}

test('a mesh without its Namespace has all four stages, proven, and restarts pods where they have sidecars', () => {
  const { stages } = trustDomainPlan(mesh(SHOP), NEW);
  expect(stages.map((stage) => [stage.stage, isProven(stage)])).toEqual(['know-both', 'take-new', 'name-new', 'forget-old'].map((stage) => [stage, true]));
  const { plan: { units, restartsIf, missing } } = stages[1];
  expect(missing).toMatchObject([{ fact: 'namespace', name: 'shop' }]);
  expect([...restartsIf].map(([unit, conditions]) => `${units[unit].object.name} ${conditionText(conditions)}`)).toEqual(['ratings if shop has sidecars', 'web if shop has sidecars']);
});

test('a stage that isn\'t proven with sidecars says so', () => {
  const filter = envoyFilter('shop/filter', { configPatches: [{ applyTo: 'LISTENER', patch: { operation: 'REMOVE' } }] });
  const { stages } = trustDomainPlan(mesh([...SHOP, filter]), NEW);
  const [first] = stages;
  expect([first.stage, isProven(first), first.plan.stages!.map(({ provenIf }) => conditionText(provenIf!))]).toEqual(['know-both', false, ['if shop has none']]);
  expect(stages.filter(isProven).map(({ stage }) => stage)).toEqual(['take-new', 'forget-old']);
});

test('what is proven of a stage in a case, and what restarts there, is so in the completed mesh', () => {
  const random = namingMeshes(seed + 7, count(20), count(6)).map(({ id, objects }) => ({ id, objects: [...objects] }));
  let proven = 0;
  for (const [number, { id, objects }] of [{ id: 'shop', objects: SHOP }, ...random].entries()) {
    const shown = mesh(partly(objects, number));
    const { faults, stages } = trustDomainPlan(shown, NEW);
    const missing = stages[0]?.plan.missing ?? [];
    if (faults.length > 0 || missing.length > 4) continue;
    for (const values of missing.length > 0 ? allValuesOf(missing) : []) {
      const isHere = (conditions: readonly Condition[]): boolean => holdIn(conditions, missing, values);
      const completed = trustDomainPlan(stated(shown, missing, values), NEW).stages;
      for (const stage of stages) {
        const same = completed.find((one) => one.stage === stage.stage);
        const at = { id, values, stage: stage.stage };
        expect({ ...at, restarted: restarted(stage, isHere) }).toEqual({ ...at, restarted: same ? restarted(same) : [] });
        if (!isProvenHere(stage, isHere)) continue;
        expect({ ...at, isProven: !same || isProven(same) }).toEqual({ ...at, isProven: true });
        proven += 1;
      }
    }
  }
  expect(proven).toBeGreaterThan(0);
});
