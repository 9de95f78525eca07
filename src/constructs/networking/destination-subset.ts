import { ClientTls } from './client-tls';
import { ConnectionPool } from './connection-pool';
import { DestinationPort } from './destination-port';

/** A named part of a host's endpoints, for routes to choose: without a route to it, a subset does nothing. */
export interface DestinationSubset {
  /** A DNS label: letters, digits and hyphens, at most 63. Unique within the host. */
  readonly name: string;

  /**
   * Labels of the pods that belong to it; all of them must match.
   *
   * @default - all endpoints of the host; the subset must then have settings of its own
   */
  readonly labels?: { [key: string]: string };

  /**
   * The TLS of clients towards this subset.
   *
   * @default - that of the host, port by port
   */
  readonly tls?: ClientTls;

  /**
   * Limits on connections to this subset, as a whole: nothing is merged with the host's.
   *
   * @default - those of the host, port by port
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * What differs on single ports.
   *
   * @default - nothing
   */
  readonly ports?: DestinationPort[];
}
