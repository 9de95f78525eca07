import { AffectedCallsIndex } from './affected-calls';
import { bridged } from './bridges';
import { ChangeUnit, ChangeUnits, unitsOf } from './change-unit';
import { StageCheck } from './stage-check';
import { SearchResult, Stage, StageSearch } from './stages';
import { UndecidedConcerns } from './undecided';
import { StageVerdict } from './verdict';
import { CaChange, caChanges } from '../compare/ca-change';
import { connectionChanges, pathOutcome } from '../compare/connection-changes';
import { inventoryChange, ComparedObject, objectChanges, unreadChanges } from '../compare/object-changes';
import { Inventory } from '../inventory/inventory';
import { Mesh } from '../mesh';

/** A way from one state of a mesh to another on which no connection falls below its protection in both. */
export interface ChangePlan {
  readonly before: Mesh;
  readonly after: Mesh;
  readonly units: readonly ChangeUnit[];
  /** Changed objects that don't affect connections, and may change at any time. */
  readonly others: readonly ComparedObject[];
  /** Changed objects of kinds that aren't read, which are in no stage either. */
  readonly unread: readonly ComparedObject[];
  /** Istiods that will sign with another CA, which no stage covers. */
  readonly caChanges: readonly CaChange[];
  /** The verdict on applying all changes at once, in any order. */
  readonly atOnce: StageVerdict;
  /** Undefined if no stages were found. */
  readonly stages?: readonly Stage[];
  /** What prevents stages, if there are none. */
  readonly stuck?: SearchResult['stuck'];
}

/**
 * The number of connections between clients and servers of both states that
 * the change itself makes broken or plaintext: no order fixes them.
 */
export function worsened({ before, after }: Pick<ChangePlan, 'before' | 'after'>): Readonly<Record<'broken' | 'plaintext', number>> {
  const counts = { broken: 0, plaintext: 0 };
  for (const { clients, before: former, after: latter } of connectionChanges(before, after).changes) {
    const [from, to] = [former && pathOutcome(former.path), latter && pathOutcome(latter.path)];
    if (from === undefined || from === 'undecided' || from === 'broken' || (to !== 'broken' && to !== 'plaintext')) continue;
    counts[to] += clients.filter((client) => client.before && client.after).length;
  }
  return counts;
}

/**
 * Plans a change.
 *
 * @param manifests all objects of the state after; objects that the mesh doesn't have count as its youngest
 */
export function planOf(before: Mesh, manifests: Iterable<unknown>): ChangePlan {
  const { plan, units, search, concerns } = begun(before, manifests);
  const found = foundBy(search);
  if (found.stages) return { ...plan, stages: found.stages.map((stage) => concerns.stage(stage, units.units)) };
  const more = bridged(before, plan.after, units);
  const { stages } = foundBy(searchOf(before, plan.after, more));
  if (!stages) return { ...plan, stuck: found.stuck };
  return { ...plan, units: more.units, stages: stages.map((stage) => concerns.stage(stage, more.units)) };
}

/**
 * The change as one stage, without searching for other stages; no stages if a connection is known to fall below its minimum.
 *
 * @param manifests all objects of the state after
 */
export function planAtOnce(before: Mesh, manifests: Iterable<unknown>): ChangePlan {
  const { plan } = begun(before, manifests);
  const { verdict, witness } = plan.atOnce;
  if (verdict === 'unsafe') return { ...plan, stuck: witness };
  const moves = plan.units.map(({ goal }, unit) => ({ unit, from: 0, to: goal }));
  return { ...plan, stages: moves.length === 0 ? [] : [{ moves, verdict, witness }] };
}

/** A change split into units, with the verdict on all of it at once. */
function begun(before: Mesh, manifests: Iterable<unknown>) {
  const latter = Inventory.of(manifests, before.objects.readBy);
  const changes = objectChanges(before.objects, latter);
  const after = before.with(...changes.map(inventoryChange));
  const units = unitsOf(before, after, changes);
  const search = searchOf(before, after, units);
  const concerns = new UndecidedConcerns(before, after, connectionChanges(before, after).changes);
  const atOnce = concerns.verdict(search.atOnce(), units.units, [...units.units.keys()]);
  const unread = unreadChanges(before.objects, latter);
  const found = { unread, atOnce, caChanges: caChanges(before, latter.caObjects) };
  const plan: ChangePlan = { before, after, units: units.units, others: units.others, ...found };
  return { plan, units, search, concerns };
}

function foundBy(search: StageSearch): SearchResult {
  const proven = search.find('safe');
  if (proven.stages) return proven;
  const { stages } = search.find('unproven');
  return stages ? { stages } : proven;
}

function searchOf(before: Mesh, after: Mesh, change: ChangeUnits): StageSearch {
  const { units } = change;
  const areas = new AffectedCallsIndex([before, after], units);
  return new StageSearch(new StageCheck(before, after, units, areas), change, areas);
}
