import { StageCheck } from './stage-check';
import { Move, Versions } from './stage-states';
import { Checks } from './stages';
import { StageVerdict, StageWitness, worstVerdict } from './verdict';

/** Checks stages in several cases of a mesh at once: a stage is as bad as in the worst case. */
export class JointCheck implements Checks {
  private readonly cases = new WeakMap<StageWitness, number>();

  constructor(private readonly checks: readonly StageCheck[]) {}

  check(from: Versions, moves: readonly Move[]): StageVerdict {
    return worstVerdict(this.each((check) => check.check(from, moves)));
  }

  checkMore(from: Versions, moves: readonly Move[], some: readonly Move[]): StageVerdict {
    return worstVerdict(this.each((check) => check.checkMore(from, moves, some)));
  }

  forget(): void {
    for (const check of this.checks) check.forget();
  }

  /** The index of the case in which something falls, or may. */
  caseOf(witness: StageWitness): number {
    return this.cases.get(witness)!;
  }

  /** The verdict in each case. */
  verdicts(from: Versions, moves: readonly Move[]): readonly StageVerdict[] {
    return [...this.each((check) => check.check(from, moves))];
  }

  private* each(verdictOf: (check: StageCheck) => StageVerdict): Generator<StageVerdict> {
    for (const [index, check] of this.checks.entries()) {
      const verdict = verdictOf(check);
      if (verdict.witness) this.cases.set(verdict.witness, index);
      yield verdict;
    }
  }
}
