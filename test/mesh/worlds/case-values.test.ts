import { MissingInjection } from '../../../src/findings/condition';
import { MeshStates } from '../../../src/mesh/plan/change-unit';
import { CaseValues } from '../../../src/mesh/worlds/case-values';
import { deployment, mesh, sidecar } from '../../support/meshes/mesh';

const FACTS: MissingInjection[] = ['bank', 'shop'].map((name) => ({ fact: 'namespace', name }));

function statesOf(...objects: unknown[]): MeshStates {
  const shown = mesh([FACTS.map(({ name }) => deployment(`${name}/web`)), objects]);
  return { before: shown, after: shown };
}

test('of few facts all combinations are cases, first the one that objects expect', () => {
  const cases = CaseValues.of(FACTS, statesOf(sidecar('shop/web', { workloadSelector: { labels: { app: 'web' } } })))!;
  const holding = cases.holding().map((facts) => [...facts].sort());
  expect(holding.map(({ length }) => length).sort()).toEqual([0, 1, 1, 2]);
  expect(holding[cases.first[0]]).toEqual([expect.stringContaining('shop')]);
  expect(cases.given(statesOf().after)).toHaveLength(4);
});

test('a condition has as few values as possible', () => {
  const cases = CaseValues.of(FACTS, statesOf())!;
  const shopHolds = (index: number) => cases.values[index][1];
  expect(cases.conditions(cases.values.findIndex(([, shop]) => shop), shopHolds)).toEqual([{ fact: 'namespace', name: 'shop', holds: true }]);
  expect(cases.conditions(0, () => true)).toBeUndefined();
});
