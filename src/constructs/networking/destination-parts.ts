import { ApiObjectProps } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkCredentials, checkRuleExportTo, checkSaysSomething, checkSubsetNames } from './destination-checks';
import { askedShortHost, CalledService, checkHost, DestinationTarget, qualifiedHost, hostOf, serviceOf } from './destination-host';
import { DestinationOptions } from './destination-props';
import { SubsetWorkloads } from './subset-workloads';
import { SubsetPolicy, TrafficPolicy } from './traffic-policy';
import * as networking from '../../../imports/networking.istio.io';
import { MeshFacts } from '../../integration/mesh-facts';
import { namespaceOf } from '../namespace';
import { Refuse, refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const KIND = 'DestinationRule';

/** How errors describe the selection of a rule's clients. */
export const CLIENT_WORDS = {
  kind: KIND,
  workload: 'client',
  field: 'workloadSelector.matchLabels',
  everyPod: "remove 'client'",
};

/** The checked parts of a DestinationRule. */
export class DestinationParts {
  public readonly refuse: Refuse;
  /** The Service of the host, if it was given. */
  public readonly service?: CalledService;
  /** The client pods that the rule applies to; undefined for all. */
  public readonly clients?: WorkloadSelection;
  public readonly namespace: string;
  public readonly host: string;
  /** Whether the rule has the short name of its host. */
  public readonly isShort: boolean;
  public readonly exportTo?: string[];
  public readonly subsets: readonly SubsetPolicy[];
  public readonly subsetWorkloads: SubsetWorkloads;
  private readonly policy: TrafficPolicy;
  private readonly writtenHost: string;

  /** Creates the parts for a construct that will be at `path`. */
  public constructor(scope: IConstruct, path: string, props: DestinationOptions & DestinationTarget) {
    const { client } = props;
    const clusterDomain = MeshFacts.of(scope).read('clusterDomain', { kind: KIND, path });
    this.refuse = refusing(KIND, path);
    this.service = serviceOf(props, 'Destination', this.refuse);
    if (client) this.clients = new WorkloadSelection(scope, path, { workload: client, namespace: props.namespace }, CLIENT_WORDS);
    this.namespace = this.clients?.namespace
      ?? namespaceOf({ scope, path, kind: KIND, asked: props.namespace ?? this.service?.namespace });
    this.host = this.service
      ? hostOf(this.service, clusterDomain)
      : qualifiedHost(String(props.host), this.namespace, clusterDomain);
    checkHost(this.host, this.refuse, props.host ?? this.host);
    this.isShort = props.shortHost === true;
    this.writtenHost = this.isShort ? askedShortHost(this.host, this.namespace, clusterDomain, this.refuse) : this.host;
    this.exportTo = props.exportTo;
    this.policy = new TrafficPolicy(props, undefined, this.refuse);
    this.subsetWorkloads = new SubsetWorkloads(this.service, this.refuse);
    this.subsets = (props.subsets ?? []).map((subset) => new SubsetPolicy(subset, this.policy, this.subsetWorkloads, this.refuse));
    this.check();
  }

  /** Every port of its host that it lists. */
  public get portNumbers(): number[] {
    return this.policies.flatMap(({ portNumbers }) => portNumbers);
  }

  /** The host's policy and its subsets'. */
  public get policies(): TrafficPolicy[] {
    return [this.policy, ...this.subsets.map(({ policy }) => policy)];
  }

  public render(name?: string): ApiObjectProps {
    const spec = {
      host: this.writtenHost,
      workloadSelector: this.clients?.selector(),
      exportTo: this.exportTo,
      trafficPolicy: this.policy.render(this.namespace, this.refuse),
      subsets: this.subsets.length === 0 ? undefined : this.subsets.map((subset) => subset.render(this.namespace)),
    };
    const { namespace } = this;
    return { ...networking.DestinationRule.GVK, metadata: name ? { namespace, name } : { namespace }, spec } as ApiObjectProps;
  }

  private check(): void {
    checkRuleExportTo(this.exportTo, this.namespace, this.clients !== undefined, this.refuse);
    checkSaysSomething(this.policies, this.refuse);
    checkSubsetNames(this.subsets, this.refuse);
    if (!this.clients) checkCredentials(this.policies, this.namespace, this.refuse);
  }
}
