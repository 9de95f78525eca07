import { judgeFilledStringMatch } from './http-match';
import { CorsPolicy, HeaderOperations, Headers, HTTPRewrite, HTTPRoute, RegexRewrite } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { judgeDuration, judgeWholeSeconds } from '../values/durations';
import { each, FieldJudges, judgeFields } from '../values/fields';
import { isAuthorityHeader, judgeChangedHeader, judgeCorsHeader, judgeHeaderValue, judgeSetRequestHeader } from '../values/headers';
import { judgeRegex } from '../values/regex';
import { judgeWord, Vocabulary } from '../values/words';

/** Rejects the first fault in a rewrite. */
export function judgeRewrite(at: Objections, rewrite: HTTPRewrite | undefined): void {
  if (!rewrite) return;
  const regex = rewrite.uriRegexRewrite;
  if (rewrite.uri && regex) {
    return objectTo(at.at('uriRegexRewrite'), `set together with uri ${shown(rewrite.uri)}`, 'uri or uriRegexRewrite, not both');
  }
  if (!rewrite.uri && !regex && !rewrite.authority) return objectTo(at, 'without a new value', 'uri, uriRegexRewrite or authority');
  if (regex) judgeRegexRewrite(at.at('uriRegexRewrite'), regex);
}

function judgeRegexRewrite(at: Objections, { match, rewrite }: RegexRewrite): void {
  if (!match) objectTo(at.at('match'), shown(match), 'match and rewrite both');
  else if (!rewrite) objectTo(at.at('rewrite'), shown(rewrite), 'match and rewrite both');
  else judgeRegex(at.at('match'), match);
}

function objectTo(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT444',
    actual,
    expected,
    because: 'a request can only be rewritten in one way',
    fix: 'keep one of the rewrites',
  });
}

/** Rejects headers that a route can't set, add or remove. */
export function judgeHeaderChanges(at: Objections, headers: Headers | undefined): void {
  judgeOperations(at.at('request'), headers?.request, judgeSetRequestHeader);
  judgeOperations(at.at('response'), headers?.response, judgeChangedHeader);
}

function judgeOperations(
  at: Objections, operations: HeaderOperations | undefined, judgeName: (at: Objections, name: string) => void,
): void {
  for (const field of ['add', 'set'] as const) {
    for (const [name, value] of Object.entries(operations?.[field] ?? {})) {
      judgeName(at.at(field, name), name);
      judgeHeaderValue(at.at(field, name), value);
    }
  }
  operations?.remove?.forEach((name, index) => judgeChangedHeader(at.at('remove', index), name));
}

/** Rejects an authority that a route changes in more than one way. */
export function judgeAuthority(at: Objections, route: HTTPRoute): void {
  let current = route.rewrite?.authority ?? '';
  for (const field of ['set', 'add'] as const) {
    for (const [name, value] of Object.entries(route.headers?.request?.[field] ?? {})) {
      if (!isAuthorityHeader(name)) continue;
      if (current !== '') return objectToSecond(at.at('headers', 'request', field, name), current, value);
      current = value;
    }
  }
}

function objectToSecond(at: Objections, current: string, value: string): void {
  at.error({
    code: 'ADMIT433',
    actual: `${shown(value)}, after the authority became ${shown(current)}`,
    expected: 'the authority changed once',
    because: 'a request has one authority',
    fix: 'keep rewrite.authority, and remove the header',
  });
}

const METHODS: Vocabulary = {
  words: new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*']),
  meaning: 'an HTTP method in capitals, or \'*\'',
  example: 'GET',
};

const CORS: FieldJudges<CorsPolicy> = {
  allowOrigins: each(judgeFilledStringMatch),
  allowMethods: each((at, method) => judgeWord(at, method, METHODS)),
  allowHeaders: each(judgeCorsHeader),
  exposeHeaders: each(judgeCorsHeader),
  maxAge: (at, age) => {
    judgeDuration(at, age);
    judgeWholeSeconds(at, age);
  },
};

/** Rejects origins, methods, headers or an age that CORS doesn't allow. */
export function judgeCors(at: Objections, cors: CorsPolicy | undefined): void {
  judgeFields(at, cors, CORS);
}
