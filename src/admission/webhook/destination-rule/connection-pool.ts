import { ConnectionPoolSettings, HTTP2KeepAlive, HTTPSettings, OutlierDetection, TCPSettings } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { judgeDuration, judgeDurationOrNone } from '../values/durations';
import { FieldJudges, judgeFields } from '../values/fields';
import { judgeNonNegative, judgePercent } from '../values/numbers';
import { warnOfDeprecated } from '../values/words';

const HTTP: FieldJudges<HTTPSettings> = {
  http1MaxPendingRequests: judgeNonNegative,
  http2MaxRequests: judgeNonNegative,
  maxRequestsPerConnection: judgeNonNegative,
  maxRetries: judgeNonNegative,
  maxConcurrentStreams: judgeNonNegative,
  idleTimeout: judgeDuration,
};

const TCP: FieldJudges<TCPSettings> = {
  maxConnections: judgeNonNegative,
  connectTimeout: judgeDuration,
  maxConnectionDuration: judgeDuration,
  idleTimeout: judgeDurationOrNone,
  tcpKeepalive: (at, keepalive) => judgeFields(at, keepalive, { time: judgeDuration, interval: judgeDuration }),
};

/** Rejects a connection pool that is empty, or has invalid counts or durations. */
export function judgeConnectionPool(at: Objections, pool: ConnectionPoolSettings | undefined): void {
  if (!pool) return;
  if (pool.http) judgeHttp(at.at('http'), pool.http);
  judgeFields(at.at('tcp'), pool.tcp, TCP);
  if (pool.http || pool.tcp) return;
  at.error({
    code: 'ADMIT413',
    actual: 'without http and tcp',
    expected: 'http, tcp or both',
    because: 'a pool that sets nothing limits nothing',
    fix: 'add http or tcp, or remove connectionPool',
  });
}

function judgeHttp(at: Objections, http: HTTPSettings): void {
  judgeFields(at, http, HTTP);
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol) {
    at.at('useClientProtocol').error({
      code: 'ADMIT418',
      actual: 'true together with h2UpgradePolicy UPGRADE',
      expected: 'one of the two',
      because: 'a connection can\'t keep the client\'s protocol and be upgraded as well',
      fix: 'remove useClientProtocol or h2UpgradePolicy',
    });
  }
  if (http.http2KeepAlive) judgeKeepAlive(at.at('http2KeepAlive'), http.http2KeepAlive);
}

function judgeKeepAlive(at: Objections, keepAlive: HTTP2KeepAlive): void {
  for (const field of ['interval', 'timeout'] as const) {
    if (keepAlive[field] === undefined) objectToMissing(at.at(field));
    else judgeDuration(at.at(field), keepAlive[field]);
  }
}

function objectToMissing(at: Objections): void {
  at.error({
    code: 'ADMIT419',
    actual: shown(undefined),
    expected: 'interval and timeout both',
    because: 'Envoy sends no pings without both',
    fix: 'add it, for example \'10s\'',
  });
}

const OUTLIER_DETECTION: FieldJudges<OutlierDetection> = {
  interval: judgeDuration,
  maxEjectionPercent: judgePercent,
  minHealthPercent: judgePercent,
};

/** Rejects outlier detection with invalid durations, percentages or counts. */
export function judgeOutlierDetection(at: Objections, outlier: OutlierDetection | undefined): void {
  if (!outlier) return;
  judgeDuration(at.at('baseEjectionTime'), outlier.baseEjectionTime);
  if (outlier.consecutiveErrors) {
    warnOfDeprecated(at.at('consecutiveErrors'), outlier.consecutiveErrors, 'consecutiveGatewayErrors or consecutive5xxErrors');
  }
  judgeLocalOriginFailures(at, outlier);
  judgeFields(at, outlier, OUTLIER_DETECTION);
}

function judgeLocalOriginFailures(at: Objections, outlier: OutlierDetection): void {
  const failures = outlier.consecutiveLocalOriginFailures ?? 0;
  if (outlier.splitExternalLocalOriginErrors || failures <= 0) return;
  at.at('consecutiveLocalOriginFailures').error({
    code: 'ADMIT417',
    actual: shown(failures),
    expected: 'splitExternalLocalOriginErrors: true in addition',
    because: 'otherwise local origin errors aren\'t counted separately',
    fix: 'set splitExternalLocalOriginErrors to true, or remove the count',
  });
}
