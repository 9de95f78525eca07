import { isDnsLabel } from './destination-host';
import { DestinationSubset } from './destination-subset';
import { TrafficPolicy } from './traffic-policy';
import { labelValues } from '../label-values';
import { Refuse } from '../refuse';

/** A subset as the DestinationRule writes it. */
export class SubsetPolicy {
  public readonly name: string;
  public readonly policy: TrafficPolicy;
  private readonly labels?: Record<string, string>;

  public constructor(subset: DestinationSubset, host: TrafficPolicy, private readonly refuse: Refuse) {
    this.name = subset.name;
    this.labels = subset.labels && labelValues(subset.labels, 'subsets.labels', refuse);
    if (!isDnsLabel(this.name)) {
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
