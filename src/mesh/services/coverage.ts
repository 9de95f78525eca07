import { ServiceRegistry } from './registry';
import { Service } from './service';
import { Creation, ServiceCreators } from './service-creators';
import { MeshObject } from '../inventory/object';
import { goesByGiven, Labels } from '../names/labels';
import { Workload } from '../workloads/workload';

/**
 * How much of the cluster the manifests show. Something can only be said to be missing from what they contain completely: a
 * namespace's Services if they contain one of them, likewise its workloads, unless there are said to be more.
 */
export class Coverage {
  private readonly withWorkloads: ReadonlySet<string>;
  private readonly withServers: ReadonlySet<string>;
  private readonly withServices: ReadonlySet<string>;

  /** Namespaces with servers that no manifest describes: pods without a template, machines that register themselves. */
  private readonly withUnknownServers: ReadonlySet<string>;

  constructor(
    private readonly registry: ServiceRegistry, workloads: readonly Workload[], groups: readonly MeshObject[],
    private readonly creators: ServiceCreators, private readonly partialNamespaces: readonly string[] = [],
  ) {
    const ofUnknownPods = workloads.filter(({ proxy: { lacks } }) => lacks?.fact === 'pod-template');
    this.withUnknownServers = new Set([...groups, ...ofUnknownPods].map(({ namespace }) => namespace));
    this.withWorkloads = new Set(workloads.map(({ namespace }) => namespace));
    this.withServers = new Set([...workloads, ...registry.machines].map(({ namespace }) => namespace));
    this.withServices = new Set(registry.services.filter(({ registry: from }) => from === 'Kubernetes').map(({ namespace }) => namespace));
  }

  /** Whether a namespace is said to contain more than the manifests. */
  isPartial(namespace: string): boolean {
    return this.partialNamespaces.includes(namespace);
  }

  /** Whether a namespace may have servers that the manifests don't describe. */
  mayHoldMoreServers(namespace: string): boolean {
    return this.isPartial(namespace) || this.withUnknownServers.has(namespace);
  }

  holdsWorkloadsOf(namespace: string): boolean {
    return this.withWorkloads.has(namespace) && !this.mayHoldMoreServers(namespace);
  }

  holdsServicesOf(namespace: string): boolean {
    return this.withServices.has(namespace) && !this.isPartial(namespace);
  }

  /** Who creates a Service that the manifests don't contain, as a controller does; undefined if nobody is known to. */
  creatorOf(name: string, namespace: string): Creation | undefined {
    return this.creators.of(name, namespace);
  }

  /**
   * Whether nothing in the cluster has a host that no service in the manifests has. For a Service's name: if all Services of its
   * namespace are known and nobody creates it, or only the cluster domain is missing. For other names, it can't be told: any namespace may have a
   * ServiceEntry for them.
   */
  isNowhere(host: string): boolean {
    const [name, namespace, svc, ...rest] = host.split('.');
    if (svc === undefined || (svc === 'svc' && rest.length === 0)) return this.registry.kubernetesService(this.registry.hostOf(name, namespace)) !== undefined;
    return host === this.registry.hostOf(name, namespace) && this.holdsServicesOf(namespace) && this.creatorOf(name, namespace) === undefined;
  }

  /**
   * Whether a service, or a subset of it, without servers in the manifests really has none: if it lists its servers itself, or all
   * of its namespace's are known, and none is selected by labels that manifests don't contain.
   */
  isServerless({ selector, namespace }: Service, subset?: Labels): boolean {
    if (goesByGiven(selector) || goesByGiven(subset)) return false;
    return selector === undefined || (this.withServers.has(namespace) && !this.mayHoldMoreServers(namespace));
  }
}
