import { Duration } from 'cdk8s';
import { seconds } from '../fields';

/** A cookie that binds a client's requests to one endpoint. */
export interface HashCookieOptions {
  /**
   * The lifetime of the cookie that the proxy sets if a request has none. Zero means a session cookie.
   *
   * @default - the proxy sets no cookie
   */
  readonly ttl?: Duration;

  /**
   * The cookie's path.
   *
   * @default - none
   */
  readonly path?: string;
}

/**
 * How a client's proxy chooses among the endpoints of a host. For locality settings and warm-up, use `otherSettings`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings
 * @example
 *
 * import { App, Chart, Duration } from 'cdk8s';
 * import { Destination, LoadBalancing } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * new Destination(shop, 'carts', {
 *   host: 'carts',
 *   loadBalancing: LoadBalancing.byCookie('session', { ttl: Duration.hours(1) }),
 * });
 */
export class LoadBalancing {
  /** Of two random endpoints, the one with fewer active requests: LEAST_REQUEST. Istio's default. */
  public static leastRequest(): LoadBalancing {
    return new LoadBalancing({ simple: 'LEAST_REQUEST' });
  }

  /** Each endpoint in turn: ROUND_ROBIN. */
  public static roundRobin(): LoadBalancing {
    return new LoadBalancing({ simple: 'ROUND_ROBIN' });
  }

  /** A random endpoint: RANDOM. */
  public static random(): LoadBalancing {
    return new LoadBalancing({ simple: 'RANDOM' });
  }

  /** The address that the client called, without load balancing: PASSTHROUGH. */
  public static passthrough(): LoadBalancing {
    return new LoadBalancing({ simple: 'PASSTHROUGH' });
  }

  /** The same endpoint for all requests with the same value of a header. */
  public static byHeader(name: string): LoadBalancing {
    return new LoadBalancing({ consistentHash: { httpHeaderName: name } });
  }

  /** The same endpoint for all requests with the same cookie. */
  public static byCookie(name: string, { ttl, path }: HashCookieOptions = {}): LoadBalancing {
    return new LoadBalancing({ consistentHash: { httpCookie: { name, path, ttl: seconds(ttl) } } });
  }

  /** The same endpoint for all requests with the same value of a query parameter. */
  public static byQueryParameter(name: string): LoadBalancing {
    return new LoadBalancing({ consistentHash: { httpQueryParameterName: name } });
  }

  /** The same endpoint for all connections from the same IP address, as the client's proxy sees it. */
  public static bySourceIp(): LoadBalancing {
    return new LoadBalancing({ consistentHash: { useSourceIp: true } });
  }

  private constructor(private readonly settings: Record<string, unknown>) {}

  /** @internal */
  public _render(): Record<string, unknown> {
    return this.settings;
  }
}
