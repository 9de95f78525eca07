import { Condition, MissingInjection } from '../../../src/findings/condition';
import { idKey } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { PlannedChange } from '../../../src/mesh/plan/planned-change';
import { after, Stage } from '../../../src/mesh/plan/stages';
import { assumed, factKey } from '../../../src/mesh/workloads/missing-injection';
import { PlanBothWays } from '../../../src/mesh/worlds/plan-both-ways';

/** Half of the Namespaces are missing, others by number. */
export const partly = (objects: readonly any[], number: number): any[] => (
  objects.filter(({ kind, metadata: { name } }) => kind !== 'Namespace' || (name.charCodeAt(0) + number) % 2 === 0));

/** A mesh of which each missing fact has a value. */
export function stated(shown: Mesh, missing: readonly MissingInjection[], values: readonly boolean[]): Mesh {
  return shown.given({ assumed: assumed(missing, (index) => values[index]) });
}

/** Whether all conditions hold where facts have some values. */
export function holdIn(conditions: readonly Condition[], missing: readonly MissingInjection[], values: readonly boolean[]): boolean {
  const holding = new Set(missing.filter((_, index) => values[index]).map(factKey));
  return conditions.every((one) => holding.has(factKey(one)) === one.holds);
}

/** Whether stages are proven in a completion of both states. */
export function isProvenIn({ units, stages }: PlanBothWays, completed: PlannedChange): boolean {
  const own = completed.plan().units;
  const indexOf = new Map(own.map(({ object }, index) => [idKey(object), index]));
  let at = completed.start;
  return (stages ?? []).every(({ moves }: Stage) => {
    const there = moves.flatMap((move) => {
      const unit = indexOf.get(idKey(units[move.unit].object));
      return unit === undefined ? [] : [{ ...move, unit }];
    });
    const [{ verdict }] = completed.verdicts(at, there);
    at = after(at, there);
    return verdict === 'safe';
  });
}
