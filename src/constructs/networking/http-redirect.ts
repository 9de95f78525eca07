import { checkWord, Refuse, valueWord } from '../refuse';

/** The schemes of a redirect. */
export enum RedirectScheme {
  /** HTTP without TLS. */
  HTTP = 'http',
  /** HTTP with TLS. */
  HTTPS = 'https',
}

/** How the port of a redirect follows from the request. */
export enum RedirectPort {
  /** 80 for HTTP, 443 for HTTPS. */
  FROM_PROTOCOL_DEFAULT = 'FROM_PROTOCOL_DEFAULT',
  /** The port that the client called. */
  FROM_REQUEST_PORT = 'FROM_REQUEST_PORT',
}

/**
 * Where requests are redirected to. At least one of its properties besides `redirectCode`; the others are those of the request.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect
 */
export interface HttpRedirect {
  /**
   * The path, which replaces the whole path of the request, even if the rule matches a prefix. Not with `prefixRewrite`.
   *
   * @default - that of the request
   */
  readonly uri?: string;

  /**
   * What replaces the prefix by which the rule matches the path. Every `uri` that the rule matches must be a prefix.
   *
   * @default - the path stays as it is
   */
  readonly prefixRewrite?: string;

  /**
   * The host, or `:authority`.
   *
   * @default - that of the request
   */
  readonly authority?: string;

  /**
   * The scheme.
   *
   * @default - that of the request
   */
  readonly scheme?: RedirectScheme;

  /**
   * The port, 1 to 65535. Not with `derivePort`.
   *
   * @default - that of the request's Host header; with another `scheme`, that scheme's default
   */
  readonly port?: number;

  /**
   * How the port follows from the request. Not with `port`.
   *
   * @default - as for `port`
   */
  readonly derivePort?: RedirectPort;

  /**
   * The status: 301, 302, 303, 307 or 308.
   *
   * @default - Istio's: 301
   */
  readonly redirectCode?: number;
}

/** Istio emits no route for others, although its webhook accepts all of 300 to 399. */
const CODES = [301, 302, 303, 307, 308];

/** Rejects a redirect with values that the API has no word for, or that no proxy can apply. Admission judges the others. */
export function checkRedirect({ scheme, port, derivePort, redirectCode }: HttpRedirect, refuse: Refuse): void {
  if (scheme !== undefined) checkWord('http.redirect.scheme', scheme, RedirectScheme, refuse);
  if (derivePort !== undefined) checkWord('http.redirect.derivePort', derivePort, RedirectPort, refuse);
  if (port !== undefined && derivePort !== undefined) {
    throw refuse({
      code: 'API037',
      field: 'http.redirect.derivePort',
      actual: "given together with 'port'",
      expected: 'only one of them',
      because: 'a redirect leads to one port',
      fix: 'remove one',
    });
  }
  if (redirectCode === undefined || CODES.includes(redirectCode)) return;
  throw refuse({
    code: 'API037',
    field: 'http.redirect.redirectCode',
    actual: valueWord(redirectCode),
    expected: `one of ${CODES.join(', ')}`,
    because: 'istiod emits a route without an action for others, and proxies reject all routes of the port',
    fix: 'use 301, or 308 to keep the method',
  });
}
