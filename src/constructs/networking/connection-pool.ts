import { Duration } from 'cdk8s';

/** Limits on the connections that each client's proxy holds to a host. At least one of the two parts. */
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
   * How many HTTP/1.1 and TCP connections a proxy opens to the host at most.
   *
   * @default - Istio's: 2^32 - 1
   */
  readonly maxConnections?: number;

  /**
   * How long opening a connection may take.
   *
   * @default - Istio's: 10 seconds
   */
  readonly connectTimeout?: Duration;

  /**
   * How long a connection may be idle before it is closed; HTTP connections too, unless `http.idleTimeout` says
   * otherwise. Zero: for ever.
   *
   * @default - Istio's: 1 hour
   */
  readonly idleTimeout?: Duration;

  /**
   * How long a connection lives at most. A new connection means a new TLS handshake, so this bounds how long a
   * session outlives the certificates it began with.
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
   * How many unanswered probes make a connection dead.
   *
   * @default - the operating system's: 9 on Linux
   */
  readonly probes?: number;

  /**
   * How long a connection must be idle before the first probe.
   *
   * @default - the operating system's: 2 hours on Linux
   */
  readonly time?: Duration;

  /**
   * Time between probes.
   *
   * @default - the operating system's: 75 seconds on Linux
   */
  readonly interval?: Duration;
}

/** Limits on HTTP requests and their connections. Numbers are 1 or more; durations 1 ms or longer. */
export interface HttpConnectionPool {
  /**
   * How many requests may wait for a connection.
   *
   * @default - Istio's: 2^32 - 1
   */
  readonly http1MaxPendingRequests?: number;

  /**
   * How many requests may be in flight to the host.
   *
   * @default - Istio's: 2^32 - 1
   */
  readonly http2MaxRequests?: number;

  /**
   * How many requests a connection serves before it is closed. 1 turns keep-alive off, 0 means no limit.
   *
   * @default - Istio's: no limit
   */
  readonly maxRequestsPerConnection?: number;

  /**
   * How many retries may be in flight to the host.
   *
   * @default - Istio's: 2^32 - 1
   */
  readonly maxRetries?: number;

  /**
   * How long a connection may be without a request before it is closed.
   *
   * @default - Istio's: 1 hour
   */
  readonly idleTimeout?: Duration;

  /**
   * How many streams one HTTP/2 connection carries at once.
   *
   * @default - Istio's: 2^31 - 1
   */
  readonly maxConcurrentStreams?: number;

  /**
   * Whether HTTP/1.1 connections to the host become HTTP/2. Not UPGRADE together with `useClientProtocol`.
   *
   * @default - Istio's: what the mesh configuration says
   */
  readonly h2UpgradePolicy?: Http2UpgradePolicy;

  /**
   * Whether requests go out by the protocol that they came in by.
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
  /** Time between PING frames. */
  readonly interval: Duration;

  /** How long the answer may take before the connection is closed. */
  readonly timeout: Duration;
}

/**
 * Whether HTTP/1.1 connections become HTTP/2, by Istio's names.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-HTTPSettings-H2UpgradePolicy
 */
export enum Http2UpgradePolicy {
  /** What the mesh configuration says. */
  DEFAULT = 'DEFAULT',
  /** They stay HTTP/1.1. */
  DO_NOT_UPGRADE = 'DO_NOT_UPGRADE',
  /** They become HTTP/2. */
  UPGRADE = 'UPGRADE',
}
