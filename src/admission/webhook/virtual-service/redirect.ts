import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgePort } from '../values/port';

const TARGETS = ['uri', 'prefixRewrite', 'authority', 'scheme'];

/** Objects to the first thing in a redirect that can't be. */
export function judgeRedirect(at: Objections, redirect: any, matches: readonly any[]): void {
  if (!redirect) return;
  if (redirect.uri && redirect.prefixRewrite) {
    return objectTo(at.at('prefixRewrite'), `${shown(redirect.prefixRewrite)} together with uri`, 'uri or prefixRewrite, not both');
  }
  if (redirect.prefixRewrite && matches.some((match) => match.uri && match.uri.prefix === undefined)) {
    return objectTo(at.at('prefixRewrite'), shown(redirect.prefixRewrite), 'matches of the route by uri.prefix only');
  }
  if (!leadsSomewhere(redirect)) return objectTo(at, 'without a target', 'uri, prefixRewrite, authority, scheme or port');
  const code = redirect.redirectCode ?? 0;
  if (code !== 0 && (code < 300 || code > 399)) return objectTo(at.at('redirectCode'), shown(code), 'a status from 300 to 399');
  if (!['', 'http', 'https'].includes(redirect.scheme ?? '')) {
    return objectTo(at.at('scheme'), shown(redirect.scheme), '\'http\' or \'https\'');
  }
  if (redirect.port > 0) judgePort(at.at('port'), redirect.port);
}

function leadsSomewhere(redirect: any): boolean {
  return TARGETS.some((field) => redirect[field]) || redirect.port !== undefined || redirect.derivePort !== undefined;
}

function objectTo(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT444',
    actual,
    expected,
    because: 'the client couldn\'t be told one place to go to',
    fix: 'say one way where the redirect leads',
  });
}
