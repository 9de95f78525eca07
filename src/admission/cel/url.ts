import { isIPv6 } from 'node:net';

/** A URL as the API server's CEL knows it. The CRDs ask only for its scheme. */
export interface Url {
  readonly scheme: string;
}

const CONTROL = /[\x00-\x1f\x7f]/; // eslint-disable-line no-control-regex
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*$/;
const PERCENT_ENCODED = /^(?:[^%]|%[0-9a-fA-F]{2})*$/s;
const USER_INFO = /^[\w\-.:~!$&'()*+,;=%@]*$/;
const HOST = /^(?:[\w\-.~!$&'()*+,;=:[\]<>"]|[^\x00-\x7f]|%25|%[89a-fA-F][0-9a-fA-F])*$/; // eslint-disable-line no-control-regex
const OPTIONAL_PORT = /^(?::\d*)?$/;

/**
 * A URL or undefined, by the letter of Go's url.ParseRequestURI and url.Parse, which Kubernetes' isURL() and url() ask:
 * what they take is neither what RFC 3986 nor what WHATWG's `URL` takes.
 */
export function parseUrl(text: string): Url | undefined {
  const scheme = requestScheme(text);
  if (scheme === undefined) return undefined;
  const [beforeFragment, fragment = ''] = cut(text, '#');
  const whole = requestScheme(beforeFragment);
  return whole !== undefined && PERCENT_ENCODED.test(fragment) ? { scheme: whole } : undefined;
}

/** Only what url.ParseRequestURI says; it knows no fragments. */
export function isUrl(text: string): boolean {
  return requestScheme(text) !== undefined;
}

/** The scheme, perhaps empty, of a text that is the URI of a request. */
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

/** Undefined where a scheme is begun but empty. */
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

/** An IPv6 address, with a zone after `%25` perhaps. */
function isBracketed(hostname: string): boolean {
  const [address, zone] = cut(hostname, '%25');
  return isIPv6(address) && (zone === undefined || (zone !== '' && HOST.test(zone)));
}

function cut(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
