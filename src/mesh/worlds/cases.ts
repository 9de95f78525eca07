import { Condition, MissingInjection } from '../../findings/condition';
import { factKey } from '../workloads/missing-injection';

/** What holds with certain values of missing facts. No other case of the same facts has the same values. */
export interface Case<T> {
  /** All of them hold. */
  readonly conditions: readonly Condition[];
  readonly value: T;
}

/** Something in which each missing fact has a value. */
interface Valued {
  /** The keys of the facts that are true; all others are false. */
  readonly facts: ReadonlySet<string>;
}

/**
 * Tells what some facts decide, in as few cases as possible: a fact that makes no difference isn't a condition.
 *
 * @param valueOf what holds in the worlds of a case, of which there may be none
 * @param textOf equal texts for values that don't differ
 */
export function casesOf<W extends Valued, T>(
  worlds: readonly W[], facts: readonly MissingInjection[], valueOf: (worlds: readonly W[]) => T, textOf: (value: T) => string,
): readonly [Case<T>, ...Case<T>[]] {
  const split = (some: readonly W[], [fact, ...others]: readonly MissingInjection[], known: readonly Condition[]): Cases<T> => {
    if (fact === undefined) return [{ conditions: known, value: valueOf(some) }];
    const [held, failed] = [true, false].map((holds) => (
      split(some.filter((world) => world.facts.has(factKey(fact)) === holds), others, [...known, { ...fact, holds }])));
    return areAlike(held, failed, known.length, textOf) ? without(held, known.length) : [...held, ...failed];
  };
  return split(worlds, facts, []);
}

type Cases<T> = readonly [Case<T>, ...Case<T>[]];

/** Whether two lists of cases differ in nothing but the fact whose value they are for. */
function areAlike<T>(some: Cases<T>, others: Cases<T>, fact: number, textOf: (value: T) => string): boolean {
  const texts = [some, others].map((cases) => cases.map(({ conditions, value }) => {
    const further = conditions.slice(fact + 1).map((condition) => `${factKey(condition)} ${condition.holds}`);
    return [...further, textOf(value)].join();
  }).join('\n'));
  return texts[0] === texts[1];
}

/** The cases without the condition that makes no difference. */
function without<T>([first, ...others]: Cases<T>, index: number): Cases<T> {
  const shortened = (one: Case<T>): Case<T> => ({ ...one, conditions: one.conditions.filter((_, at) => at !== index) });
  return [shortened(first), ...others.map(shortened)];
}
