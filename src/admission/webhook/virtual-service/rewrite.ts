import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeRegex } from '../values/regex';

/** Objects to the first thing in a rewrite that can't be. */
export function judgeRewrite(at: Objections, rewrite: any): void {
  if (!rewrite) return;
  const regex = rewrite.uriRegexRewrite;
  if (rewrite.uri && regex) {
    return objectTo(at.at('uriRegexRewrite'), `set together with uri ${shown(rewrite.uri)}`, 'uri or uriRegexRewrite, not both');
  }
  if (!rewrite.uri && !regex && !rewrite.authority) return objectTo(at, 'without a new value', 'uri, uriRegexRewrite or authority');
  if (regex) judgeRegexRewrite(at.at('uriRegexRewrite'), regex);
}

function judgeRegexRewrite(at: Objections, regex: any): void {
  const missing = ['match', 'rewrite'].find((field) => !regex[field]);
  if (missing) return objectTo(at.at(missing), shown(regex[missing]), 'match and rewrite both');
  judgeRegex(at.at('match'), regex.match);
}

function objectTo(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT444',
    actual,
    expected,
    because: 'the request couldn\'t be given one new form',
    fix: 'say one way how the request is rewritten',
  });
}
