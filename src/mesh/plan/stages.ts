import { ChangeUnit, ChangeUnits, MeshStates } from './change-unit';
import { StageCheck } from './stage-check';
import { Move, Versions } from './stage-states';
import { StageVerdict, StageWitness } from './verdict';
import { CaChange } from '../compare/ca-change';
import { ComparedObject } from '../compare/object-changes';
import { isOf, KIND } from '../inventory/kinds';

/** Changes that can be made in any order, before those of the next stage. */
export interface Stage {
  readonly moves: readonly Move[];
  readonly verdict: 'safe' | 'unproven';
  /** Why the stage isn't proven. */
  readonly witness?: StageWitness;
}

/** A way from one state of a mesh to another on which no connection falls below its protection in both. */
export interface ChangePlan extends MeshStates {
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
  readonly stuck?: StageVerdict['witness'];
}

/** The result of a search: stages, or what prevents the first remaining change. */
export interface SearchResult {
  readonly stages?: readonly Stage[];
  readonly stuck?: StageWitness;
}

/** The worst accepted verdict of a stage. */
export type Most = 'safe' | 'unproven';

/** Checks whether stages are safe. */
export type Checks = Pick<StageCheck, 'check' | 'checkMore' | 'forget'>;

/** Finds stages that lead from the first versions of units to their goals. */
export class StageSearch {
  private readonly start: Versions;

  /** @param together units that affect the same calls, in some order */
  constructor(
    private readonly check: Checks, private readonly change: ChangeUnits, private readonly together: readonly (readonly number[])[],
  ) {
    this.start = change.units.map(() => 0);
  }

  find(most: Most): SearchResult {
    const greedy = filled(this.check, this.change, most);
    if (greedy.stages) return greedy;
    this.check.forget();
    const parts = this.parts();
    const stages =
      this.isSearchable() ? this.byParts(parts, most) ?? (parts.length > 1 ? this.foundFor(this.change, most) : undefined) : undefined;
    this.check.forget();
    return stages ? { stages } : greedy;
  }

  /** Whether each group on its own has few enough states: neither another order nor temporary objects reduce them. */
  private isSearchable(): boolean {
    return this.change.groups.every((group) => (
      this.check.check(this.start, movesOf(group, this.start, this.change)).witness?.kind !== 'too-many'));
  }

  /** Parts of a change that affect nothing in common are searched separately, and applied at the same time. */
  private byParts(all: readonly ChangeUnits[], most: Most): readonly Stage[] | undefined {
    const parts: (readonly Stage[])[] = [];
    for (const part of all) {
      const found = filled(this.check, part, most).stages ?? this.foundFor(part, most);
      if (!found) return undefined;
      parts.push(found);
    }
    const longest = Math.max(...parts.map(({ length }) => length));
    const together = Array.from({ length: longest }, (_, index) => parts.flatMap((stages) => stages[index]?.moves ?? []));
    return this.proven(together, most) ?? this.proven(parts.flat().map(({ moves }) => moves), most);
  }

  private foundFor(some: ChangeUnits, most: Most): readonly Stage[] | undefined {
    const stages = searched(this.check, some, most);
    if (stages) return stages;
    this.check.forget();
    return filled(this.check, some, most, new Detours(this.check, some, most)).stages;
  }

  /**
   * Checks the combined stages again, since replaced pods may call into another part. If
   * they aren't safe, only a search through all parts at once can find stages.
   */
  private proven(all: readonly (readonly Move[])[], most: Most): readonly Stage[] | undefined {
    const stages: Stage[] = [];
    let at = this.start;
    for (const moves of all) {
      const verdict = this.check.check(at, moves);
      if (!isWithin(verdict, most)) return undefined;
      stages.push(stageOf(moves, verdict));
      at = after(at, moves);
    }
    return stages;
  }

