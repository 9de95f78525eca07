/** A request as the server's proxy sees it. */
export interface SeenRequest {
  /** The container's port. */
  readonly port: number;
  /** The caller's identity without `spiffe://`; undefined: it shows no certificate. */
  readonly principal?: string;
  /** Its HTTP fields; undefined if it isn't HTTP. */
  readonly http?: {
    readonly method?: string;
    readonly path?: string;
    readonly host?: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** Of a valid token. */
    readonly token?: { readonly iss: string; readonly sub: string } & Readonly<Record<string, string>>;
  };
}

/**
 * Whether policies let a request pass to a pod that all of them select, as Istio's RBAC filters decide it: any DENY that
 * matches refuses; where there is an ALLOW, one must match. Of a rule for a TCP connection an ALLOW with a field of HTTP is
 * left out, and a DENY loses those fields.
 */
export function passes(policies: readonly any[], request: SeenRequest): boolean {
  const enforced = policies.filter(({ metadata }) => metadata.annotations?.['istio.io/dry-run'] !== 'true');
  const matching = (action: string) => enforced.filter(({ spec }) => (spec.action ?? 'ALLOW') === action && (spec.rules ?? []).some((rule: any) => ruleMatches(rule, action, request)));
  const allowing = enforced.filter(({ spec }) => (spec.action ?? 'ALLOW') === 'ALLOW');
  return matching('DENY').length === 0 && (allowing.length === 0 || matching('ALLOW').length > 0);
}

const OF_HTTP = new Set(['hosts', 'methods', 'paths', 'requestPrincipals'].flatMap((list) => [list, `not${list[0].toUpperCase()}${list.slice(1)}`]));
const isOfHttp = (key: string) => OF_HTTP.has(key) || key.startsWith('request.');

function ruleMatches({ from = [], to = [], when = [] }: any, action: string, request: SeenRequest): boolean {
  const conditions = Object.fromEntries(when.map(({ key, values }: any) => [key, values]));
  const entries = [...from.map(({ source }: any) => source), ...to.map(({ operation }: any) => operation), conditions];
  if (!request.http && action === 'ALLOW' && entries.some((entry) => Object.keys(entry).some(isOfHttp))) return false;
  const fits = (entry: object) => Object.entries(entry).every(([key, values]) => (!request.http && isOfHttp(key)) || fieldFits(key, values, request));
  return (from.length === 0 || from.some(({ source }: any) => fits(source)))
    && (to.length === 0 || to.some(({ operation }: any) => fits(operation)))
    && fits(conditions);
}

function fieldFits(key: string, values: string[], request: SeenRequest): boolean {
  const negated = /^not([A-Z])(.*)$/.exec(key);
  if (negated) return !fieldFits(negated[1].toLowerCase() + negated[2], values, request);
  if (key === 'requestPrincipals') return values.some((pattern) => isTokenOf(request.http?.token, pattern));
  const value = valueOf(key, request);
  return value !== undefined && values.some((pattern) => matches(value, pattern));
}

function valueOf(key: string, { port, principal, http = {} }: SeenRequest): string | undefined {
  const { token } = http;
  const named = /^request\.(headers|auth\.claims)\[(.*)\]$/.exec(key);
  if (named) return named[1] === 'headers' ? http.headers?.[named[2]] : token?.[named[2]];
  switch (key) {
    case 'ports': return String(port);
    case 'principals': return principal;
    case 'namespaces': return principal && /\/ns\/([^/]+)\/sa\//.exec(principal)![1];
    case 'methods': return http.method;
    case 'paths': return http.path;
    case 'hosts': return http.host;
    default: throw new Error(`${key} isn't known here`);
  }
}

/** `<iss>/<sub>`: the last slash is between the two. */
function isTokenOf(token: { readonly iss: string; readonly sub: string } | undefined, pattern: string): boolean {
  const slash = pattern.lastIndexOf('/');
  return token !== undefined && matches(token.iss, pattern.slice(0, slash)) && matches(token.sub, pattern.slice(slash + 1));
}

function matches(value: string, pattern: string): boolean {
  if (pattern.startsWith('*')) return value !== '' && value.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}
