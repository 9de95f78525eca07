import { Finding, reaches, Severity, SEVERITIES } from './finding';

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
  const given = (typeof list === 'string' ? list.split(',') : list).map((word) => (typeof word === 'string' ? word.trim() : word));
  const wrong = given.find((word) => !words.includes(word as FailWord));
  if (given.length === 0 || wrong !== undefined) {
    throw new Error(`${given.length === 0 ? 'an empty list' : `'${String(wrong)}'`} says nothing of when to fail; expected one or several of ${words.join(', ')}.`);
  }
  if (given.includes('never') && given.length > 1) throw new Error('\'never\' stands beside other words; expected it alone.');
  return given as FailWord[];
}

/** Whether a finding makes a run fail. */
export function failsOn({ severity }: Pick<Finding, 'severity'>, failOn: FailOn): boolean {
  return failOn.some((word) => isSeverity(word) && reaches(severity, word));
}

function isSeverity(word: FailWord): word is Severity {
  return (SEVERITIES as readonly string[]).includes(word);
}
