import { Aliases } from './aliases';
import { ClusterNames } from './cluster-names';
import { Endpoint } from './endpoint';
import { Endpoints, Selecting } from './endpoints';
import { KnownAddresses, liesIn } from './known-addresses';
import { kubernetesService } from './kubernetes-service';
import { Machine, machineOfEntry, machinesListedBy } from './machine';
import { Service, isRange, serviceKey, ServicePort } from './service';
import { servicesOfEntry } from './service-entry';
import { Spellings } from './spellings';
import { grouped } from '../collections';
import { EffectiveMeshConfig } from '../config/mesh-config';
import { Inventory } from '../inventory/inventory';
import { isOf, KIND } from '../inventory/kinds';
import { compareAges, compareTexts, idKey } from '../inventory/object';
import { ExportTo } from '../names/export-to';
import { DEFAULT_CLUSTER_DOMAIN, isWildcard, serviceHost, dnsName } from '../names/hosts';
import { selects } from '../names/labels';
import { Workload } from '../workloads/workload';

const SELECTING_ALL: Selecting = { selectMachines: true, selectPods: true };

/** Every service in the manifests, with its servers. Visibility is decided elsewhere. */
export class ServiceRegistry {
  static of(
    objects: Inventory, workloads: readonly Workload[], clusterDomain: string = DEFAULT_CLUSTER_DOMAIN,
    selecting: Selecting = SELECTING_ALL,
  ): ServiceRegistry {
    const services = [...objects.of(KIND.Service).map(kubernetesService), ...objects.of(KIND.ServiceEntry).flatMap(servicesOfEntry)]
      .sort(compareServices);
    const machines = objects.of(KIND.WorkloadEntry).map(machineOfEntry);
    const known = KnownAddresses.of(objects, workloads, services);
    return new ServiceRegistry(services, workloads, machines, new Endpoints(objects, services, workloads, machines, selecting, known),
      clusterDomain);
  }

  readonly byHost: ReadonlyMap<string, readonly Service[]>;
  /** Namespaces whose Services are all covered by a ServiceEntry's wildcard. */
  readonly coveredNamespaces: ReadonlySet<string>;
  /** ExternalNames, as the cluster's DNS follows them. */
  readonly aliases: Aliases;
  /** The services with a wildcard host, the oldest first. */
  readonly wildcards: readonly Service[];
  /** Names, as the cluster's DNS resolves them. */
  readonly names: ClusterNames;
  /** Services by names that are spelled differently from their hosts. */
  readonly spellings: Spellings;
  private hostsByPort?: ReadonlyMap<number, readonly string[]>;
  private readonly greedy: ReadonlyMap<number, readonly { readonly service: Service }[]>;
  private readonly kubernetesByHost: ReadonlyMap<string, Service>;
  private readonly ambiguousHosts: ReadonlySet<string>;
  private readonly workloadsByNamespace: ReadonlyMap<string, readonly Workload[]>;
  private readonly serversByNumber = new Map<string, ReadonlyMap<number, readonly Endpoint[]>>();
  private readonly inhabited = new Map<string, boolean>();
  private readonly members = new Map<Service, readonly (Workload | string)[]>();

  private constructor(
    /** The oldest first, then by name. */
    readonly services: readonly Service[],
    workloads: readonly Workload[],
    readonly machines: readonly Machine[],
    private readonly endpoints: Endpoints,
    /** The DNS suffix of the cluster's Services. */
    readonly clusterDomain: string,
  ) {
    this.byHost = grouped(services, ({ host }) => host);
    this.kubernetesByHost = new Map(services.filter(({ registry }) => registry === 'Kubernetes').reverse()
      .map((service) => [service.host, service]));
    this.aliases = this.aliasesKnown(undefined, dnsName);
    this.names = new ClusterNames(this);
    this.spellings = new Spellings(this);
    this.wildcards = services.filter(({ host }) => isWildcard(host));
    this.workloadsByNamespace = grouped(workloads, ({ namespace }) => namespace);
    this.coveredNamespaces = new Set(this.wildcards.flatMap(({ host }) => this.namespaceCovered(host) ?? []));
    const spelledTwice = spelledTwiceAmong([...this.byHost.keys()]);
    this.ambiguousHosts = new Set([...this.byHost.keys()].filter((host) => isAmbiguous(this.byHost.get(host)!) || spelledTwice.has(host)));
    this.greedy = grouped(services.flatMap((service) => catchAllPorts(service).map((port) => ({ port, service }))), ({ port }) => port);
  }

