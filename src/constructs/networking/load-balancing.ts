import { Duration } from 'cdk8s';
import { seconds } from '../fields';

/** A cookie by which requests of one client get to one endpoint. */
export interface HashCookieOptions {
  /**
   * How long the cookie lives that the proxy makes where there is none; zero: for the session.
   *
   * @default - none is made
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
 * How a client's proxy chooses among the endpoints of a host. Localities and warm-up go by `otherSettings`.
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
  /** The one with fewer open requests, of two that are chosen at random. Istio's default. */
  public static leastRequest(): LoadBalancing {
    return new LoadBalancing({ simple: 'LEAST_REQUEST' });
  }

  /** One after the other. */
  public static roundRobin(): LoadBalancing {
    return new LoadBalancing({ simple: 'ROUND_ROBIN' });
  }

  /** At random. */
  public static random(): LoadBalancing {
    return new LoadBalancing({ simple: 'RANDOM' });
  }

  /** The address that the client called, as it is. */
  public static passthrough(): LoadBalancing {
    return new LoadBalancing({ simple: 'PASSTHROUGH' });
  }

  /** The same endpoint for requests with the same value of a header. */
  public static byHeader(name: string): LoadBalancing {
    return new LoadBalancing({ consistentHash: { httpHeaderName: name } });
  }

  /** The same endpoint for requests with the same cookie. */
  public static byCookie(name: string, { ttl, path }: HashCookieOptions = {}): LoadBalancing {
    return new LoadBalancing({ consistentHash: { httpCookie: { name, path, ttl: seconds(ttl) } } });
  }

  /** The same endpoint for requests with the same value of a query parameter. */
  public static byQueryParameter(name: string): LoadBalancing {
    return new LoadBalancing({ consistentHash: { httpQueryParameterName: name } });
  }

  /** The same endpoint for connections from the same address, as the client's proxy sees it. */
  public static bySourceIp(): LoadBalancing {
    return new LoadBalancing({ consistentHash: { useSourceIp: true } });
  }

  private constructor(private readonly settings: Record<string, unknown>) {}

  /** @internal */
  public _render(): Record<string, unknown> {
    return this.settings;
  }
}
