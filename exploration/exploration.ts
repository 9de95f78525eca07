// An exploration: turns of the suites with fresh seeds, one or two at a time, each recorded when it ends.
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { hashOf } from './inputs';
import { changeRecord, RECORD_FILE, withTurn, type Turn } from './record';
import { nextOf, Progress } from './schedule';
import { LARGEST } from './seed';
import { suiteOf, type Runs, type SuiteName } from './suites';
import { turnOf, Unavailable } from './turn';

export interface ExplorationOptions {
  readonly suites: readonly Progress[];
  /** How many turns run at a time. */
  readonly lanes: number;
  /** When the last turn may begin. */
  readonly until?: number;
  /** Draws the seed of each turn. */
  readonly seed?: () => number;
  readonly print: (text: string) => void;
  readonly file?: string;
  /** Runs a turn; tests have others. */
  readonly turn?: typeof turnOf;
}

export class Exploration {
  /** How many differences were found, and why suites had no turn. */
  differences = 0;
  readonly unavailable = new Map<SuiteName, string>();
  private readonly running = new Map<Promise<void>, SuiteName>();
  private readonly children = new Set<ChildProcess>();
  private isStopped = false;

  constructor(private readonly options: ExplorationOptions) {}

  /** @throws whatever a turn throws, once the others have ended */
  async run(): Promise<void> {
    try {
      await this.turns();
    } catch (error) {
      this.stop();
      await Promise.allSettled(this.running.keys());
      throw error;
    }
  }

  private async turns(): Promise<void> {
    const { suites, lanes, until = Infinity } = this.options;
    for (;;) {
      const next = !this.isStopped && Date.now() < until ? nextOf(suites, [...this.running.values()], lanes) : undefined;
      if (next) {
        const turn: Promise<void> = this.turn(next).finally(() => this.running.delete(turn));
        this.running.set(turn, next.name);
      } else if (this.running.size > 0) {
        await Promise.race(this.running.keys());
      } else {
        return;
      }
    }
  }

  /** Ends what runs: what isn't recorded yet is not recorded. */
  stop(): void {
    this.isStopped = true;
    for (const child of this.children) child.kill('SIGTERM');
  }

  private async turn(progress: Progress): Promise<void> {
    const { seed = () => randomInt(1, LARGEST), turn = turnOf } = this.options;
    const { name } = progress;
    const suite = suiteOf(name);
    const inputs = hashOf(suite.inputs);
    const from = Date.now();
    try {
      const done = await turn(suite, seed(), progress.begin(), (child) => this.guard(child));
      const seconds = (Date.now() - from) / 1000;
      progress.end(seconds, done.count);
      if (!this.isStopped) this.record(name, done, { inputs, seconds });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      progress.giveUp();
      this.unavailable.set(name, error.message);
      this.options.print(`${name}: not explored: ${error.message}`);
    }
  }

  private guard(child: ChildProcess): void {
    this.children.add(child);
    child.once('close', () => this.children.delete(child));
    if (this.isStopped) child.kill('SIGTERM');
  }

  private record(name: SuiteName, turn: Turn, { inputs, seconds }: { readonly inputs: string; readonly seconds: number }): void {
    const { print, file = RECORD_FILE } = this.options;
    const { unit, inputs: paths, runs } = suiteOf(name);
    this.differences += turn.differences;
    if (turn.differences > 0) for (const line of turn.text) print(`  ${line}`);
    // What was judged in the middle of a change is a find, if it is one, and counts for no state.
    if (hashOf(paths) !== inputs) {
      print(`${name}: its inputs changed meanwhile, so that ${turn.count} ${unit} aren't counted`);
      if (turn.differences === 0) return;
    }
    const { explored } = changeRecord(name, (former) => withTurn(former, turn, { inputs, date: new Date().toISOString().slice(0, 10) }), file);
    const others = [turn.withoutVerdict > 0 ? `${turn.withoutVerdict} without a verdict, ` : '', turn.unsteady > 0 ? `${turn.unsteady} unsteady, ` : ''].join('');
    print(`${name}: ${turn.count} ${unit} of seed ${turn.seed}, ${others}${turn.differences} differences; ${explored!.count} and ${explored!.differences} so far; ${Math.round(seconds)} s`);
    if (turn.differences > 0) print(`  again: ${againOf(name, turn, runs!)}`);
  }
}

function againOf(name: SuiteName, { seed, asked }: Turn, runs: Runs): string {
  return 'jest' in runs ? `SEED=${seed} TIMES=${asked} npx jest --ci ${runs.jest.join(' ')}` : `npm run explore -- --suite ${name}=${asked} --seed ${seed}`;
}
