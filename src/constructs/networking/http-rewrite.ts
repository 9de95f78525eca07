/**
 * How a path is rewritten by a regular expression.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#RegexRewrite
 */
export interface HttpRegexRewrite {
  /** The regular expression in RE2 syntax; all that it matches of the path is replaced. */
  readonly match: string;

  /** What replaces it, with `\1` to `\9` for what its groups match. */
  readonly rewrite: string;
}

/**
 * How requests change before they are forwarded. At least one of its properties.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite
 */
export interface HttpRewrite {
  /**
   * What replaces the prefix by which a rule matches the path, or the whole path if it matches otherwise. Not with
   * `uriRegexRewrite`.
   *
   * @default - the path stays as it is
   */
  readonly uri?: string;

  /**
   * How the path changes by a regular expression. Not with `uri`.
   *
   * @default - the path stays as it is
   */
  readonly uriRegexRewrite?: HttpRegexRewrite;

  /**
   * The Host header, or `:authority`.
   *
   * @default - that of the request
   */
  readonly authority?: string;
}
