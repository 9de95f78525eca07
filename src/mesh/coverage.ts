import { MeshObject } from './inventory/object';
import { goesByGiven, Labels } from './names/labels';
import { ServiceRegistry } from './services/registry';
import { Service } from './services/service';
import { Workload } from './workloads/workload';

/**
 * How much of the cluster the manifests show. Only of what they hold whole can be said that something isn't there:
 * a namespace's Services where they hold one of them, its workloads likewise, unless somebody says that there are more.
 */
export class Coverage {
  private readonly withWorkloads: ReadonlySet<string>;
  private readonly withServers: ReadonlySet<string>;
  private readonly withServices: ReadonlySet<string>;

  /** Namespaces with servers that no manifest describes: pods without a template, machines that register themselves. */
  private readonly withUnknownServers: ReadonlySet<string>;

  constructor(
    private readonly registry: ServiceRegistry, workloads: readonly Workload[], groups: readonly MeshObject[],
    private readonly partialNamespaces: readonly string[] = [],
  ) {
    const ofUnknownPods = workloads.filter(({ proxy: { lacks } }) => lacks?.fact === 'pod-template');
    this.withUnknownServers = new Set([...groups, ...ofUnknownPods].map(({ namespace }) => namespace));
    this.withWorkloads = new Set(workloads.map(({ namespace }) => namespace));
    this.withServers = new Set([...workloads, ...registry.machines].map(({ namespace }) => namespace));
    this.withServices = new Set(registry.services.filter(({ registry: kind }) => kind === 'Kubernetes').map(({ namespace }) => namespace));
  }

  /** Whether a namespace is said to hold more than the manifests do. */
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

  /**
   * Whether nothing in the cluster bears a host that no service of the manifests bears. Of a Service's name: where all
   * Services of its namespace are known, or it only lacks the cluster's domain. Of other names nobody can tell: any
   * namespace may have a ServiceEntry for them.
   */
  isNowhere(host: string): boolean {
    const [name, namespace, svc, ...rest] = host.split('.');
    if (svc === undefined || (svc === 'svc' && rest.length === 0)) return this.registry.kubernetesService(this.registry.hostOf(name, namespace)) !== undefined;
    return host === this.registry.hostOf(name, namespace) && this.holdsServicesOf(namespace);
  }

  /**
   * Whether a service, or a subset of it, that has no servers in the manifests has none: those that it lists itself, or all
   * of its namespace are known, and none is selected by labels that manifests don't hold.
   */
  isServerless({ selector, namespace }: Service, subset?: Labels): boolean {
    if (goesByGiven(selector) || goesByGiven(subset)) return false;
    return selector === undefined || (this.withServers.has(namespace) && !this.mayHoldMoreServers(namespace));
  }
}
