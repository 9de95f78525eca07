import { ClientTls } from './client-tls';
import { ConnectionPool, connectionPoolSettings } from './connection-pool';
import { DestinationPort, DestinationSubset } from './destination-props';
import { isIstioDnsLabel } from '../../admission/webhook/values/hosts';
import { checkMadeBy, checkPortNumbers, labelValues, Refuse } from '../refuse';

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

/** A subset as the DestinationRule writes it. */
export class SubsetPolicy {
  public readonly name: string;
  public readonly policy: TrafficPolicy;
  private readonly labels?: Record<string, string>;

  public constructor(subset: DestinationSubset, host: TrafficPolicy, private readonly refuse: Refuse) {
    this.name = subset.name;
    this.labels = subset.labels && labelValues(subset.labels, 'subsets.labels', refuse);
    if (!isIstioDnsLabel(this.name)) {
      throw refuse({
        code: 'MTLS030',
        field: 'subsets.name',
        actual: `'${this.name}'`,
        expected: 'a DNS label: letters, digits and hyphens, at most 63',
        because: 'istiod refuses other names',
        fix: 'rename the subset',
      });
    }
    this.policy = new TrafficPolicy(subset, host, refuse);
    this.checkLabels();
  }

  public render(namespace: string): Record<string, unknown> {
    return { name: this.name, labels: this.labels, trafficPolicy: this.policy.render(namespace, this.refuse) };
  }

  private checkLabels(): void {
    if (this.labels && Object.keys(this.labels).length === 0) {
      throw this.refuse({
        code: 'MTLS031',
        field: 'subsets.labels',
        actual: `empty for subset '${this.name}'`,
        expected: 'at least one label',
        because: 'no labels mean all endpoints of the host',
        fix: "name a label of the pods, or leave out 'labels' if all endpoints are meant",
      });
    }
    if (!this.labels && this.policy.empty) {
      throw this.refuse({
        code: 'MTLS029',
        field: 'subsets',
        actual: `without labels and settings for '${this.name}'`,
        expected: 'labels, settings or both',
        because: 'such a subset is the host itself',
        fix: "give the subset 'labels'",
      });
    }
  }
}
