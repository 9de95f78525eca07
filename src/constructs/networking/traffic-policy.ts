import { ClientTls } from './client-tls';
import { connectionPoolSettings } from './connection-pool';
import { DestinationPort, DestinationSubset } from './destination-props';
import { outlierSettings } from './outlier-detection';
import { isIstioDnsLabel } from '../../admission/webhook/values/hosts';
import { ApiFields, definedFields, merged } from '../fields';
import { checkMadeBy, checkPortNumbers, labelValues, Refuse } from '../refuse';

/** Settings for connections to a host, to a subset or on a port. */
export type TrafficSettings = Omit<DestinationPort, 'port'>;

/** The settings of a host or a subset. */
export interface PolicyProps extends TrafficSettings {
  readonly ports?: readonly DestinationPort[];
}

/** What an entry of a port can hold; the rest of a policy holds for its port, too, without being in its entry. */
const OF_PORTS = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls'];

/** Fields that only a property says. */
const CHECKED = { tls: 'tls', portLevelSettings: 'ports' };

/**
 * Istio's TrafficPolicy of a host, or of a subset of it.
 *
 * In Istio a port's entry replaces these settings of its host or subset: what the entry leaves out falls back
 * to the defaults. So everything is written out in it that would hold without it.
 */
export class TrafficPolicy {
  private readonly ports: readonly DestinationPort[];

  public constructor(private readonly own: PolicyProps, private readonly parent: TrafficPolicy | undefined, refuse: Refuse) {
    this.ports = own.ports ?? [];
    const field = parent ? 'subsets.trafficPolicy.portLevelSettings' : 'trafficPolicy.portLevelSettings';
    checkPortNumbers(this.ports.map(({ port }) => port), { field, entry: 'entry', owner: 'Service' }, refuse);
    for (const settings of [own, ...this.ports]) checkSettings(settings, refuse);
    const silent = this.ports.find(isSilent);
    if (silent) {
      throw refuse({
        code: 'MTLS029',
        field,
        actual: `without settings for port ${silent.port}`,
        expected: 'tls, connectionPool, outlierDetection, loadBalancing or otherSettings',
        because: 'istiod refuses an entry that says nothing',
        fix: 'leave out the port',
      });
    }
  }

  /** Whether it says nothing. */
  public get empty(): boolean {
    return isSilent(this.own) && this.ports.length === 0;
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
  public render(namespace: string, refuse: Refuse): ApiFields | undefined {
    if (this.empty) return undefined;
    return {
      ...fieldsOf(this.own, namespace, refuse),
      portLevelSettings: this.ports.length === 0 ? undefined
        : this.ports.map(({ port }) => ({ port: { number: port }, ...this.onPort(port, namespace, refuse) })),
    };
  }

  /** What holds on a port: the parent's on that port, in its place this policy's own, and in its place the port's. */
  private onPort(port: number, namespace: string, refuse: Refuse): ApiFields {
    const entry = this.ports.find((candidate) => candidate.port === port);
    const inherited = Object.entries(fieldsOf(this.own, namespace, refuse)).filter(([field]) => OF_PORTS.includes(field));
    return {
      ...this.parent?.onPort(port, namespace, refuse),
      ...Object.fromEntries(inherited),
      ...entry && fieldsOf(entry, namespace, refuse),
    };
  }
}

function isSilent({ tls, connectionPool, outlierDetection, loadBalancing, otherSettings }: TrafficSettings): boolean {
  return !tls && !connectionPool && !outlierDetection && !loadBalancing && Object.keys(otherSettings ?? {}).length === 0;
}

function checkSettings({ tls, loadBalancing, otherSettings = {} }: TrafficSettings, refuse: Refuse): void {
  if (tls) {
    checkMadeBy('ClientTls', { field: 'tls', value: tls, member: '_render' }, refuse);
    tls._check(refuse);
  }
  if (loadBalancing) checkMadeBy('LoadBalancing', { field: 'loadBalancing', value: loadBalancing, member: '_render' }, refuse);
  const checked = Object.entries(CHECKED).find(([field]) => field in otherSettings);
  if (!checked) return;
  throw refuse({
    code: 'MTLS042',
    field: checked[0],
    actual: "given by 'otherSettings'",
    expected: `the property '${checked[1]}'`,
    because: 'what it says is checked',
    fix: `use '${checked[1]}'`,
  });
}

/** The settings by Istio's names. */
function fieldsOf(settings: TrafficSettings, namespace: string, refuse: Refuse): ApiFields {
  const { tls, connectionPool, outlierDetection, loadBalancing, otherSettings = {} } = settings;
  const fields = definedFields({
    connectionPool: connectionPool && connectionPoolSettings(connectionPool, refuse),
    loadBalancer: loadBalancing?._render(),
    outlierDetection: outlierDetection && outlierSettings(outlierDetection),
    tls: tls?._render(namespace),
  });
  return merged(fields, definedFields(otherSettings), (field) => {
    throw refuse({
      code: 'MTLS042',
      field: `trafficPolicy.${field}`,
      actual: "given by a property and by 'otherSettings'",
      expected: 'one of them',
      because: 'only one could be written',
      fix: "remove it from 'otherSettings'",
    });
  });
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

  public render(namespace: string): ApiFields {
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
