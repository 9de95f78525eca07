import { ClientTls } from './client-tls';
import { ConnectionPool } from './connection-pool';

/** What holds for one port of a host. What it leaves out is as for the host's other ports. */
export interface DestinationPort {
  /** The **Service's** port, 1 to 65535: not the container's, which may differ. */
  readonly port: number;

  /**
   * The TLS of clients on this port.
   *
   * @default - that of the subset, else of the host
   */
  readonly tls?: ClientTls;

  /**
   * Limits on connections to this port, as a whole: nothing is merged with the host's.
   *
   * @default - those of the subset, else of the host
   */
  readonly connectionPool?: ConnectionPool;
}
