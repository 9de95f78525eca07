import { ApiFields } from '../fields';
import { checkMadeBy, Refuse } from '../refuse';

/**
 * How a string in a request is compared.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export class StringMatch {
  /** Matches the whole string. */
  public static exact(text: string): StringMatch {
    return new StringMatch({ exact: text });
  }

  /** Matches the beginning of the string. */
  public static prefix(text: string): StringMatch {
    return new StringMatch({ prefix: text });
  }

  /** Matches the whole string with a regular expression in RE2 syntax. */
  public static regex(expression: string): StringMatch {
    return new StringMatch({ regex: expression });
  }

  /** Matches any value, if present: for headers and query parameters. */
  public static present(): StringMatch {
    return new StringMatch({});
  }

  private constructor(private readonly fields: { readonly [how: string]: string }) {}

  /** @internal */
  public _render(): { readonly [how: string]: string } {
    return this.fields;
  }
}

/**
 * The requests that a rule of a route applies to: all given conditions must match. At least one.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export interface HttpRouteMatch {
  /**
   * The path, without the query: Envoy removes the query before it compares. For the query, use `queryParams`.
   *
   * @default - any
   */
  readonly uri?: StringMatch;

  /**
   * Whether an exact or prefix `uri` ignores case.
   *
   * @default false
   */
  readonly ignoreUriCase?: boolean;

  /**
   * The method, such as `GET`.
   *
   * @default - any
   */
  readonly method?: StringMatch;

  /**
   * The Host header, or `:authority`.
   *
   * @default - any
   */
  readonly authority?: StringMatch;

  /**
   * Headers, with lowercase names.
   *
   * @default - any
   */
  readonly headers?: { readonly [name: string]: StringMatch };

  /**
   * Headers that a request must not match, with lowercase names.
   *
   * @default - none
   */
  readonly withoutHeaders?: { readonly [name: string]: StringMatch };

  /**
   * Query parameters by name.
   *
   * @default - any
   */
  readonly queryParams?: { readonly [name: string]: StringMatch };

  /**
   * The **Service's** port that is called.
   *
   * @default - any
   */
  readonly port?: number;

  /**
   * Labels of the client pods.
   *
   * @default - any
   */
  readonly sourceLabels?: { readonly [key: string]: string };

  /**
   * The namespace of the client pods.
   *
   * @default - any
   */
  readonly sourceNamespace?: string;
}

/** The conditions with Istio's field names. */
export function routeMatches(matches: readonly HttpRouteMatch[], refuse: Refuse): ApiFields[] {
  if (matches.length === 0 || matches.some((match) => Object.values(match).every((value) => value === undefined))) {
    throw refuse({
      code: 'API037',
      field: 'http.match',
      actual: matches.length === 0 ? 'empty' : 'an empty entry',
      expected: 'at least one match, each with a condition',
      because: 'the rule would match all requests, and later rules would never apply',
      fix: 'add a condition, or pass what the rule has to the route itself',
    });
  }
  return matches.map((match) => (
    Object.fromEntries(Object.entries(match).map(([field, value]) => [field, comparedBy(field, value, refuse)]))));
}

function comparedBy(field: string, value: unknown, refuse: Refuse): unknown {
  if (value instanceof StringMatch) return value._render();
  if (['headers', 'withoutHeaders', 'queryParams'].includes(field)) {
    return Object.fromEntries(Object.entries(value as object).map(([name, one]) => {
      checkMadeBy('StringMatch', { field: `http.match.${field}.${name}`, value: one, member: '_render' }, refuse);
      return [name, (one as StringMatch)._render()];
    }));
  }
  if (['uri', 'method', 'authority'].includes(field)) {
    checkMadeBy('StringMatch', { field: `http.match.${field}`, value, member: '_render' }, refuse);
  }
  return value;
}
