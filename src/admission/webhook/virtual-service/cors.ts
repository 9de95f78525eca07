import { judgeFilledStringMatch } from './string-match';
import { Objections } from '../objections';
import { judgeDuration, judgeWholeSeconds } from '../values/duration';
import { judgeCorsHeader } from '../values/header-name';
import { judgeWord, Vocabulary } from '../values/word';

const METHODS: Vocabulary = {
  words: new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']),
  meaning: 'an HTTP method in capitals, or \'*\'',
  example: 'GET',
};

/** Objects to origins, methods, headers or an age that CORS can't have. */
export function judgeCors(at: Objections, cors: any): void {
  if (!cors) return;
  each(cors.allowOrigins, (origin, index) => judgeFilledStringMatch(at.at('allowOrigins', index), origin));
  each(cors.allowMethods, (method, index) => judgeWord(at.at('allowMethods', index), method, METHODS));
  for (const field of ['allowHeaders', 'exposeHeaders']) {
    each(cors[field], (name, index) => judgeCorsHeader(at.at(field, index), name));
  }
  judgeDuration(at.at('maxAge'), cors.maxAge);
  judgeWholeSeconds(at.at('maxAge'), cors.maxAge);
}

function each(list: readonly any[] | undefined, judge: (item: any, index: number) => void): void {
  (list ?? []).forEach(judge);
}
