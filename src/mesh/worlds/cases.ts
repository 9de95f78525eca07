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

/** How the values of cases are had from worlds, and compared. */
interface CaseValues<W, T> {
  /** What holds in the worlds of a case, of which there may be none. */
  of(worlds: readonly W[]): T;
  /** Equal texts for values that don't differ. */
  text(value: T): string;
  /** What holds in both of two cases whose values don't differ. */
  both(value: T, other: T): T;
}

/** Tells what some facts decide, in as few cases as possible: a fact that makes no difference isn't a condition. */
export function casesOf<W extends Valued, T>(
  worlds: readonly W[], facts: readonly MissingInjection[], values: CaseValues<W, T>,
): readonly [Case<T>, ...Case<T>[]] {
  const split = (some: readonly W[], [fact, ...others]: readonly MissingInjection[], known: readonly Condition[]): Cases<T> => {
    if (fact === undefined) return [{ conditions: known, value: values.of(some) }];
    const [held, failed] = [true, false].map((holds) => (
      split(some.filter((world) => world.facts.has(factKey(fact)) === holds), others, [...known, { ...fact, holds }])));
    return areAlike(held, failed, known.length, values) ? merged(held, failed, known.length, values) : [...held, ...failed];
  };
  return split(worlds, facts, []);
}

type Cases<T> = readonly [Case<T>, ...Case<T>[]];

/** Whether two lists of cases differ in nothing but the fact whose value they are for. */
function areAlike<T>(some: Cases<T>, others: Cases<T>, fact: number, { text }: Pick<CaseValues<never, T>, 'text'>): boolean {
  const texts = [some, others].map((cases) => cases.map(({ conditions, value }) => {
    const further = conditions.slice(fact + 1).map((condition) => `${factKey(condition)} ${condition.holds}`);
    return [...further, text(value)].join();
  }).join('\n'));
  return texts[0] === texts[1];
}

/** The cases without the condition that makes no difference. */
function merged<T>(
  [first, ...others]: Cases<T>, [same, ...further]: Cases<T>, index: number, { both }: Pick<CaseValues<never, T>, 'both'>,
): Cases<T> {
  const shortened = (one: Case<T>, other: Case<T>): Case<T> => (
    { conditions: one.conditions.filter((_, at) => at !== index), value: both(one.value, other.value) });
  return [shortened(first, same), ...others.map((one, at) => shortened(one, further[at]))];
}
