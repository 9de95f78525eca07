import { ServiceRegistry } from './registry';
import { Service } from './service';
import { Creation, ServiceCreators } from './service-creators';
import { MeshObject } from '../inventory/object';
import { goesByGiven, Labels } from '../names/labels';
import { Workload } from '../workloads/workload';

/**
 * How much of the cluster the manifests contain. Something is missing from the cluster only if the manifests are complete: a namespace's
 * Services are complete if the manifests have one of them, and likewise its workloads, unless options state that there are more.
 */
export class Coverage {
  private readonly withWorkloads: ReadonlySet<string>;
  private readonly withServers: ReadonlySet<string>;
  private readonly withServices: ReadonlySet<string>;

  /** Namespaces with servers that the manifests don't describe: pods without a template, machines that register themselves. */
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

  /** Whether options state that a namespace contains more than the manifests. */
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

  /** What creates a Service that the manifests lack, such as a controller; undefined if nothing is known to. */
  creatorOf(name: string, namespace: string): Creation | undefined {
    return this.creators.of(name, namespace);
  }

  /**
   * Whether no object in the cluster has a host that the manifests lack. For a Service's name: if
   * all Services of its namespace are known and nothing creates it, or if only the cluster domain
   * is missing. Other names are unknown: any namespace may have a ServiceEntry for them.
   */
  isNowhere(host: string): boolean {
    const [name, namespace, svc, ...rest] = host.split('.');
    if (svc === undefined || (svc === 'svc' && rest.length === 0)) {
      return this.registry.kubernetesService(this.registry.hostOf(name, namespace)) !== undefined;
    }
    return host === this.registry.hostOf(name, namespace) && this.holdsServicesOf(namespace)
      && this.creatorOf(name, namespace) === undefined;
  }

  /**
   * Whether a service, or its subset, without servers in the manifests has none in the cluster either: it lists its
   * servers itself, or all servers of its namespace are known and none could match by labels that the manifests lack.
   */
  isServerless({ selector, namespace }: Service, subset?: Labels): boolean {
    if (goesByGiven(selector) || goesByGiven(subset)) return false;
    return selector === undefined || (this.withServers.has(namespace) && !this.mayHoldMoreServers(namespace));
  }
}
