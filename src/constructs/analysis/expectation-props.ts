import { ConnectionOutcome } from '../../integration/hop';
import { MtlsMode } from '../security/peer-authentication';

/** Connections or ports that an expectation excludes. Requires at least one of `from`, `to` and `server`. */
export interface ExpectationExemption {
  /**
   * Only calls of these workloads.
   *
   * @default - all callers
   */
  readonly from?: string;
  /**
   * Only calls to this service or host.
   *
   * @default - all services and hosts
   */
  readonly to?: string;
  /**
   * Only connections to these workloads: a name, optionally with a colon and the container's port.
   *
   * @default - all servers
   */
  readonly server?: string;
  /** Why they are excluded. Not empty. */
  readonly reason: string;
  /**
   * The last day on which the exception applies, in UTC, such as `2027-06-30`. From the next day on, the expectation fails.
   *
   * @default - it doesn't expire
   */
  readonly until?: string;
}

/** The expected outcome of connections. Requires at least one of `from`, `to` and `server`. */
export interface ConnectionExpectation {
  /**
   * The client workloads: `shop/web`, `CronJob/shop/backup`, `shop/*`.
   *
   * @default - all callers
   */
  readonly from?: string;
  /**
   * What they call: the name of a Service or ServiceEntry, or a host; with a colon and the service's port, or without for all ports.
   *
   * @default - all services and hosts
   */
  readonly to?: string;
  /**
   * The server: a workload or WorkloadEntry; with a colon and the container's port, or without for all ports.
   *
   * @default - all servers
   */
  readonly server?: string;
  /** MTLS, TLS, PLAINTEXT or BROKEN. An UNDECIDED connection fails every expectation. */
  readonly outcome: ConnectionOutcome;
  /**
   * Connections to exclude.
   *
   * @default - nothing
   */
  readonly except?: ExpectationExemption[];
}

/** The expected mode of servers' ports. */
export interface PortExpectation {
  /** The workloads or WorkloadEntries: `payments/*`; with a colon and the container's port, or without for all ports. */
  readonly server: string;
  /** STRICT, PERMISSIVE or DISABLE. */
  readonly mode: MtlsMode;
  /**
   * Ports to exclude, by `server`.
   *
   * @default - nothing
   */
  readonly except?: ExpectationExemption[];
}
