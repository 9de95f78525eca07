import { PlannedChange } from './planned-change';
import { ChangePlan, SearchResult, Stage, stageOf, StageSearch } from './stages';
import { Mesh } from '../mesh';

/**
 * Plans a change.
 *
 * @param manifests all objects of the state after; objects that the mesh doesn't have count as its youngest
 */
export function planOf(before: Mesh, manifests: Iterable<unknown>): ChangePlan {
  const change = PlannedChange.of([before], manifests);
  const found = foundBy(change.search());
  if (found.stages) return change.planOf(found.stages);
  const wider = change.bridged();
  const { stages } = foundBy(wider.search());
  return stages ? wider.planOf(stages) : { ...change.plan(), stuck: found.stuck };
}

/**
 * The change as one stage, without searching for other stages; no stages if a connection is known to fall below its minimum.
 *
 * @param manifests all objects of the state after
 */
export function planAtOnce(before: Mesh, manifests: Iterable<unknown>): ChangePlan {
  const plan = PlannedChange.of([before], manifests).plan();
  return plan.atOnce.verdict === 'unsafe' ? { ...plan, stuck: plan.atOnce.witness } : { ...plan, stages: stagesAtOnce(plan) };
}

/** All changes as one stage; none without changes. */
export function stagesAtOnce({ units, atOnce }: ChangePlan): readonly Stage[] {
  const moves = units.map(({ goal }, unit) => ({ unit, from: 0, to: goal }));
  return moves.length === 0 ? [] : [stageOf(moves, atOnce)];
}

function foundBy(search: StageSearch): SearchResult {
  const proven = search.find('safe');
  if (proven.stages) return proven;
  const { stages } = search.find('unproven');
  return stages ? { stages } : proven;
}
