import { ConnectionOutcome } from '../../integration/mtls-hop';
import { MtlsMode } from '../security/peer-authentication';

/** Connections or ports that an expectation leaves out; at least one of `from`, `to` and `server` is said. */
export interface ExpectationExemption {
  /**
   * Only what these workloads call.
   *
   * @default - all callers
   */
  readonly from?: string;
  /**
   * Only calls to this service or host.
   *
   * @default - whatever is called
   */
  readonly to?: string;
  /**
   * Only what ends at these workloads, with the container's port behind a colon, or without.
   *
   * @default - wherever it ends
   */
  readonly server?: string;
  /** Why they are left out. Not empty. */
  readonly reason: string;
  /**
   * The last day on which it counts, in UTC, such as `2027-06-30`. From the next day on the expectation fails.
   *
   * @default - it doesn't end
   */
  readonly until?: string;
}

/** What connections are expected to come to; at least one of `from`, `to` and `server` is said. */
export interface ConnectionExpectation {
  /**
   * The workloads that call: `shop/web`, `CronJob/shop/backup`, `shop/*`.
   *
   * @default - all callers
   */
  readonly from?: string;
  /**
   * What they call: a Service or ServiceEntry by its name, or a host; with the service's port behind a colon, or without for all.
   *
   * @default - whatever is called
   */
  readonly to?: string;
  /**
   * Where the connection ends: a workload or WorkloadEntry, with the container's port behind a colon, or without for all.
   *
   * @default - wherever it ends
   */
  readonly server?: string;
  /** MTLS, TLS, PLAINTEXT or BROKEN. A connection that is UNDECIDED fails whatever is expected. */
  readonly outcome: ConnectionOutcome;
  /**
   * What is left out.
   *
   * @default - nothing
   */
  readonly except?: ExpectationExemption[];
}

/** What ports of servers are expected to accept. */
export interface PortExpectation {
  /** The workloads or WorkloadEntries: `payments/*`; with the container's port behind a colon, or without for all. */
  readonly server: string;
  /** STRICT, PERMISSIVE or DISABLE. */
  readonly mode: MtlsMode;
  /**
   * What is left out, by `server`.
   *
   * @default - nothing
   */
  readonly except?: ExpectationExemption[];
}
