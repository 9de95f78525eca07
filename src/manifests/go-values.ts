import { isIPv4, isIPv6 } from 'node:net';

/** More than Go's signed 64 bits hold. */
const INT64 = 2n ** 63n;

/** Whether Go's `strconv.ParseBool` accepts the text. */
export function isGoBool(text: string): boolean {
  return /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text);
}

/** An unsigned number, as Go's `strconv.ParseUint` reads it. */
export function isGoUint(text: string, largest: number): boolean {
  return /^\d+$/.test(text) && Number(text) <= largest;
}

/** A whole number, as Go's `strconv.Atoi` reads it. */
export function isGoIntegerIn(text: string, smallest: number, largest: number): boolean {
  return /^[+-]?\d+$/.test(text) && Number(text) >= smallest && Number(text) <= largest;
}

/** The number that Go's `strconv.Atoi` reads from a text; `undefined` if it fails. */
export function parseGoInteger(text: string): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return value >= -INT64 && value < INT64 ? Number(value) : undefined;
}

/** An IPv4 or IPv6 address, including zones (`fe80::1%eth0`), as Go's `netip.ParseAddr` reads it. */
export function isGoIpAddress(text: string): boolean {
  if (isIPv4(text)) return true;
  const zone = text.indexOf('%');
  if (zone < 0) return isIPv6(text);
  return zone < text.length - 1 && isIPv6(text.slice(0, zone));
}

/** An address and a prefix length, as Go's `netip.ParsePrefix` reads them: no zone, no leading zero in the length. */
export function isGoCidr(text: string): boolean {
  const slash = text.lastIndexOf('/');
  const [address, length] = [text.slice(0, slash), text.slice(slash + 1)];
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || address.includes('%') || !isGoIpAddress(address)) return false;
  return Number(length) <= (isIPv4(address) ? 32 : 128);
}

const NANOSECONDS: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const PART = /([0-9]*)(?:(\.)([0-9]*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;

/** The nanoseconds that Go's `time.ParseDuration` reads from a text such as `1m30s` or `250ms`; `undefined` if it fails. */
export function parseGoDuration(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0n;
  const sum = sumOfParts(rest);
  if (sum === undefined || sum > INT64 || (!negative && sum === INT64)) return undefined;
  return negative ? -sum : sum;
}

function sumOfParts(text: string): bigint | undefined {
  if (text === '') return undefined;
  let sum = 0n;
  for (PART.lastIndex = 0; PART.lastIndex < text.length;) {
    const part = PART.exec(text);
    if (!part || part[1] + (part[3] ?? '') === '') return undefined;
    const unit = NANOSECONDS[part[4]];
    const count = countOf(part[1]);
    if (count === undefined) return undefined;
    sum += count * unit + fraction(part[3] ?? '', unit);
    if (sum > INT64) return undefined;
  }
  return sum;
}

/** Undefined beyond 64 bits; a text with more digits isn't parsed. */
function countOf(digits: string): bigint | undefined {
  const significant = digits.replace(/^0+/, '');
  return significant.length > 19 ? undefined : BigInt(significant || '0');
}

/** As Go multiplies the fraction in floating point, `0.001` of a unit may be rounded down. */
function fraction(digits: string, unit: bigint): bigint {
  let counted = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = counted * 10n + BigInt(digit);
    if (counted > (INT64 - 1n) / 10n || next > INT64) break;
    counted = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(counted) * (Number(unit) / scale)));
}

/** A URL as the API server's CEL sees it. The CRDs only ask for its scheme. */
interface GoUrl {
  readonly scheme: string;
}

const CONTROL = /[\x00-\x1f\x7f]/; // eslint-disable-line no-control-regex
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*$/;
const PERCENT_ENCODED = /^(?:[^%]|%[0-9a-fA-F]{2})*$/s;
const USER_INFO = /^[\w\-.:~!$&'()*+,;=%@]*$/;
const HOST = /^(?:[\w\-.~!$&'()*+,;=:[\]<>"]|[^\x00-\x7f]|%25|%[89a-fA-F][0-9a-fA-F])*$/; // eslint-disable-line no-control-regex
const OPTIONAL_PORT = /^(?::\d*)?$/;

/**
 * A URL or undefined, exactly as Go's `url.ParseRequestURI` and `url.Parse`, which Kubernetes' isURL() and url() use: they
 * accept neither what RFC 3986 nor what WHATWG's `URL` accepts.
 */
export function parseGoUrl(text: string): GoUrl | undefined {
  const scheme = requestScheme(text);
  if (scheme === undefined) return undefined;
  const [beforeFragment, fragment = ''] = cut(text, '#');
  const whole = requestScheme(beforeFragment);
  return whole !== undefined && PERCENT_ENCODED.test(fragment) ? { scheme: whole } : undefined;
}

/** Whether `url.ParseRequestURI` accepts it, which doesn't parse fragments. */
export function isGoUrl(text: string): boolean {
  return requestScheme(text) !== undefined;
}

/** The scheme, possibly empty, of a text that is a request URI. */
function requestScheme(text: string): string | undefined {
  if (text === '' || CONTROL.test(text)) return undefined;
  if (text === '*') return '';
  const scheme = schemeOf(text);
  if (scheme === undefined) return undefined;
  const [rest] = cut(scheme === '' ? text : text.slice(scheme.length + 1), '?');
  if (!rest.startsWith('/')) return scheme === '' ? undefined : scheme.toLowerCase();
  if (scheme === '' || !rest.startsWith('//')) return PERCENT_ENCODED.test(rest) ? scheme.toLowerCase() : undefined;
  const slash = rest.indexOf('/', 2);
  const [authority, path] = slash < 0 ? [rest.slice(2), ''] : [rest.slice(2, slash), rest.slice(slash)];
  return isAuthority(scheme.toLowerCase(), authority) && PERCENT_ENCODED.test(path) ? scheme.toLowerCase() : undefined;
}

/** Undefined for an incomplete or empty scheme. */
function schemeOf(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon === 0) return undefined;
  return colon > 0 && SCHEME.test(text.slice(0, colon)) ? text.slice(0, colon) : '';
}

function isAuthority(scheme: string, authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const userInfo = authority.slice(0, Math.max(at, 0));
  return USER_INFO.test(userInfo) && PERCENT_ENCODED.test(userInfo) && isHost(scheme, authority.slice(at + 1));
}

function isHost(scheme: string, host: string): boolean {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return false;
  if (bracket === 0) {
    const end = host.lastIndexOf(']');
    return end > 0 && OPTIONAL_PORT.test(host.slice(end + 1)) && isBracketed(host.slice(1, end));
  }
  const colon = /^https?$/.test(scheme) ? host.indexOf(':') : host.lastIndexOf(':');
  return HOST.test(host) && (colon < 0 || OPTIONAL_PORT.test(host.slice(colon)));
}

/** An IPv6 address, optionally with a zone after `%25`. */
function isBracketed(hostname: string): boolean {
  const [address, zone] = cut(hostname, '%25');
  return isIPv6(address) && (zone === undefined || (zone !== '' && HOST.test(zone)));
}

function cut(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
