import { Lazy } from 'cdk8s';
import { ClientTls } from './client-tls';
import { connectionPoolSettings } from './connection-pool';
import { DestinationPort, DestinationSubset } from './destination-props';
import { outlierSettings } from './outlier-detection';
import { SubsetWorkloads } from './subset-workloads';
import { isIstioDnsLabel } from '../../admission/webhook/values/hosts';
import { ApiFields, definedFields, mergedFields } from '../fields';
import { checkMadeBy, checkPortNumbers, labelValues, Refuse, valueWord } from '../refuse';

/** Settings for connections to a host, to a subset or on a port. */
type TrafficSettings = Omit<DestinationPort, 'port'>;

/** The settings of a host or a subset. */
export interface PolicyProps extends TrafficSettings {
  readonly ports?: readonly DestinationPort[];
}

/** The fields that a port's entry can have. The policy's other fields apply to the port without being in its entry. */
const OF_PORTS = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls'];

/** Fields that only a property may set. */
const CHECKED = { tls: 'tls', portLevelSettings: 'ports' };

/**
 * Istio's TrafficPolicy of a host or subset.
 *
 * In Istio, a port's entry replaces the settings of its host or subset: fields that it omits get their defaults. So each
 * entry repeats the settings that would apply without it.
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
        code: 'API029',
        field,
        actual: `without settings for port ${silent.port}`,
        expected: 'tls, connectionPool, outlierDetection, loadBalancing or otherSettings',
        because: 'istiod rejects an empty entry',
        fix: 'remove the port',
      });
    }
  }

  /** Whether it sets nothing. */
  public get empty(): boolean {
    return isSilent(this.own) && this.ports.length === 0;
  }

  /** All its TLS settings. */
  public get tls(): ClientTls[] {
    return [this.own, ...this.ports].flatMap(({ tls }) => tls ?? []);
  }

  /** The TLS that it sets itself on a port. */
  public tlsOn(port: number): ClientTls | undefined {
    return this.ports.find((entry) => entry.port === port)?.tls ?? this.own.tls;
  }

  /** All its ports. */
  public get portNumbers(): number[] {
    return this.ports.map(({ port }) => port);
  }

  /** As in YAML; undefined if it sets nothing, since istiod rejects an empty one. */
  public render(namespace: string, refuse: Refuse): ApiFields | undefined {
    if (this.empty) return undefined;
    return {
      ...fieldsOf(this.own, namespace, refuse),
      portLevelSettings: this.ports.length === 0 ? undefined
        : this.ports.map(({ port }) => ({ port: { number: port }, ...this.onPort(port, namespace, refuse) })),
    };
  }

  /** The settings that apply to a port: the parent's for that port, replaced by this policy's, replaced by the port's entry. */
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
    code: 'API042',
    field: checked[0],
    actual: "in 'otherSettings'",
    expected: `the property '${checked[1]}'`,
    because: 'only the property is validated',
    fix: `use '${checked[1]}'`,
  });
}

/** The settings with Istio's field names. */
function fieldsOf(settings: TrafficSettings, namespace: string, refuse: Refuse): ApiFields {
  const { tls, connectionPool, outlierDetection, loadBalancing, otherSettings = {} } = settings;
  const fields = definedFields({
    connectionPool: connectionPool && connectionPoolSettings(connectionPool, refuse),
    loadBalancer: loadBalancing?._render(),
    outlierDetection: outlierDetection && outlierSettings(outlierDetection),
    tls: tls?._render(namespace),
  });
  return mergedFields(fields, definedFields(otherSettings), (field) => {
    throw refuse({
      code: 'API042',
      field: `trafficPolicy.${field}`,
      actual: "set by a property and by 'otherSettings'",
      expected: 'only one of them',
      because: 'only one value can be written',
      fix: "remove it from 'otherSettings'",
    });
  });
}

/** A subset of a DestinationRule. */
export class SubsetPolicy {
  public readonly name: string;
  public readonly policy: TrafficPolicy;
  private readonly labels?: Record<string, string>;
  private readonly hasWorkload: boolean;

  public constructor(
    subset: DestinationSubset, host: TrafficPolicy, private readonly workloads: SubsetWorkloads, private readonly refuse: Refuse,
  ) {
    this.name = subset.name;
    this.labels = subset.labels && labelValues(subset.labels, 'subsets.labels', refuse);
    this.hasWorkload = (subset.workload ?? undefined) !== undefined;
    if (!isIstioDnsLabel(this.name)) {
      throw refuse({
        code: 'API030',
        field: 'subsets.name',
        actual: valueWord(this.name),
        expected: 'a DNS label: letters, digits and hyphens, at most 63',
        because: 'istiod rejects other names',
        fix: 'rename the subset',
      });
    }
    this.policy = new TrafficPolicy(subset, host, refuse);
    this.checkLabels();
    if (this.hasWorkload) workloads.add(this.name, subset.workload!);
  }

  public render(namespace: string): ApiFields {
    const labels = this.hasWorkload ? Lazy.any({ produce: () => this.workloads.labelsOf(this.name) }) : this.labels;
    return { name: this.name, labels, trafficPolicy: this.policy.render(namespace, this.refuse) };
  }

  private checkLabels(): void {
    if (this.hasWorkload) {
      if (!this.labels) return;
      throw this.refuse({
        code: 'API840',
        field: 'subsets.labels',
        actual: `given together with 'workload' for subset '${this.name}'`,
        expected: 'only one of them',
        because: 'the labels are those of the workload',
        fix: 'remove one',
      });
    }
    if (this.labels && Object.keys(this.labels).length === 0) {
      throw this.refuse({
        code: 'API031',
        field: 'subsets.labels',
        actual: `empty for subset '${this.name}'`,
        expected: 'at least one label',
        because: 'without labels, the subset has all endpoints of the host',
        fix: "pass a label of the pods, or remove 'labels' to select all endpoints",
      });
    }
    if (!this.labels && this.policy.empty) {
      throw this.refuse({
        code: 'API029',
        field: 'subsets',
        actual: `without labels and settings for '${this.name}'`,
        expected: 'labels, settings or both',
        because: 'such a subset is the same as the host',
        fix: "pass 'workload' or 'labels' of the subset",
      });
    }
  }
}
