import { re2Fault } from './re2';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const LONGEST = 1024;

/** Objects to a regular expression that is empty, too long or not RE2. */
export function judgeRegex(at: Objections, regex: string): void {
  const fault = regexFault(regex);
  if (!fault) return;
  at.error({
    code: 'ADMIT411',
    actual: `${shown(regex)} with ${fault}`,
    expected: `a regular expression in RE2's syntax, of at most ${LONGEST} bytes`,
    because: 'Envoy matches with RE2, which has neither look-around nor backreferences',
    fix: 'rewrite the expression, see https://github.com/google/re2/wiki/Syntax',
  });
}

function regexFault(regex: string): string | undefined {
  if (regex === '') return 'nothing in it';
  const length = Buffer.byteLength(regex);
  return length > LONGEST ? `${length} bytes` : re2Fault(regex);
}
