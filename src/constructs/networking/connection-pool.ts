import { Duration } from 'cdk8s';
import { RefusalDetails } from '../../findings/refusal';
import { checkWord, Refuse } from '../refuse';

/** Limits on the connections of each client's proxy to a host. At least one of `tcp` and `http`. */
export interface ConnectionPool {
  /**
   * Limits on connections of every protocol.
   *
   * @default - Istio's
   */
  readonly tcp?: TcpConnectionPool;

  /**
   * Limits on HTTP requests and their connections.
   *
   * @default - Istio's
   */
  readonly http?: HttpConnectionPool;
}

/** Limits on connections of every protocol. Numbers are 1 or more; durations 1 ms or longer. */
export interface TcpConnectionPool {
  /**
   * The maximum number of HTTP/1.1 and TCP connections from a proxy to the host.
   *
   * @default - Istio's: 2^32 - 1
   */
  readonly maxConnections?: number;

  /**
   * The timeout for opening a connection.
   *
   * @default - Istio's: 10 seconds
   */
  readonly connectTimeout?: Duration;

  /**
   * How long a connection may be idle before it is closed. Applies to HTTP connections too, unless `http.idleTimeout` is set.
   * Zero means no limit.
   *
   * @default - Istio's: 1 hour
   */
  readonly idleTimeout?: Duration;

  /**
   * The maximum lifetime of a connection. A new connection requires a new TLS handshake, so this limits how long a connection
   * outlives the certificates of its handshake.
   *
   * @default - Istio's: no limit
   */
  readonly maxConnectionDuration?: Duration;

  /**
   * TCP keepalive probes.
   *
   * @default - Istio's: none
   */
  readonly tcpKeepalive?: TcpKeepalive;
}

/** TCP keepalive probes (SO_KEEPALIVE). */
export interface TcpKeepalive {
  /**
   * The number of unanswered probes after which a connection is closed.
   *
   * @default - the operating system's: 9 on Linux
   */
  readonly probes?: number;

  /**
   * How long a connection is idle before the first probe.
   *
   * @default - the operating system's: 2 hours on Linux
   */
  readonly time?: Duration;

  /**
   * The time between probes.
   *
   * @default - the operating system's: 75 seconds on Linux
   */
  readonly interval?: Duration;
}

/** Limits on HTTP requests and their connections. Numbers are 1 or more; durations 1 ms or longer. */
export interface HttpConnectionPool {
  /**
   * The maximum number of requests that wait for a connection.
   *
   * @default - Istio's: 2^32 - 1
   */
  readonly http1MaxPendingRequests?: number;

  /**
   * The maximum number of active requests to the host.
   *
   * @default - Istio's: 2^32 - 1
   */
  readonly http2MaxRequests?: number;

  /**
   * The maximum number of requests on a connection. 1 turns keep-alive off, 0 means no limit.
   *
   * @default - Istio's: no limit
   */
  readonly maxRequestsPerConnection?: number;

  /**
   * The maximum number of active retries to the host.
   *
   * @default - Istio's: 2^32 - 1
   */
  readonly maxRetries?: number;

  /**
   * How long a connection may have no request before it is closed.
   *
   * @default - Istio's: 1 hour
   */
  readonly idleTimeout?: Duration;

  /**
   * The maximum number of concurrent streams on an HTTP/2 connection.
   *
   * @default - Istio's: 2^31 - 1
   */
  readonly maxConcurrentStreams?: number;

  /**
   * Whether HTTP/1.1 connections to the host are upgraded to HTTP/2. UPGRADE excludes `useClientProtocol`.
   *
   * @default - Istio's: the mesh config's
   */
  readonly h2UpgradePolicy?: Http2UpgradePolicy;

  /**
   * Whether the proxy sends requests with the protocol that the client used.
   *
   * @default - Istio's: false
   */
  readonly useClientProtocol?: boolean;

  /**
   * HTTP/2 PING frames that keep connections alive.
   *
   * @default - Istio's: none
   */
  readonly http2KeepAlive?: Http2KeepAlive;
}

/** HTTP/2 PING frames that keep connections alive. */
export interface Http2KeepAlive {
  /** The time between PING frames. */
  readonly interval: Duration;

  /** How long the proxy waits for the answer before it closes the connection. */
  readonly timeout: Duration;
}

/**
 * Whether HTTP/1.1 connections are upgraded to HTTP/2.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-HTTPSettings-H2UpgradePolicy
 */
export enum Http2UpgradePolicy {
  /** The mesh config's policy. */
  DEFAULT = 'DEFAULT',
  /** Connections stay HTTP/1.1. */
  DO_NOT_UPGRADE = 'DO_NOT_UPGRADE',
  /** Connections are upgraded to HTTP/2. */
  UPGRADE = 'UPGRADE',
}

