import { Decision } from './connections/decisions';
import { concerns, Leg } from './connections/leg';
import { Outcome, UndecidedReason } from './connections/outcome';
import { Workload } from './workloads/workload';

/** How many connections come to what. */
export interface Summary {
  readonly connections: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly undecided: Readonly<Partial<Record<UndecidedReason, number>>>;
}

/** Counts connections without making them: a decision counts once for each of its clients. */
export function summarize(decisions: Iterable<Decision>): Summary {
  const outcomes: Record<Outcome, number> = { mtls: 0, tls: 0, plaintext: 0, broken: 0, undecided: 0 };
  const undecided: Partial<Record<UndecidedReason, number>> = {};
  for (const { classes, legs } of decisions) {
    const clients = classes.reduce((sum, { workloads }) => sum + workloads.length, 0);
    for (const leg of legs) {
      const count = countOf(leg, clients, classes);
      outcomes[leg.outcome] += count;
      if (leg.undecidedBecause) undecided[leg.undecidedBecause] = (undecided[leg.undecidedBecause] ?? 0) + count;
    }
  }
  return { connections: Object.values(outcomes).reduce((sum, count) => sum + count, 0), outcomes, undecided };
}

/** How many clients go this way: all but those that would call themselves. */
function countOf(leg: Leg, clients: number, classes: Decision['classes']): number {
  const has = (workload: Workload): boolean => classes.some(({ workloads }) => workloads.includes(workload));
  if (leg.only) return Number(concerns(leg, leg.only));
  const left = new Set([leg.endpoint?.workload, leg.except].filter((workload) => workload !== undefined && has(workload)));
  return clients - left.size;
}
