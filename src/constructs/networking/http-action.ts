import { Duration } from 'cdk8s';
import { Backend } from './backend';
import { headerFields, HttpHeaderChanges } from './http-header-changes';
import { checkRedirect, HttpRedirect } from './http-redirect';
import { HttpRewrite } from './http-rewrite';
import { ApiFields, seconds } from '../fields';
import { checkMadeBy, Refuse } from '../refuse';

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

/**
 * Where requests of a route or one of its rules go, and how. Omitted settings are Istio's defaults. A redirect excludes everything
 * else but `responseHeaders`, because redirected requests aren't forwarded.
 */
export interface HttpAction {
  /**
   * The Services or subsets that get the requests. Each needs a weight unless it is the only one. Not empty.
   *
   * @default - the called Service itself, without a subset; none with `redirect`
   */
  readonly to?: Backend[];

  /**
   * Where requests are redirected to, instead of being forwarded.
   *
   * @default - they are forwarded
   */
  readonly redirect?: HttpRedirect;

  /**
   * How the path and the host change before requests are forwarded.
   *
   * @default - they stay as they are
   */
  readonly rewrite?: HttpRewrite;

  /**
   * How headers change before requests are forwarded.
   *
   * @default - they stay as they are
   */
  readonly requestHeaders?: HttpHeaderChanges;

  /**
   * How headers of responses change, also of a redirect's.
   *
   * @default - they stay as they are
   */
  readonly responseHeaders?: HttpHeaderChanges;

  /**
   * The timeout of a request, including all retries.
   *
   * @default - Istio's: no limit
   */
  readonly timeout?: Duration;

  /**
   * How failed requests are retried. `perTryTimeout` may not exceed `timeout`.
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

  /**
   * The Services or subsets that get copies of the requests. Responses to copies are discarded.
   *
   * @default - none
   */
  readonly mirrors?: Backend[];
}

/** The settings without backends, with Istio's field names. */
export function actionSettings(action: HttpAction, refuse: Refuse): ApiFields {
  const { redirect, rewrite, requestHeaders, responseHeaders, timeout, retries, faults = [] } = action;
  if (redirect !== undefined) {
    checkRedirectAlone(action, refuse);
    checkRedirect(redirect, refuse);
  }
  checkTries(timeout, retries?.perTryTimeout, refuse);
  for (const value of faults) checkMadeBy('HttpFault', { field: 'faults', value, member: '_field' }, refuse);
  const twice = faults.find(({ _field }, index) => faults.findIndex((other) => other._field === _field) !== index);
  if (twice) {
    throw refuse({
      code: 'API037',
      field: `http.fault.${twice._field}`,
      actual: 'given twice',
      expected: 'at most one',
      because: 'only one can be written',
      fix: 'remove one, or move it to another rule',
    });
  }
  return {
    redirect: redirect && { ...redirect },
    rewrite: rewrite && { ...rewrite },
    headers: headerFields({ request: requestHeaders, response: responseHeaders }, refuse),
    timeout: seconds(timeout),
    retries: retries && {
      ...retries, perTryTimeout: seconds(retries.perTryTimeout), backoff: seconds(retries.backoff), retryOn: retries.retryOn?.join(','),
    },
    fault: faults.length === 0 ? undefined : Object.fromEntries(faults.map(({ _field, _value }) => [_field, _value])),
  };
}

/** What a redirect excludes, as istiod rejects it, or ignores it. */
const EXCLUDED = {
  to: 'istiod rejects the combination',
  faults: 'istiod rejects the combination',
  rewrite: 'istiod rejects the combination',
  requestHeaders: 'Istio would ignore them: a redirected request isn\'t forwarded',
  mirrors: 'Istio would ignore them: a redirected request isn\'t forwarded',
  timeout: 'Istio would ignore it: a redirected request isn\'t forwarded',
  retries: 'Istio would ignore them: a redirected request isn\'t forwarded',
} as const;

function checkRedirectAlone(action: HttpAction, refuse: Refuse): void {
  const given = Object.keys(EXCLUDED) as (keyof typeof EXCLUDED)[];
  const excluded = given.find((name) => action[name] !== undefined);
  if (excluded === undefined) return;
  throw refuse({
    code: 'API037',
    field: 'http.redirect',
    actual: `given together with '${excluded}'`,
    expected: 'only one of them',
    because: EXCLUDED[excluded],
    fix: `remove '${excluded}', or redirect in a rule of its own`,
  });
}

/** Rejects a time for each attempt that the time for all of them cuts short. Without a timeout, or with one of 0, there is no limit. */
function checkTries(timeout: Duration | undefined, perTry: Duration | undefined, refuse: Refuse): void {
  if (timeout === undefined || perTry === undefined) return;
  const [limit, each] = [timeout, perTry].map((duration) => duration.toMilliseconds({ integral: false }));
  if (limit === 0 || each <= limit) return;
  throw refuse({
    code: 'API037',
    field: 'http.retries.perTryTimeout',
    actual: seconds(perTry)!,
    expected: `at most the timeout, ${seconds(timeout)}`,
    because: 'the request ends before its first attempt may',
    fix: "raise 'timeout', which includes all attempts",
  });
}
