import { Move, StageCheck, Verdict, Versions, Witness } from './stage-check';
import { Unit } from './unit';

/** Changes that can be made in any order, before those of the next stage. */
export interface Stage {
  readonly moves: readonly Move[];
  readonly verdict: 'safe' | 'unproven';
  /** Why it isn't proven. */
  readonly witness?: Witness;
}

/** How a search ended: with stages, or with what stands in the way of each change that is left. */
export interface Found {
  readonly stages?: readonly Stage[];
  readonly stuck?: Witness;
}

/** How many states a search goes through. */
const MOST_SEARCHED = 2_000;

/** Finds stages that lead from the first versions of units to their goals. */
export class StageSearch {
  /** @param groups units that are changed together */
  constructor(private readonly check: StageCheck, private readonly units: readonly Unit[], private readonly groups: readonly (readonly number[])[]) {}

  /** The verdict on all changes at once. */
  atOnce(): Verdict {
    const at = this.start();
    return this.check.check(at, this.groups.flatMap((group) => this.movesOf(group, at)));
  }

  /** @param most the worst that a stage may be */
  find(most: 'safe' | 'unproven'): Found {
    const greedy = this.greedy(most);
    return greedy.stages ? greedy : this.breadthFirst(most) ?? greedy;
  }

  /** Puts each group into the first stage that keeps it safe. */
  private greedy(most: 'safe' | 'unproven'): Found {
    let at = this.start();
    let left = this.groups.filter((group) => this.movesOf(group, at).length > 0);
    const stages: Stage[] = [];
    while (left.length > 0) {
      const { stage, rest, stuck } = this.fill(at, left, most);
      if (!stage) return { stuck };
      stages.push(stage);
      at = after(at, stage.moves);
      left = rest;
    }
    return { stages };
  }

  private fill(at: Versions, groups: readonly (readonly number[])[], most: 'safe' | 'unproven'): { stage?: Stage; rest: (readonly number[])[]; stuck?: Witness } {
    let moves: readonly Move[] = [];
    let found: Verdict = { verdict: 'safe' };
    let stuck: Witness | undefined;
    const rest: (readonly number[])[] = [];
    for (const group of groups) {
      const more = [...moves, ...this.movesOf(group, at)];
      const verdict = this.check.check(at, more);
      if (isWithin(verdict, most)) [moves, found] = [more, verdict];
      else {
        rest.push(group);
        stuck ??= verdict.witness;
      }
    }
    return moves.length === 0 ? { rest, stuck } : { stage: stageOf(moves, found), rest };
  }

  /** Goes through all states that single changes lead to; undefined: none leads to the goal. */
  private breadthFirst(most: 'safe' | 'unproven'): Found | undefined {
    const start = this.start();
    const cameBy = new Map<string, { readonly from: Versions; readonly moves: readonly Move[] } | undefined>([[start.join(' '), undefined]]);
    const queue: Versions[] = [start];
    for (let index = 0; index < queue.length && queue.length < MOST_SEARCHED; index++) {
      const at = queue[index];
      if (this.isGoal(at)) return { stages: this.merged(pathTo(at, cameBy), most) };
      for (const moves of this.possible(at)) {
        const next = after(at, moves);
        if (cameBy.has(next.join(' ')) || !isWithin(this.check.check(at, moves), most)) continue;
        cameBy.set(next.join(' '), { from: at, moves });
        queue.push(next);
      }
    }
    return undefined;
  }

  /** Single changes one after the other, as few stages. */
  private merged(steps: readonly (readonly Move[])[], most: 'safe' | 'unproven'): readonly Stage[] {
    const stages: Stage[] = [];
    let at = this.start();
    let moves: readonly Move[] = [];
    for (const step of steps) {
      const more = [...moves, ...step];
      const isRepeated = step.some(({ unit }) => moves.some((move) => move.unit === unit));
      if (!isRepeated && isWithin(this.check.check(at, more), most)) {
        moves = more;
        continue;
      }
      stages.push(stageOf(moves, this.check.check(at, moves)));
      at = after(at, moves);
      moves = step;
    }
    return [...stages, stageOf(moves, this.check.check(at, moves))];
  }

  private start(): Versions {
    return this.units.map(() => 0);
  }

  private isGoal(at: Versions): boolean {
    return this.units.every(({ goal }, unit) => at[unit] === goal);
  }

  /** What leads a group to its goal. */
  private movesOf(group: readonly number[], at: Versions): readonly Move[] {
    return group.filter((unit) => at[unit] !== this.units[unit].goal).map((unit) => ({ unit, from: at[unit], to: this.units[unit].goal }));
  }

  /** Each group to its goal and back; of one unit, to each of its versions. */
  private* possible(at: Versions): Generator<readonly Move[]> {
    for (const group of this.groups) {
      const [unit] = group;
      if (group.length > 1) {
        const moves = this.movesOf(group, at);
        if (moves.length > 0) yield moves;
        continue;
      }
      for (const to of this.units[unit].versions.keys()) if (to !== at[unit]) yield [{ unit, from: at[unit], to }];
    }
  }
}

function pathTo(goal: Versions, cameBy: ReadonlyMap<string, { readonly from: Versions; readonly moves: readonly Move[] } | undefined>): readonly (readonly Move[])[] {
  const steps: (readonly Move[])[] = [];
  for (let step = cameBy.get(goal.join(' ')); step; step = cameBy.get(step.from.join(' '))) steps.unshift(step.moves);
  return steps;
}

function after(at: Versions, moves: readonly Move[]): Versions {
  const versions = [...at];
  for (const { unit, to } of moves) versions[unit] = to;
  return versions;
}

function isWithin({ verdict }: Verdict, most: 'safe' | 'unproven'): boolean {
  return verdict === 'safe' || verdict === most;
}

function stageOf(moves: readonly Move[], { verdict, witness }: Verdict): Stage {
  return verdict === 'safe' ? { moves, verdict } : { moves, verdict: 'unproven', witness };
}
