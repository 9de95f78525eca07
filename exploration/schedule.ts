// Which suite has the next turn: of those with work left, the one that had the smallest part of its share of the time.
import { suiteOf, type SuiteName } from './suites';

/** What a turn is expected to take before one was timed. */
const EXPECTED_SECONDS = 60;

/** What a suite has left to do, and what it took. */
export class Progress {
  private seconds = 0;
  private turns = 0;
  private running = 0;

  /**
   * @param left how many cases are left; undefined: as many as there is time for
   * @param isOneTurn whether they are one turn, as they were when they differed
   */
  constructor(readonly name: SuiteName, private left?: number, private readonly isOneTurn = false) {}

  get hasWork(): boolean {
    return this.left === undefined || this.left > 0;
  }

  /** The time it had, with that of turns that run, by its share. */
  get served(): number {
    const expected = this.turns === 0 ? EXPECTED_SECONDS : this.seconds / this.turns;
    return (this.seconds + this.running * expected) / (suiteOf(this.name).share ?? 1);
  }

  /** How many cases a turn has that begins; of jest, how many times as many as usual. */
  begin(): number {
    this.running += 1;
    const { turn } = suiteOf(this.name);
    if (this.left === undefined || (this.isOfJest && !this.isOneTurn)) return turn;
    const size = this.isOneTurn ? this.left : Math.min(turn, this.left);
    this.left -= size;
    return size;
  }

  /** @param count how many cases the turn tried; jest doesn't say it before */
  end(seconds: number, count: number): void {
    this.running -= 1;
    this.seconds += seconds;
    this.turns += 1;
    if (this.left !== undefined && this.isOfJest && !this.isOneTurn) this.left -= Math.max(count, 1);
  }

  /** It has no more turns, since it can't run here. */
  giveUp(): void {
    this.running -= 1;
    this.left = 0;
  }

  private get isOfJest(): boolean {
    return 'jest' in (suiteOf(this.name).runs ?? {});
  }
}

/** The suite whose turn it is; undefined: no lane is free for it, or none has work. */
export function nextOf(suites: readonly Progress[], running: readonly SuiteName[], lanes: number): Progress | undefined {
  const [first] = suites.filter(({ hasWork }) => hasWork).sort((one, other) => one.served - other.served);
  if (!first || running.some((name) => suiteOf(name).isAlone)) return undefined;
  return running.length < (suiteOf(first.name).isAlone ? 1 : lanes) ? first : undefined;
}
