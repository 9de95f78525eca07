import { LeftOut, leftOutIn, leftOutText } from '../analysis/left-out';
import { enumerated } from '../findings/enumerated';
import { numeral } from '../findings/numeral';
import { redactedValue } from '../findings/redacted-value';
import { nameOf, ObjectName, objectText } from '../mesh/inventory/object';
import type { UndeclaredCall } from '../mesh/plan/undeclared-call';
import type { PlanBothWays } from '../mesh/worlds/plan-both-ways';

/** The connections after the change that no stage is proven for, because workloads declare other calls both before and after. */
export interface PlanLeftOut extends LeftOut {
  /** How many of them the change itself breaks, leaves in plaintext or undecided, or ends, in whatever order it is applied. */
  readonly worsened: Readonly<Record<'broken' | 'plaintext' | 'undecided' | 'lost', number>>;
  /**
   * How many calls, each of a client to a host and port, are worse during the stages than before and after. Where facts about injection
   * are missing, in the case in which they are most. 0 without stages.
   */
  readonly worseMeanwhile: number;
  /** How many may be: they are undecided meanwhile. */
  readonly undecidedMeanwhile: number;
  /** Whether all of them were examined. `false`: some go through too many states. */
  readonly isExamined: boolean;
  /** The first of the calls that are worse, or may be. Missing if there are none. */
  readonly example?: UndeclaredExample;
}

/** A call that no workload declares. */
interface UndeclaredExample {
  readonly client: ObjectName;
  /** The host and port that the client calls. */
  readonly calls: string;
  /**
   * The number of the stage, from 1.
   *
   * @minimum 1
   */
  readonly stage: number;
}

/** Undefined if the plan holds for every possible call. */
export function planLeftOut({ undeclared }: Pick<PlanBothWays, 'undeclared'>): PlanLeftOut | undefined {
  const counted = undeclared && (leftOutIn(undeclared.declared.after) ?? leftOutIn(undeclared.declared.before));
  if (!counted) return undefined;
  const { worsened, fallen, isOpen } = undeclared;
  const countOf = (wanted: UndeclaredCall['verdict']): number => fallen.filter(({ verdict }) => verdict === wanted).length;
  const [first] = fallen;
  return {
    ...redactedValue(counted),
    worsened,
    worseMeanwhile: countOf('unsafe'),
    undecidedMeanwhile: countOf('unproven'),
    isExamined: !isOpen,
    ...first && { example: redactedValue({ client: nameOf(first.client), calls: first.key, stage: first.stage + 1 }) },
  };
}

/**
 * `70 possible connections are left out, …; the change itself breaks 2 of them; meanwhile 3 undeclared calls are worse, such as …`.
 * Empty if there is nothing to say.
 *
 * @param hint what plans for them; stated only where there is anything to plan for
 * @param all whether all workloads are named
 */
export function planLeftOutText(leftOut: PlanLeftOut, hint?: string, all = false): string {
  const { worsened: { broken, plaintext, undecided, lost }, worseMeanwhile, undecidedMeanwhile, isExamined, example } = leftOut;
  const change = [
    ...broken > 0 ? [`breaks ${numeral(broken)} of them`] : [],
    ...plaintext > 0 ? [`leaves ${numeral(plaintext)} of them in plaintext`] : [],
    ...undecided > 0 ? [`leaves ${numeral(undecided)} of them undecided`] : [],
    ...lost > 0 ? [`ends ${numeral(lost)} of them`] : [],
  ];
  const meanwhile = [
    ...worseMeanwhile > 0 ? [`${callsText(worseMeanwhile)} worse`] : [],
    ...undecidedMeanwhile > 0 ? [`${callsText(undecidedMeanwhile)} undecided`] : [],
  ];
  const such = example ? `, such as ${objectText(example.client)} → ${example.calls} in stage ${example.stage}` : '';
  return leftOutText(leftOut, hint, all, [
    ...change.length > 0 ? [`the change itself ${enumerated(change)}`] : [],
    ...meanwhile.length > 0 ? [`meanwhile ${meanwhile.join(' and ')}${such}`] : [],
    ...isExamined ? [] : ['others go through too many states to be examined'],
  ]);
}

function callsText(calls: number): string {
  return calls === 1 ? '1 undeclared call is' : `${numeral(calls)} undeclared calls are`;
}