  /**
   * @param isKnown whether istiod, or DNS, knows an ExternalName
   * @param nameOf the name that is looked up for an `externalName`; by default as written, as istiod does
   */
  aliasesKnown(isKnown?: (alias: Service) => boolean, nameOf?: (externalName: string) => string): Aliases {
    const isEmpty = !this.services.some(({ externalName }) => externalName !== undefined);
    return new Aliases((host) => this.kubernetesService(host), isKnown, isEmpty, nameOf);
  }

  /** Whether a service accepts traffic for other hosts on a port: at any address, or for any name under a wildcard. */
  isCatchAllPort(port: number): boolean {
    return this.greedy.has(port);
  }

  /** Whether a service other than the given one accepts such traffic. */
  isGreedyPortOfOthers(port: number, { object, host }: Service): boolean {
    return this.greedy.get(port)?.some(({ service }) => service.object !== object || service.host !== host) ?? false;
  }

  /** The hosts of the services that have a port. */
  hostsOn(port: number): readonly string[] {
    if (!this.hostsByPort) {
      const hosts = new Map<number, Set<string>>();
      for (const { host, ports } of this.services) {
        for (const { number } of ports) hosts.set(number, (hosts.get(number) ?? new Set()).add(host));
      }
      this.hostsByPort = new Map([...hosts].map(([number, of]) => [number, [...of]]));
    }
    return this.hostsByPort.get(port) ?? [];
  }

  /** The holders of addresses, as far as the manifests contain them. */
  get knownAddresses(): KnownAddresses {
    return this.endpoints.known;
  }

  /**
   * The WorkloadEntries at a pod's address, with the first of which istiod confuses the pod's proxy: first the one with the pod's own
   * name, then those in its namespace.
   */
  standInsOf(workload: Workload): readonly Machine[] {
    const { namespace, name } = workload;
    const [ip] = this.endpoints.selectable.length === 0 ? [] : this.knownAddresses.of(workload);
    const isPods = ({ entry }: Machine): boolean => isOf(workload, KIND.Pod) && entry!.name === name;
    const rank = (machine: Machine): number => (machine.namespace !== namespace ? 2 : isPods(machine) ? 0 : 1);
    return this.endpoints.selectable.filter(({ address }) => address === ip).sort((left, right) => (
      rank(left) - rank(right) || compareTexts(idKey(left.entry!), idKey(right.entry!))));
  }

  /** Whether some Service selects a workload's pods. */
  isSelected({ namespace, labels }: Workload): boolean {
    return this.services.some((service) => service.registry === 'Kubernetes' && service.namespace === namespace
      && service.selector !== undefined && selects(service.selector, labels));
  }

  /** Whether an address of the manifests is in a range. */
  isInhabited(range: string): boolean {
    let found = this.inhabited.get(range);
    if (found === undefined) {
      const listed = this.services.flatMap(({ object, addresses, registry }) => (
        registry === 'ServiceEntry' ? [...addresses, ...machinesListedBy(object).map(({ address }) => address)] : []));
      const all = [...this.knownAddresses.all, ...this.machines.map(({ address }) => address), ...listed];
      this.inhabited.set(range, found = all.some((address) => liesIn(address, range)));
    }
    return found;
  }

  endpointsOf(service: Service, port: ServicePort): readonly Endpoint[] {
    return this.endpoints.of(service, port);
  }

  /**
   * The servers that aren't ready. They get no calls, but istiod counts them
   * when it determines a service's TLS and the names of its servers.
   */
  unreadyOf(service: Service, port: ServicePort): readonly Endpoint[] {
    return this.endpoints.unreadyOf(service, port);
  }

  /** WorkloadEntries with a Service's labels that aren't its servers because istiod's flags keep Services from selecting them. */
  namesakesOf(service: Service): readonly Machine[] {
    return this.endpoints.namesakesOf(service);
  }

  /**
   * The servers that istiod considers when it builds listeners, and when it checks whether all of them accept its TLS;
   * ready or not. istiod stores them by the port's number, not by its name or protocol, for all services with the same
   * host and namespace. Which of these overwrites which isn't modelled, since such hosts are ambiguous.
   */
  serversOn({ namespace, host }: Service, number: number): readonly Endpoint[] {
    const key = serviceKey({ namespace, host });
    let byNumber = this.serversByNumber.get(key);
    if (!byNumber) this.serversByNumber.set(key, byNumber = this.serversOfKey(namespace, host));
    return byNumber.get(number) ?? [];
  }

