import { matchesPattern } from './identity';
import { isTemplate } from './normal-form';
import { Mapping, mapping } from '../../manifests/mapping';

/** What is known of a request; undefined: unknown. */
export interface RequestFacts {
  readonly method?: string;
  /** With its port, if the caller sends it. */
  readonly host?: string;
  /** Without query and fragment, normalized. */
  readonly path?: string;
  /** By name in lower case: all of them, if any. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a valid token that a RequestAuthentication asks for; empty: there is none. */
  readonly claims?: Mapping;
}

const OF_TOKEN = 'request.auth.';

/** Whether a request has one of the values that a policy lists for an attribute; undefined: unknown. */
export function requestMatches(attribute: string, values: readonly string[], request: RequestFacts): boolean | undefined {
  switch (attribute) {
    case 'request.method': return present(request.method, values, matchesPattern);
    case 'request.host': return present(request.host, values, (host, pattern) => matchesPattern(host.toLowerCase(), pattern.toLowerCase()));
    case 'request.path': return present(request.path, values, matchesPath);
    default:
      if (attribute.startsWith(OF_TOKEN)) return tokenMatches(attribute, values, request.claims);
      return attribute.startsWith('request.headers[') ? headerMatches(attribute, values, request.headers) : undefined;
  }
}

/** Of what every request has. */
function present(value: string | undefined, values: readonly string[], matches: typeof matchesPattern): boolean | undefined {
  if (values.includes('*')) return true;
  return value === undefined ? undefined : values.some((pattern) => matches(value, pattern));
}

function matchesPath(path: string, pattern: string): boolean {
  return isTemplate(pattern) ? templateOf(pattern).test(path) : matchesPattern(path, pattern);
}

const WILDCARDS: Readonly<Record<string, string>> = { '{*}': '[^/\\[\\]]+', '{**}': '[^\\[\\]]*' };

function templateOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/\{\*\*?\}|[.*+?^${}()|[\]\\]/g, (found) => WILDCARDS[found] ?? `\\${found}`)}$`);
}

/** In brackets: `request.headers[x-id]`, `request.auth.claims[realm][roles]`. */
function keysOf(attribute: string): readonly string[] {
  return attribute.slice(attribute.indexOf('[') + 1, -1).split('][');
}

function headerMatches(attribute: string, values: readonly string[], headers: RequestFacts['headers']): boolean | undefined {
  const [name] = keysOf(attribute.toLowerCase());
  // Envoy has the method, the path and the host under other names than a request does.
  if (!headers || name.startsWith(':') || name === 'host') return undefined;
  const value = headers[name];
  return value !== undefined && (values.includes('*') || values.some((pattern) => matchesPattern(value, pattern)));
}

function tokenMatches(attribute: string, values: readonly string[], claims: Mapping | undefined): boolean | undefined {
  if (!claims) return undefined;
  const isListed = (one: unknown): boolean => typeof one === 'string' && values.some((pattern) => matchesPattern(one, pattern));
  const isIn = (claim: unknown): boolean => [claim].flat().some(isListed);
  switch (attribute) {
    case 'request.auth.principal': return values.some((pattern) => isPrincipal(claims, pattern));
    case 'request.auth.audiences': return isIn(claims.aud);
    case 'request.auth.presenter': return isIn(claims.azp);
    default: return isIn(keysOf(attribute).reduce<unknown>((claim, key) => mapping(claim)[key], claims));
  }
}

/** `<issuer>/<subject>`, of which either may be a pattern, but not both, and `*` alone asks for both. */
function isPrincipal({ iss, sub }: Mapping, value: string): boolean {
  if (typeof iss !== 'string' || typeof sub !== 'string') return false;
  const slash = value.lastIndexOf('/');
  const [issuer, subject] = slash < 0 ? [value, ''] : [value.slice(0, slash), value.slice(slash + 1)];
  if (value === '*') return iss !== '' && sub !== '';
  if (slash < 0 && value.startsWith('*')) return iss !== '' && matchesPattern(sub, value);
  if (slash < 0 && value.endsWith('*')) return matchesPattern(iss, value) && sub !== '';
  if (value.startsWith('*')) return matchesPattern(iss, issuer) && sub === subject;
  if (value.endsWith('*')) return iss === issuer && matchesPattern(sub, subject);
  return iss === issuer && sub === subject;
}
