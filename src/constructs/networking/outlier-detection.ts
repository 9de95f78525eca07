import { Duration } from 'cdk8s';
import { seconds } from '../fields';

/**
 * When a client's proxy ejects an unhealthy endpoint, so that it gets no requests for a while. Admission rejects values out of
 * range at synth.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
 */
export interface OutlierDetection {
  /**
   * The number of consecutive errors before ejection: HTTP 5xx, or failures of TCP connections. 0 turns it off.
   *
   * @default - Istio's: 5
   */
  readonly consecutive5xxErrors?: number;

  /**
   * The number of consecutive gateway errors before ejection: HTTP 502, 503 or 504, or failures of TCP connections. 0 turns it
   * off.
   *
   * @default - Istio's: 0
   */
  readonly consecutiveGatewayErrors?: number;

  /**
   * The number of consecutive local origin failures before ejection: failures to reach the endpoint, such as refused
   * connections and timeouts. If set, they don't count as other errors (`splitExternalLocalOriginErrors`).
   *
   * @default - they count as other errors
   */
  readonly consecutiveLocalOriginFailures?: number;

  /**
   * The time between two analyses of the endpoints, 1 ms or longer.
   *
   * @default - Istio's: 10 seconds
   */
  readonly interval?: Duration;

  /**
   * How long an endpoint is ejected, multiplied by the number of its ejections; 1 ms or longer.
   *
   * @default - Istio's: 30 seconds
   */
  readonly baseEjectionTime?: Duration;

  /**
   * The share of endpoints that may be ejected at a time, in percent, 0 to 100.
   *
   * @default - Istio's: 10
   */
  readonly maxEjectionPercent?: number;

  /**
   * The share of healthy endpoints, in percent, 0 to 100, below which outlier detection is off and all endpoints get requests.
   *
   * @default - Istio's: 0
   */
  readonly minHealthPercent?: number;
}

/** Istio's OutlierDetection. */
export function outlierSettings({ interval, baseEjectionTime, ...counts }: OutlierDetection): Record<string, unknown> {
  return {
    // istiod rejects one without the other
    splitExternalLocalOriginErrors: counts.consecutiveLocalOriginFailures === undefined ? undefined : true,
    ...counts,
    interval: seconds(interval),
    baseEjectionTime: seconds(baseEjectionTime),
  };
}