  private serversOfKey(namespace: string, host: string): ReadonlyMap<number, readonly Endpoint[]> {
    const sharing = this.byHost.get(host)!.filter((service) => service.namespace === namespace);
    const ports = grouped(sharing.flatMap((service) => service.ports.map((port) => ({ service, port }))), ({ port }) => port.number);
    return new Map([...ports].map(([number, having]) => {
      const lists = new Set(having.flatMap(({ service, port }) => [this.endpointsOf(service, port), this.unreadyOf(service, port)]));
      return [number, [...lists].flat()];
    }));
  }

  /** The pods and addresses that EndpointSlices list for a Service. */
  listedFor(service: Service): readonly (Workload | string)[] {
    return this.endpoints.listedFor(service);
  }

  /**
   * Whether EndpointSlices list pods of other namespaces for a Service: which of
   * those pods' policies a client knows depends on the services that it knows.
   */
  listsPodsElsewhere(service: Service): boolean {
    return this.listedFor(service).some((member) => typeof member !== 'string' && member.namespace !== service.namespace);
  }

  /** The pods that a Service selects, and the pods and addresses that slices list for it, even without its ports. */
  membersOf(service: Service): readonly (Workload | string)[] {
    let found = this.members.get(service);
    if (!found) {
      const { selector, namespace } = service;
      const selected = selector && (this.workloadsByNamespace.get(namespace) ?? []).filter(({ labels }) => selects(selector, labels));
      this.members.set(service, found = [...new Set([...selected ?? [], ...this.listedFor(service)])]);
    }
    return found;
  }

  /** Whether several objects define a host and it is uncertain which istiod prefers. */
  isAmbiguous(host: string): boolean {
    return this.ambiguousHosts.has(host);
  }

  /** The Service in the cluster with this DNS name. */
  kubernetesService(host: string): Service | undefined {
    return this.kubernetesByHost.get(host);
  }

  /** The host of a Service with this name, whether or not it exists. */
  hostOf(name: string, namespace: string): string {
    return serviceHost(name, { namespace, clusterDomain: this.clusterDomain });
  }

  /** The namespace whose Services a wildcard covers; undefined for other hosts. */
  private namespaceCovered(host: string): string | undefined {
    const [first, namespace] = host.split('.');
    return first === '*' && host === this.hostOf('*', namespace) ? namespace : undefined;
  }
}

/** The hosts that differ only in capitals. */
function spelledTwiceAmong(hosts: readonly string[]): ReadonlySet<string> {
  if (hosts.every((host) => host === host.toLowerCase())) return new Set();
  return new Set([...grouped(hosts, (host) => host.toLowerCase()).values()].filter(({ length }) => length > 1).flat());
}

/** The ports on which a service accepts traffic for other hosts. */
function catchAllPorts({ registry, host, addresses, ports }: Service): readonly number[] {
  if (registry !== 'ServiceEntry') return [];
  const isOpen = addresses.length === 0 || addresses.some(isRange);
  const isGreedy = ({ protocol }: ServicePort): boolean => isWildcard(host) || (isOpen && protocol !== 'HTTP' && protocol !== 'UDP');
  return ports.filter(isGreedy).map(({ number }) => number);
}

/** The namespaces that see a service. */
export function exportOf(service: Service, { defaultServiceExportTo: byDefault }: EffectiveMeshConfig, readsNames = true): ExportTo {
  return ExportTo.of(service.exportTo, service.namespace, readsNames ? byDefault : withoutNames(byDefault));
}

/** The default visibility in an istiod that ignores names of namespaces: `.`, or else `*`, or else `~` (nobody). */
function withoutNames(byDefault: readonly string[]): readonly string[] {
  return [['.', '*'].find((entry) => byDefault.includes(entry)) ?? '~'];
}

/** istiod names the services of a ServiceEntry after their hosts, and sorts by that name. */
function compareServices(left: Service, right: Service): number {
  return compareAges(left.object, right.object)
    || compareTexts(sortName(left), sortName(right))
    || compareTexts(left.namespace, right.namespace)
    || compareTexts(left.name, right.name);
}

function sortName({ registry, name, host }: Service): string {
  return registry === 'Kubernetes' ? name : host;
}

/** Two ServiceEntries for one host in one namespace have no fixed order; a Service and a ServiceEntry share endpoints partly. */
function isAmbiguous(services: readonly Service[]): boolean {
  if (services.length < 2) return false;
  const entries = services.filter(({ registry }) => registry === 'ServiceEntry');
  return new Set(entries.map(({ namespace }) => namespace)).size < entries.length
    || (entries.length > 0 && entries.length < services.length);
}
