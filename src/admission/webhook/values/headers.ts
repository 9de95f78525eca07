import { shown } from '../../../findings/safe-text';
import { Objections, ObjectionText } from '../../objection';

/** An HTTP token, plus ',', which istiod's own expression accepts. */
const TOKEN = /^[!#$%&'*+,\-.^_`|~A-Za-z0-9]+$/;
const PSEUDO_HEADERS = [':method', ':scheme', ':authority', ':path', ':status'];
const CLAIMS = '@request.auth.claims';
/** Unicode folds `ſ` to `s`, and so does istiod. */
const HOST = /^host$/iu;
const AUTHORITY = /^(?::authority|host)$/iu;

/** Rejects a header that can't be matched: not a token, pseudo-header or claim. */
export function judgeMatchedHeader(at: Objections, name: string): void {
  if (!isClaimHeader(name) && !PSEUDO_HEADERS.includes(name) && !TOKEN.test(name)) at.error(noToken(name));
}

/** Rejects a header that CORS can't name. */
export function judgeCorsHeader(at: Objections, name: string): void {
  if (!TOKEN.test(name)) at.error(noToken(name));
}

/** Rejects a header that can't be set on a request; the authority can. */
export function judgeSetRequestHeader(at: Objections, name: string): void {
  if (name === '' || (name.startsWith(':') && !isAuthorityHeader(name))) at.error(fixedHeader(name));
}

/** Rejects a header that can't be removed, or set on a response. */
export function judgeChangedHeader(at: Objections, name: string): void {
  if (name === '' || name.startsWith(':') || HOST.test(name)) at.error(fixedHeader(name));
}

/** Whether a name has only letters, digits, `-` and `_`, which is less than HTTP allows. */
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
    fix: 'use another header; rewrite.authority changes the host, rewrite.uri the path',
  };
}

type State = 'text' | 'name' | 'arguments' | 'separator' | 'quote' | 'argument' | 'closing' | 'end';

/** The next state after a character; undefined where Envoy's parser fails. */
const NEXT: { readonly [state in State]: (character: string) => State | undefined } = {
  text: (character) => character === '%' ? 'name' : 'text',
  name: (character) => ({ '%': 'text', '(': 'arguments' } as const)[character] ?? 'name',
  arguments: (character) => character === '[' ? 'quote' : character === ' ' ? 'arguments' : 'argument',
  separator: (character) => ({ ',': 'quote', ']': 'closing', ' ': 'separator' } as const)[character],
  quote: (character) => ({ '"': 'argument', ' ': 'quote' } as const)[character],
  argument: (character) => ({ ')': 'end', '"': 'separator' } as const)[character] ?? 'argument',
  closing: (character) => ({ ')': 'end', ' ': 'closing' } as const)[character],
  end: (character) => ({ '%': 'text', ' ': 'end' } as const)[character],
};

/** Rejects a header value with control characters, or with a `%` that neither is doubled nor encloses a variable. */
export function judgeHeaderValue(at: Objections, value: string): void {
  if (!hasControlCharacter(value) && isFormat(value)) return;
  at.error({
    code: 'ADMIT438',
    actual: shown(value),
    expected: 'text without control characters, variables such as %DOWNSTREAM_REMOTE_ADDRESS%, and \'%%\' for a \'%\'',
    because: 'Envoy reads what is between two \'%\' as a variable',
    fix: 'double each literal \'%\'',
  });
}

function hasControlCharacter(value: string): boolean {
  return /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value);
}

function isFormat(value: string): boolean {
  let state: State | undefined = 'text';
  for (let index = 0; index < value.length && state; index += 1) {
    const rest = value.length - index;
    if (state === 'text' && value.startsWith('%%', index)) {
      index += 1;
    } else if (state === 'argument' && value[index] === '\\') {
      if (rest === 1) return false;
      index += 1;
    } else {
      state = NEXT[state](value[index]);
    }
  }
  return state === 'text';
}
