import { Counting, Decisions } from './connections/decisions';
import { Outcome, UndecidedReason } from './connections/outcome';
import { transportOf } from './connections/path';

/** How many connections come to what. */
export interface Summary {
  readonly connections: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly undecided: Readonly<Partial<Record<UndecidedReason, number>>>;
}

/**
 * Counts connections without making them: a decision counts once for each of its clients.
 *
 * @param counting which of them count; all unless given
 */
export function summarize(decisions: Decisions, counting: Counting = decisions): Summary {
  const outcomes: Record<Outcome, number> = { mtls: 0, tls: 0, plaintext: 0, broken: 0, undecided: 0 };
  const undecided: Partial<Record<UndecidedReason, number>> = {};
  for (const decision of decisions.all()) {
    for (const path of decision.paths) {
      const count = counting.count(decision, path);
      if (count === 0) continue;
      const { outcome, undecidedBecause } = transportOf(path);
      outcomes[outcome] += count;
      if (undecidedBecause) undecided[undecidedBecause] = (undecided[undecidedBecause] ?? 0) + count;
    }
  }
  return { connections: Object.values(outcomes).reduce((sum, count) => sum + count, 0), outcomes, undecided };
}

/** How many connections are undecided, of those that count; of all other ways nothing is asked. */
export function countUndecided(decisions: Decisions, counting: Counting = decisions): number {
  let undecided = 0;
  for (const decision of decisions.all()) {
    for (const path of decision.paths) if (transportOf(path).outcome === 'undecided') undecided += counting.count(decision, path);
  }
  return undecided;
}
