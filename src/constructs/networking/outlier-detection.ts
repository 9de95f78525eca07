import { Duration } from 'cdk8s';
import { seconds } from '../fields';

/**
 * When a client's proxy takes an endpoint for broken and sends it nothing for a while. What is out of range, the check at synth refuses.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
 */
export interface OutlierDetection {
  /**
   * After how many errors in a row, HTTP 5xx or of TCP connections; 0 turns this off.
   *
   * @default - Istio's: 5
   */
  readonly consecutive5xxErrors?: number;

  /**
   * After how many errors in a row with status 502, 503 or 504, or of TCP connections; 0 turns this off.
   *
   * @default - Istio's: 0
   */
  readonly consecutiveGatewayErrors?: number;

  /**
   * After how many failures in a row to get to the endpoint at all, such as refused connections and timeouts, which then don't count as
   * errors of the other kinds (`splitExternalLocalOriginErrors`).
   *
   * @default - they count as errors of the other kinds
   */
  readonly consecutiveLocalOriginFailures?: number;

  /**
   * How often it is looked at, 1 ms or longer.
   *
   * @default - Istio's: 10 seconds
   */
  readonly interval?: Duration;

  /**
   * For how long an endpoint gets nothing, times how often that has happened to it; 1 ms or longer.
   *
   * @default - Istio's: 30 seconds
   */
  readonly baseEjectionTime?: Duration;

  /**
   * How many of the endpoints may be left out at a time, in percent, 0 to 100.
   *
   * @default - Istio's: 10
   */
  readonly maxEjectionPercent?: number;

  /**
   * With fewer endpoints than this in percent, 0 to 100, all are used.
   *
   * @default - Istio's: 0
   */
  readonly minHealthPercent?: number;
}

/** Istio's OutlierDetection. */
export function outlierSettings({ interval, baseEjectionTime, ...counts }: OutlierDetection): Record<string, unknown> {
  return {
    splitExternalLocalOriginErrors: counts.consecutiveLocalOriginFailures === undefined ? undefined : true, // istiod refuses the one without the other
    ...counts,
    interval: seconds(interval),
    baseEjectionTime: seconds(baseEjectionTime),
  };
}