  private parts(): readonly ChangeUnits[] {
    const { groups, loose } = this.change;
    const parents = this.change.units.map((_, unit) => unit);
    const rootOf = (unit: number): number => (parents[unit] === unit ? unit : parents[unit] = rootOf(parents[unit]));
    const join = ([first, ...others]: readonly number[]): void => others.forEach((unit) => { parents[rootOf(unit)] = rootOf(first); });
    for (const units of [...groups, ...loose, ...this.together]) join(units);
    const roots = [...new Set(groups.map(([first]) => rootOf(first)))];
    const isIn = (root: number) => ([first]: readonly number[]): boolean => rootOf(first) === root;
    return roots.map((root) => ({ ...this.change, groups: groups.filter(isIn(root)), loose: loose.filter(isIn(root)) }));
  }
}

/**
 * Puts each group into the first stage that keeps it safe.
 *
 * @param detours what to do if there is none
 */
function filled(check: Checks, change: ChangeUnits, most: Most, detours?: Detours): SearchResult {
  let at: Versions = change.units.map(() => 0);
  let left = change.groups;
  const stages: Stage[] = [];
  while (left.length > 0) {
    let moves: readonly Move[] = [];
    let found: StageVerdict = { verdict: 'safe' };
    let stuck: StageWitness | undefined;
    const rest: (readonly number[])[] = [];
    for (const group of left) {
      const own = movesOf(group, at, change);
      const more = [...moves, ...own];
      // For an unproven stage, the verdict and its witness depend on all moves.
      const verdict = most === 'safe' ? check.checkMore(at, more, own) : check.check(at, more);
      if (isWithin(verdict, most)) {
        [moves, found] = [more, verdict];
      } else {
        rest.push(group);
        stuck ??= verdict.witness;
      }
    }
    if (moves.length === 0) {
      moves = detours?.next(at, left) ?? [];
      if (moves.length === 0) return { stuck };
      found = check.check(at, moves);
    }
    stages.push(stageOf(moves, found));
    at = after(at, moves);
    left = rest;
  }
  return { stages };
}

/**
 * Makes policies temporarily PERMISSIVE if no change is safe, so that clients can change one by one. Each
 * policy is used at most once, so the search ends after few states, however many clients there are.
 */
class Detours {
  private readonly made = new Set<number>();

  constructor(private readonly check: Checks, private readonly change: ChangeUnits, private readonly most: Most) {}

  /** @param left the groups that haven't reached their goals */
  next(at: Versions, left: readonly (readonly number[])[]): readonly Move[] {
    const open = left.flatMap(([unit]) => this.passing(unit, at)).filter((move) => this.isSafe(at, [move]));
    const useful = open.filter((move) => this.helps(after(at, [move]), left));
    // If the servers of one host have several policies, no single one helps.
    const all = useful.length > 0 ? useful : open;
    const moves = this.isSafe(at, all) ? all : all.slice(0, 1);
    for (const { unit } of moves) this.made.add(unit);
    return moves;
  }

  private passing(unit: number, at: Versions): readonly Move[] {
    const { object, versions, goal } = this.change.units[unit];
    const isUseful = isOf(object, KIND.PeerAuthentication) && goal + 1 < versions.length && !this.made.has(unit);
    return isUseful ? [{ unit, from: at[unit], to: goal + 1 }] : [];
  }

  private helps(next: Versions, left: readonly (readonly number[])[]): boolean {
    return left.some((group) => this.isSafe(next, movesOf(group, next, this.change)));
  }

  private isSafe(at: Versions, moves: readonly Move[]): boolean {
    return isWithin(this.check.check(at, moves), this.most);
  }
}

/** The most states that a search visits. */
const MOST_SEARCHED = 2_000;

/** The most loose units that are also tried one by one. */
const FEW = 4;

/** How a search reached each state. */
type Steps = Map<string, { readonly from: Versions; readonly moves: readonly Move[] } | undefined>;

