import { Decision, Decisions } from './connections/decisions';
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
export function summarize(decisions: Decisions): Summary {
  const outcomes: Record<Outcome, number> = { mtls: 0, tls: 0, plaintext: 0, broken: 0, undecided: 0 };
  const undecided: Partial<Record<UndecidedReason, number>> = {};
  for (const decision of decisions.all()) {
    const { clients } = decision.classes;
    for (const leg of decision.legs) {
      const count = leg.only ? Number(concerns(leg, leg.only)) : clients - calledBySelf(leg, decision, decisions);
      outcomes[leg.outcome] += count;
      if (leg.undecidedBecause) undecided[leg.undecidedBecause] = (undecided[leg.undecidedBecause] ?? 0) + count;
    }
  }
  return { connections: Object.values(outcomes).reduce((sum, count) => sum + count, 0), outcomes, undecided };
}

/** How many of a decision's clients would call themselves, or call themselves another way. */
function calledBySelf({ endpoint, except }: Leg, { classes }: Decision, decisions: Decisions): number {
  const has = (workload: Workload | undefined): boolean => workload !== undefined && classes.has(decisions.classOf(workload));
  return Number(has(endpoint?.workload)) + Number(except !== endpoint?.workload && has(except));
}
