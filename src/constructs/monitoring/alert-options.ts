import { Duration } from 'cdk8s';

/** When an alert fires, and how it is labelled. */
export interface AlertOptions {
  /**
   * How long it must be so before the alert fires (Prometheus' `for`).
   *
   * @default - see the alert
   */
  readonly pendingFor?: Duration;

  /**
   * The alert's label `severity`, by which Alertmanager routes it.
   *
   * @default - see the alert
   */
  readonly severity?: string;
}

/** The alerts about plaintext that reaches a sidecar. */
export interface PlaintextAlertOptions extends AlertOptions {
  /**
   * Namespaces whose workloads are meant to take plaintext, because their mode is PERMISSIVE or DISABLE.
   *
   * @default - none
   */
  readonly exceptNamespaces?: string[];

  /**
   * How many requests a second (or new connections, for TCP) are no reason for an alert.
   *
   * @default 0
   */
  readonly threshold?: number;

  /**
   * The time over which they are counted, at least 4 minutes: two scrapes must lie in it.
   *
   * @default Duration.minutes(5)
   */
  readonly window?: Duration;
}

/** An alert about a certificate that will expire. */
export interface ExpiryAlertOptions extends AlertOptions {
  /**
   * How much time may be left.
   *
   * @default - see the alert
   */
  readonly threshold?: Duration;
}

/** The alert about workload certificates that will expire. */
export interface WorkloadCertificateAlertOptions extends ExpiryAlertOptions {
  /**
   * How long a workload certificate is valid: `SECRET_TTL` of the proxies. They renew it after half of that time.
   *
   * @default Duration.hours(24), Istio's default
   */
  readonly lifetime?: Duration;
}
