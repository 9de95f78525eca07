import { Finding, reaches, Severity, SEVERITIES } from './finding';
import { shown } from './shown';

/**
 * What makes a run fail: findings of a severity or worse, connections that aren't decided, documents that were
 * skipped; `never`, alone: nothing.
 */
export const FAIL_WORDS = [...SEVERITIES, 'undecided', 'skipped', 'never'] as const;

export type FailWord = typeof FAIL_WORDS[number];

export type FailOn = readonly FailWord[];

/** Unless told. */
export const FAIL_ON_ERROR: FailOn = ['error'];

/**
 * The words of a list, such as `error,undecided`.
 *
 * @param words those that there are
 * @throws if there is another one, none, or `never` beside others
 */
export function readFailOn(list: string | readonly unknown[], words: FailOn = FAIL_WORDS): FailOn {
  const given = typeof list === 'string' ? list.split(',').map((word) => word.trim()) : list;
  const fault = faultIn(given, words);
  if (fault) throw new Error(`failOn is ${fault.actual}; expected ${fault.expected}`);
  return given as FailOn;
}

/** What is wrong with a list of words. */
export function faultIn(given: readonly unknown[], words: FailOn): Pick<Finding, 'actual' | 'expected'> | undefined {
  const wrong = given.filter((word) => !words.includes(word as FailWord));
  if (given.length === 0 || wrong.length > 0) return { actual: wrong.length === 0 ? 'empty' : shown(wrong[0]), expected: `one or several of ${words.join(', ')}` };
  return given.includes('never') && given.length > 1 ? { actual: '\'never\' beside other words', expected: 'it alone' } : undefined;
}

/** Whether a finding makes a run fail. */
export function failsOn({ severity }: Pick<Finding, 'severity'>, failOn: FailOn): boolean {
  return failOn.some((word) => isSeverity(word) && reaches(severity, word));
}

function isSeverity(word: FailWord): word is Severity {
  return (SEVERITIES as readonly string[]).includes(word);
}
