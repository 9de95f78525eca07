import { Duration } from 'cdk8s';
import { ConnectionPool, Http2UpgradePolicy, HttpConnectionPool, TcpConnectionPool } from './connection-pool';
import { RefusalDetails } from '../../findings/refusal';
import { checkWord } from '../enum-word';
import { Refuse } from '../refuse';

const INT32 = 2 ** 31 - 1;

/** Istio's ConnectionPoolSettings, refusing what the API server or istiod's webhook refuses. */
export function connectionPoolSettings({ tcp, http }: ConnectionPool, refuse: Refuse): Record<string, unknown> {
  const rendering = new Rendering(refuse);
  if (!tcp && !http) {
    throw rendering.refuse('connectionPool', { actual: 'empty', expected: 'tcp, http or both', because: 'istiod refuses an empty one', fix: "leave out 'connectionPool'" });
  }
  return { tcp: tcp && rendering.tcp(tcp), http: http && rendering.http(http) };
}

class Rendering {
  public constructor(private readonly refuseDetails: Refuse) {}

  public tcp({ maxConnections, connectTimeout, idleTimeout, maxConnectionDuration, tcpKeepalive }: TcpConnectionPool): Record<string, unknown> {
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
        expected: 'one of the two',
        because: "one keeps the client's protocol and the other changes it",
        fix: "leave out 'h2UpgradePolicy'",
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
    return this.refuseDetails({ code: 'MTLS028', field: field === 'connectionPool' ? field : `connectionPool.${field}`, ...details });
  }

  private number(field: string, value: number | undefined, least = 1): number | undefined {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= INT32)) return value;
    throw this.refuse(field, {
      actual: String(value),
      expected: `a whole number from ${least} to ${INT32}`,
      ...value === 0 && { because: 'Istio reads 0 as its default, which is no limit' },
      fix: value === 0 ? 'leave it out, or give a limit' : 'give such a number',
    });
  }

  /** In seconds, the one unit that every reader of the API's durations takes. */
  private duration(field: string, value: Duration | undefined, least = 1): string | undefined {
    if (value === undefined) return undefined;
    const milliseconds = value.toMilliseconds({ integral: false });
    if (Number.isInteger(milliseconds) && milliseconds >= least) return `${milliseconds / 1000}s`;
    throw this.refuse(field, {
      actual: `${milliseconds} ms`,
      expected: `whole milliseconds, ${least} or more`,
      because: 'the API server and istiod refuse less',
      fix: 'use Duration.millis, or a larger unit, or leave it out',
    });
  }
}
