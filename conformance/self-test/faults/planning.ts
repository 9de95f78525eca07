// Mistakes in plans, which show where these are carried out.
import type { ChangePlan } from '../../../src/mesh/plan/stages';
import { type Fault, faultsIn } from '../fault';

type Stages = NonNullable<ChangePlan['stages']>;

/** Plans whose stages aren't those that were proven. */
function stages(change: (stages: Stages, plan: ChangePlan) => Stages): Parameters<typeof faultsIn<'mesh/plan/plan'>>[1][string] {
  return (module) => {
    const { planOf } = module;
    module.planOf = (before, manifests) => {
      const plan = planOf(before, manifests);
      return { ...plan, stages: plan.stages && change(plan.stages, plan) };
    };
  };
}

export const PLANNING_FAULTS: readonly Fault[] = faultsIn('mesh/plan/plan', {
  'all stages are made as one': stages((_, { units }) => {
    const moves = units.flatMap(({ goal }, unit) => (goal === 0 ? [] : [{ unit, from: 0, to: goal }]));
    return [{ moves, verdict: 'safe' }];
  }),
  'rules that are there for a while are forgotten': stages((all, { units }) => all
    .map((stage) => ({ ...stage, moves: stage.moves.filter(({ unit }) => units[unit].goal !== 0) }))
    .filter(({ moves }) => moves.length > 0)),
});
