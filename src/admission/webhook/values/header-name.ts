import { shown } from '../../../findings/safe-text';
import { ObjectionText, Objections } from '../objections';

/** A token of HTTP, and ',', which istiod's own expression lets pass. */
const TOKEN = /^[!#$%&'*+,\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO_HEADERS = [':method', ':scheme', ':authority', ':path', ':status'];
const CLAIMS = '@request.auth.claims';
/** Unicode folds `ſ` to `s`, and so does istiod. */
const HOST = /^host$/iu;
const AUTHORITY = /^(?::authority|host)$/iu;

/** Objects to a header that can't be matched: no token, pseudo-header or claim. */
export function judgeMatchedHeader(at: Objections, name: string): void {
  if (!isClaimHeader(name) && !PSEUDO_HEADERS.includes(name) && !TOKEN.test(name)) at.error(noToken(name));
}

/** Objects to a header that CORS can't name. */
export function judgeCorsHeader(at: Objections, name: string): void {
  if (!TOKEN.test(name)) at.error(noToken(name));
}

/** Objects to a header that a request can't be given; the authority may be. */
export function judgeSetRequestHeader(at: Objections, name: string): void {
  if (name === '' || (name.startsWith(':') && !isAuthorityHeader(name))) at.error(fixedHeader(name));
}

/** Objects to a header that can't be removed, or set on a response. */
export function judgeChangedHeader(at: Objections, name: string): void {
  if (name === '' || name.startsWith(':') || HOST.test(name)) at.error(fixedHeader(name));
}

/** Whether a name is made of letters, digits, `-` and `_` alone, which is less than HTTP allows. */
export function isStrictHeaderName(name: string): boolean {
  return /^[-_A-Za-z0-9]+$/.test(name);
}

export function isAuthorityHeader(name: string): boolean {
  return AUTHORITY.test(name);
}

/** Whether a header stands for a claim of the request's token: `@request.auth.claims.group` or `…claims[group]`. */
export function isClaimHeader(name: string): boolean {
  if (!name.toLowerCase().startsWith(CLAIMS)) return false;
  const claim = name.slice(CLAIMS.length);
  return /^\.[^]/.test(claim) || /^\[[^]+\]$/.test(claim);
}

function noToken(name: string): ObjectionText {
  return {
    code: 'ADMIT437',
    actual: `the header ${shown(name)}`,
    expected: 'a header\'s name: letters, digits and any of !#$%&\'*+-.^_`|~',
    because: 'no request has such a header',
    fix: 'write a header such as \'x-version\'',
  };
}

function fixedHeader(name: string): ObjectionText {
  return {
    code: 'ADMIT437',
    actual: `the header ${shown(name)}`,
    expected: 'a header that may be changed here, neither empty nor with \':\' in front nor host',
    because: 'Envoy sets these itself',
    fix: 'name another header; rewrite.authority changes the host, rewrite.uri the path',
  };
}
