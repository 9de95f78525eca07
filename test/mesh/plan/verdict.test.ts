import { planOf } from '../../../src/mesh/plan/plan';
import { SAFE, StageVerdict, StageWitness, worstVerdict } from '../../../src/mesh/plan/verdict';
import { mesh } from '../../support/meshes/mesh';
import { MixedStates } from '../../support/meshes/mixed-states';
import { stagesOf, statesTried } from '../../support/meshes/stages-tried';
import { namespaceChanges } from '../../support/random/namespace-changes';
import { generator } from '../../support/random/random-changes';

const of = (verdict: 'unsafe' | 'unproven', kind: StageWitness['kind']): StageVerdict => ({ verdict, witness: { kind } as StageWitness });
const [UNSAFE, UNDECIDED, TOO_MANY] = [of('unsafe', 'call'), of('unproven', 'call'), of('unproven', 'too-many')];

test.each([
  ['safe without others', [], SAFE],
  ['unsafe before unexamined', [SAFE, TOO_MANY, UNSAFE, UNDECIDED], UNSAFE],
  ['unexamined, which may be broken, before unproven', [UNDECIDED, TOO_MANY, SAFE], TOO_MANY],
  ['unproven, if examined and undecided', [SAFE, UNDECIDED, SAFE], UNDECIDED],
])('the worst verdict is %s', (_, verdicts, expected) => {
  expect(worstVerdict(verdicts)).toBe(expected);
});

test('a stage with undecided and too many states isn\'t unproven if one of them breaks a call', () => {
  const change = namespaceChanges(555, 189)[188];
  const plan = planOf(mesh(change.before), change.after);
  const mixed = new MixedStates(plan);
  for (const { versions, stage } of stagesOf(plan)) {
    for (const [clients, servers] of statesTried(plan, versions, stage, generator(1))) expect(mixed.fallen(clients, servers).unsafe).toEqual([]);
  }
  expect(plan.stages!.length).toBeGreaterThan(1);
});
