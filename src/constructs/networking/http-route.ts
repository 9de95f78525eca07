import { Duration } from 'cdk8s';
import { ApiFields, seconds } from '../fields';
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

/** How failed requests are retried. */
export interface HttpRetries {
  /** The maximum number of retries; 0 turns retries off. */
  readonly attempts: number;

  /**
   * The timeout of each attempt, 1 ms or longer.
   *
   * @default - that of the whole request
   */
  readonly perTryTimeout?: Duration;

  /**
   * The conditions for a retry: Envoy's names, or status codes.
   *
   * @default - Istio's: connect-failure, refused-stream, unavailable, cancelled, 503
   */
  readonly retryOn?: string[];

  /**
   * The minimum time between retries, which grows with each one; 1 ms or longer.
   *
   * @default - Istio's: 25 milliseconds
   */
  readonly backoff?: Duration;
}

/**
 * A fault that a proxy injects into a share of the requests, to test callers.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection
 */
export class HttpFault {
  /**
   * Delays requests.
   *
   * @param percentage of the requests, 0 to 100
   */
  public static delay(by: Duration, percentage: number): HttpFault {
    return new HttpFault('delay', { fixedDelay: seconds(by), percentage: { value: percentage } });
  }

  /**
   * Answers requests with an HTTP status instead of forwarding them.
   *
   * @param status 200 to 599
   * @param percentage of the requests, 0 to 100
   */
  public static abort(status: number, percentage: number): HttpFault {
    return new HttpFault('abort', { httpStatus: status, percentage: { value: percentage } });
  }

  /**
   * Answers requests with a gRPC status, such as `UNAVAILABLE`, instead of forwarding them.
   *
   * @param percentage of the requests, 0 to 100
   */
  public static abortGrpc(status: string, percentage: number): HttpFault {
    return new HttpFault('abort', { grpcStatus: status, percentage: { value: percentage } });
  }

  private constructor(
    /** @internal */
    public readonly _field: 'delay' | 'abort',
    /** @internal */
    public readonly _value: ApiFields,
  ) {}
}

/** Settings for the requests of a route or one of its rules. Omitted settings are Istio's defaults. */
export interface HttpRouteSettings {
  /**
   * The timeout of a request, including all retries.
   *
   * @default - Istio's: no limit
   */
  readonly timeout?: Duration;

  /**
   * How failed requests are retried.
   *
   * @default - Istio's: two retries, or those of the mesh config
   */
  readonly retries?: HttpRetries;

  /**
   * Faults for a share of the requests: at most one delay and one abort.
   *
   * @default - none
   */
  readonly faults?: HttpFault[];
}

/** The settings with Istio's field names. */
export function routeSettings({ timeout, retries, faults = [] }: HttpRouteSettings, refuse: Refuse): ApiFields {
  for (const value of faults) checkMadeBy('HttpFault', { field: 'faults', value, member: '_field' }, refuse);
  const twice = faults.find(({ _field }, index) => faults.findIndex((other) => other._field === _field) !== index);
  if (twice) {
    throw refuse({
      code: 'MTLS037',
      field: `http.fault.${twice._field}`,
      actual: 'given twice',
      expected: 'at most one',
      because: 'only one can be written',
      fix: 'remove one, or move it to another rule',
    });
  }
  return {
    timeout: seconds(timeout),
    retries: retries && {
      ...retries, perTryTimeout: seconds(retries.perTryTimeout), backoff: seconds(retries.backoff), retryOn: retries.retryOn?.join(','),
    },
    fault: faults.length === 0 ? undefined : Object.fromEntries(faults.map(({ _field, _value }) => [_field, _value])),
  };
}

/** The conditions with Istio's field names. */
export function routeMatches(matches: readonly HttpRouteMatch[], refuse: Refuse): ApiFields[] {
  if (matches.length === 0 || matches.some((match) => Object.values(match).every((value) => value === undefined))) {
    throw refuse({
      code: 'MTLS037',
      field: 'http.match',
      actual: matches.length === 0 ? 'empty' : 'an empty entry',
      expected: 'at least one match, each with a condition',
      because: 'the rule would match all requests, and later rules would never apply',
      fix: "add a condition, or use the route's own 'to'",
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
