import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeRegex } from '../values/regex';

/** Objects to a bad regex or an empty prefix; nothing for a missing match. */
export function judgeStringMatch(at: Objections, match: any): void {
  judgeStringRegex(at, match);
  if (match?.prefix === '') objectToEmpty(at.at('prefix'), '');
}

/** The same where an empty prefix is allowed and matches everything, as in `uri`. */
export function judgeStringRegex(at: Objections, match: any): void {
  if (match?.regex !== undefined) judgeRegex(at.at('regex'), match.regex);
}

/** The same where even an exact match must not be empty. */
export function judgeFilledStringMatch(at: Objections, match: any): void {
  const kind = ['exact', 'prefix', 'regex'].find((field) => match[field] !== undefined);
  if (!kind) objectToEmpty(at, undefined);
  else if (match[kind] === '') objectToEmpty(at.at(kind), '');
  else judgeStringRegex(at, match);
}

function objectToEmpty(at: Objections, actual: string | undefined): void {
  at.error({
    code: 'ADMIT439',
    actual: shown(actual),
    expected: 'a text to match',
    because: 'Envoy refuses to match nothing',
    fix: 'write the text, or remove the match to let everything pass',
  });
}
