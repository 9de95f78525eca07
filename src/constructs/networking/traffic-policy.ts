import { ClientTls } from './client-tls';
import { ConnectionPool } from './connection-pool';
import { connectionPoolSettings } from './connection-pool-settings';
import { DestinationPort } from './destination-port';
import { checkMadeBy } from '../made-by';
import { checkPortNumbers } from '../port-numbers';
import { Refuse } from '../refuse';

interface Settings {
  readonly tls?: ClientTls;
  readonly connectionPool?: ConnectionPool;
}

/** The settings of a host or a subset. */
export interface PolicyProps extends Settings {
  readonly ports?: readonly DestinationPort[];
}

/**
 * Istio's TrafficPolicy of a host, or of a subset of it.
 *
 * In Istio a port's entry replaces the whole policy of its host or subset: what the entry leaves out falls back
 * to the defaults. So everything is written out in it that would hold without it.
 */
export class TrafficPolicy {
  private readonly ports: readonly DestinationPort[];

  public constructor(private readonly own: PolicyProps, private readonly parent: TrafficPolicy | undefined, refuse: Refuse) {
    this.ports = own.ports ?? [];
    const field = parent ? 'subsets.trafficPolicy.portLevelSettings' : 'trafficPolicy.portLevelSettings';
    checkPortNumbers(this.ports.map(({ port }) => port), { field, entry: 'entry', owner: 'Service' }, refuse);
    for (const value of this.tls) checkMadeBy('ClientTls', { field: 'tls', value, member: '_render' }, refuse);
    const silent = this.ports.find(({ tls, connectionPool }) => !tls && !connectionPool);
    if (silent) {
      throw refuse({
        code: 'MTLS029',
        field,
        actual: `without settings for port ${silent.port}`,
        expected: 'tls, connectionPool or both',
        because: 'istiod refuses an entry that says nothing',
        fix: 'leave out the port',
      });
    }
  }

  /** Whether it says nothing. */
  public get empty(): boolean {
    return this.tls.length === 0 && !this.own.connectionPool && this.ports.length === 0;
  }

  /** Every TLS setting that it names. */
  public get tls(): ClientTls[] {
    return [this.own, ...this.ports].flatMap(({ tls }) => tls ?? []);
  }

  /** Every port that it names. */
  public get portNumbers(): number[] {
    return this.ports.map(({ port }) => port);
  }

  /** As in YAML; undefined if it says nothing, since istiod refuses an empty one. */
  public render(namespace: string, refuse: Refuse): Record<string, unknown> | undefined {
    if (this.empty) return undefined;
    const settings = ({ tls, connectionPool }: Settings) => ({
      connectionPool: connectionPool && connectionPoolSettings(connectionPool, refuse),
      tls: tls?._render(namespace),
    });
    return {
      ...settings(this.own),
      portLevelSettings: this.ports.length === 0 ? undefined
        : this.ports.map(({ port }) => ({ port: { number: port }, ...settings(this.onPort(port)) })),
    };
  }

  /** What holds on a port: the port's own, else this policy's, else the parent's on that port. */
  private onPort(port: number): Settings {
    const entry = this.ports.find((candidate) => candidate.port === port);
    const inherited = this.parent?.onPort(port);
    return {
      tls: entry?.tls ?? this.own.tls ?? inherited?.tls,
      connectionPool: entry?.connectionPool ?? this.own.connectionPool ?? inherited?.connectionPool,
    };
  }
}
