import { Duration } from 'cdk8s';
import { ApiFields, seconds } from '../fields';
import { checkMadeBy, Refuse } from '../refuse';

/**
 * How a text of a request is compared.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch
 */
export class StringMatch {
  /** The whole text. */
  public static exact(text: string): StringMatch {
    return new StringMatch({ exact: text });
  }

  /** What the text begins with. */
  public static prefix(text: string): StringMatch {
    return new StringMatch({ prefix: text });
  }

  /** A regular expression of RE2 for the whole text. */
  public static regex(expression: string): StringMatch {
    return new StringMatch({ regex: expression });
  }

  /** Anything, as long as it is there: for headers and query parameters. */
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
 * Which requests a rule of a route is for: all that is given must match. At least one.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export interface HttpRouteMatch {
  /**
   * The path, with its query.
   *
   * @default - any
   */
  readonly uri?: StringMatch;

  /**
   * Whether small and capital letters of `uri` are the same, where it is exact or a prefix.
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
   * Headers by their names in small letters.
   *
   * @default - any
   */
  readonly headers?: { readonly [name: string]: StringMatch };

  /**
   * Headers that a request must not have so.
   *
   * @default - none
   */
  readonly withoutHeaders?: { readonly [name: string]: StringMatch };

  /**
   * Query parameters by their names.
   *
   * @default - any
   */
  readonly queryParams?: { readonly [name: string]: StringMatch };

  /**
   * The **Service's** port that was called.
   *
   * @default - any
   */
  readonly port?: number;

  /**
   * Labels of the pods that call.
   *
   * @default - any
   */
  readonly sourceLabels?: { readonly [key: string]: string };

  /**
   * The namespace of the pods that call.
   *
   * @default - any
   */
  readonly sourceNamespace?: string;
}

/** How a request is tried again that failed. */
export interface HttpRetries {
  /** How often, beyond the first time; 0 turns retries off. */
  readonly attempts: number;

  /**
   * How long each may take, 1 ms or longer.
   *
   * @default - as long as the request as a whole
   */
  readonly perTryTimeout?: Duration;

  /**
   * What is tried again, by Envoy's names or as status codes.
   *
   * @default - Istio's: connect-failure, refused-stream, unavailable, cancelled, 503
   */
  readonly retryOn?: string[];

  /**
   * The least time between two, which grows, 1 ms or longer.
   *
   * @default - Istio's: 25 milliseconds
   */
  readonly backoff?: Duration;
}

/**
 * What a proxy does to a part of the requests so that callers can be tried.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection
 */
export class HttpFault {
  /**
   * Passes requests on later.
   *
   * @param percentage of the requests, 0 to 100
   */
  public static delay(by: Duration, percentage: number): HttpFault {
    return new HttpFault('delay', { fixedDelay: seconds(by), percentage: { value: percentage } });
  }

  /**
   * Answers requests itself, by an HTTP status.
   *
   * @param status 200 to 599
   * @param percentage of the requests, 0 to 100
   */
  public static abort(status: number, percentage: number): HttpFault {
    return new HttpFault('abort', { httpStatus: status, percentage: { value: percentage } });
  }

  /**
   * Answers requests itself, by a status of gRPC such as `UNAVAILABLE`.
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

/** Settings for the requests of a route or of one of its rules. Omitted settings are Istio's defaults. */
export interface HttpRouteSettings {
  /**
   * How long a request may take, with all that is tried again.
   *
   * @default - Istio's: no limit
   */
  readonly timeout?: Duration;

  /**
   * How a request is tried again that failed.
   *
   * @default - Istio's: twice, unless the mesh config says otherwise
   */
  readonly retries?: HttpRetries;

  /**
   * Faults for a part of the requests: at most one delay, and one abort.
   *
   * @default - none
   */
  readonly faults?: HttpFault[];
}

/** The settings by Istio's names. */
export function routeSettings({ timeout, retries, faults = [] }: HttpRouteSettings, refuse: Refuse): ApiFields {
  for (const value of faults) checkMadeBy('HttpFault', { field: 'faults', value, member: '_field' }, refuse);
  const twice = faults.find(({ _field }, index) => faults.findIndex((other) => other._field === _field) !== index);
  if (twice) {
    throw refuse({
      code: 'MTLS037', field: `http.fault.${twice._field}`, actual: 'given twice', expected: 'at most one', because: 'only one could be written', fix: 'remove one, or make a rule of its own for it',
    });
  }
  return {
    timeout: seconds(timeout),
    retries: retries && { ...retries, perTryTimeout: seconds(retries.perTryTimeout), backoff: seconds(retries.backoff), retryOn: retries.retryOn?.join(',') },
    fault: faults.length === 0 ? undefined : Object.fromEntries(faults.map(({ _field, _value }) => [_field, _value])),
  };
}

/** Which requests are meant, by Istio's names. */
export function routeMatches(matches: readonly HttpRouteMatch[], refuse: Refuse): ApiFields[] {
  if (matches.length === 0 || matches.some((match) => Object.values(match).every((value) => value === undefined))) {
    throw refuse({
      code: 'MTLS037',
      field: 'http.match',
      actual: matches.length === 0 ? 'empty' : 'an entry that says nothing',
      expected: 'at least one match, each with something to compare',
      because: 'the rule would be for all requests, and no later one would ever count',
      fix: "name what to compare, or say it by the route's own 'to'",
    });
  }
  return matches.map((match) => Object.fromEntries(Object.entries(match).map(([field, value]) => [field, comparedBy(field, value, refuse)])));
}

function comparedBy(field: string, value: unknown, refuse: Refuse): unknown {
  if (value instanceof StringMatch) return value._render();
  if (['headers', 'withoutHeaders', 'queryParams'].includes(field)) {
    return Object.fromEntries(Object.entries(value as object).map(([name, one]) => {
      checkMadeBy('StringMatch', { field: `http.match.${field}.${name}`, value: one, member: '_render' }, refuse);
      return [name, (one as StringMatch)._render()];
    }));
  }
  if (['uri', 'method', 'authority'].includes(field)) checkMadeBy('StringMatch', { field: `http.match.${field}`, value, member: '_render' }, refuse);
  return value;
}