const INT32 = 2 ** 31 - 1;

/** Istio's ConnectionPoolSettings. Rejects what the API server or istiod's webhook rejects. */
export function connectionPoolSettings({ tcp, http }: ConnectionPool, refuse: Refuse): Record<string, unknown> {
  const rendering = new Rendering(refuse);
  if (!tcp && !http) {
    throw rendering.refuse('connectionPool', {
      actual: 'empty', expected: 'tcp, http or both', because: 'istiod rejects an empty one', fix: "remove 'connectionPool'",
    });
  }
  return { tcp: tcp && rendering.tcp(tcp), http: http && rendering.http(http) };
}

class Rendering {
  public constructor(private readonly refuseDetails: Refuse) {}

  public tcp({
    maxConnections, connectTimeout, idleTimeout, maxConnectionDuration, tcpKeepalive,
  }: TcpConnectionPool): Record<string, unknown> {
    return {
      maxConnections: this.number('tcp.maxConnections', maxConnections),
      connectTimeout: this.duration('tcp.connectTimeout', connectTimeout),
      idleTimeout: this.duration('tcp.idleTimeout', idleTimeout, 0),
      maxConnectionDuration: this.duration('tcp.maxConnectionDuration', maxConnectionDuration),
      tcpKeepalive: tcpKeepalive && {
        probes: this.number('tcp.tcpKeepalive.probes', tcpKeepalive.probes),
        time: this.duration('tcp.tcpKeepalive.time', tcpKeepalive.time),
        interval: this.duration('tcp.tcpKeepalive.interval', tcpKeepalive.interval),
      },
    };
  }

  public http(http: HttpConnectionPool): Record<string, unknown> {
    const { h2UpgradePolicy, useClientProtocol, http2KeepAlive } = http;
    if (h2UpgradePolicy) checkWord('connectionPool.http.h2UpgradePolicy', h2UpgradePolicy, Http2UpgradePolicy, this.refuseDetails);
    if (useClientProtocol && h2UpgradePolicy === Http2UpgradePolicy.UPGRADE) {
      throw this.refuse('http.useClientProtocol', {
        actual: 'true with h2UpgradePolicy UPGRADE',
        expected: 'only one of them',
        because: "one keeps the client's protocol and the other changes it",
        fix: "remove 'h2UpgradePolicy'",
      });
    }
    return {
      http1MaxPendingRequests: this.number('http.http1MaxPendingRequests', http.http1MaxPendingRequests),
      http2MaxRequests: this.number('http.http2MaxRequests', http.http2MaxRequests),
      maxRequestsPerConnection: this.number('http.maxRequestsPerConnection', http.maxRequestsPerConnection, 0),
      maxRetries: this.number('http.maxRetries', http.maxRetries),
      idleTimeout: this.duration('http.idleTimeout', http.idleTimeout),
      maxConcurrentStreams: this.number('http.maxConcurrentStreams', http.maxConcurrentStreams),
      h2UpgradePolicy,
      useClientProtocol,
      http2KeepAlive: http2KeepAlive && {
        interval: this.duration('http.http2KeepAlive.interval', http2KeepAlive.interval),
        timeout: this.duration('http.http2KeepAlive.timeout', http2KeepAlive.timeout),
      },
    };
  }

  public refuse(field: string, details: Omit<RefusalDetails, 'code' | 'kind' | 'field'>): Error {
    return this.refuseDetails({ code: 'API028', field: field === 'connectionPool' ? field : `connectionPool.${field}`, ...details });
  }

  private number(field: string, value: number | undefined, least = 1): number | undefined {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= INT32)) return value;
    throw this.refuse(field, {
      actual: String(value),
      expected: `an integer from ${least} to ${INT32}`,
      ...value === 0 && { because: 'Istio reads 0 as its default, which is no limit' },
      fix: value === 0 ? 'remove it, or pass a limit' : 'pass a number in this range',
    });
  }

  /** In seconds, the one unit that every reader of the API's durations accepts. */
  private duration(field: string, value: Duration | undefined, least = 1): string | undefined {
    if (value === undefined) return undefined;
    const milliseconds = value.toMilliseconds({ integral: false });
    if (Number.isInteger(milliseconds) && milliseconds >= least) return `${milliseconds / 1000}s`;
    throw this.refuse(field, {
      actual: `${milliseconds} ms`,
      expected: `whole milliseconds, ${least} or more`,
      because: 'the API server and istiod reject shorter durations and fractions',
      fix: 'use Duration.millis or a larger unit, or remove it',
    });
  }
}