/** Searches all states that single changes lead to; undefined if none leads to the goal. */
function searched(check: Checks, change: ChangeUnits, most: Most): readonly Stage[] | undefined {
  const start: Versions = change.units.map(() => 0);
  const steps: Steps = new Map([[start.join(' '), undefined]]);
  const queue: Versions[] = [start];
  for (let index = 0; index < queue.length && queue.length < MOST_SEARCHED; index++) {
    const at = queue[index];
    if (isGoal(at, change)) return merged(check, start, pathTo(at, steps), most);
    for (const moves of possible(check, change, at, most)) {
      const next = after(at, moves);
      if (steps.has(next.join(' ')) || !isWithin(check.check(at, moves), most)) continue;
      steps.set(next.join(' '), { from: at, moves });
      queue.push(next);
    }
  }
  return undefined;
}

/** Possible moves: each group to its goal, single units to each of their versions, and as many loose units as is safe. */
function* possible(check: Checks, change: ChangeUnits, at: Versions, most: Most): Generator<readonly Move[]> {
  for (const group of change.groups) {
    const [unit] = group;
    if (group.length > 1) {
      const moves = movesOf(group, at, change);
      if (moves.length > 0) yield moves;
      continue;
    }
    for (const to of change.units[unit].versions.keys()) if (to !== at[unit]) yield [{ unit, from: at[unit], to }];
  }
  for (const loose of change.loose) {
    for (const to of [1, 0]) {
      const all = loose.filter((unit) => at[unit] !== to).map((unit) => ({ unit, from: at[unit], to }));
      const moves = all.filter((move) => isWithin(check.check(at, [move]), most));
      if (moves.length > 0) yield moves;
      if (moves.length > 1 && moves.length <= FEW) for (const move of moves) yield [move];
    }
  }
}

/** Combines consecutive single changes into as few stages as possible. */
function merged(check: Checks, start: Versions, steps: readonly (readonly Move[])[], most: Most): readonly Stage[] {
  const stages: Stage[] = [];
  let at = start;
  let moves: readonly Move[] = [];
  for (const step of steps) {
    const more = [...moves, ...step];
    const isRepeated = step.some(({ unit }) => moves.some((move) => move.unit === unit));
    if (!isRepeated && isWithin(check.check(at, more), most)) {
      moves = more;
      continue;
    }
    stages.push(stageOf(moves, check.check(at, moves)));
    at = after(at, moves);
    moves = step;
  }
  return [...stages, stageOf(moves, check.check(at, moves))];
}

function isGoal(at: Versions, { units, groups, loose }: ChangeUnits): boolean {
  return [...groups, ...loose].flat().every((unit) => at[unit] === units[unit].goal);
}

/** The moves that bring a group to its goal. */
function movesOf(group: readonly number[], at: Versions, { units }: ChangeUnits): readonly Move[] {
  return group.filter((unit) => at[unit] !== units[unit].goal).map((unit) => ({ unit, from: at[unit], to: units[unit].goal }));
}

function pathTo(goal: Versions, steps: Steps): readonly (readonly Move[])[] {
  const path: (readonly Move[])[] = [];
  for (let step = steps.get(goal.join(' ')); step; step = steps.get(step.from.join(' '))) path.unshift(step.moves);
  return path;
}

/** The versions after some moves. */
export function after(at: Versions, moves: readonly Move[]): Versions {
  const versions = [...at];
  for (const { unit, to } of moves) versions[unit] = to;
  return versions;
}

/** With too many states, nothing is proven about this stage, but smaller stages may still be safe. */
function isWithin({ verdict, witness }: StageVerdict, most: Most): boolean {
  return verdict === 'safe' || (verdict === most && witness?.kind !== 'too-many');
}

export function stageOf(moves: readonly Move[], { verdict, witness }: StageVerdict): Stage {
  return verdict === 'safe' ? { moves, verdict } : { moves, verdict: 'unproven', witness };
}
