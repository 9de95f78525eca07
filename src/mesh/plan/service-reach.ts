import { ServedHosts } from './served-hosts';
import { isForSidecars, hostsIn } from './unit-manifests';
import { texts } from '../../manifests/mapping';
import { isPublic } from '../calls/affected-namespaces';
import { Kind, KIND, Kinds } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { isWildcard, serviceHost } from '../names/hosts';
import { BACKEND_POLICY_KINDS } from '../policies/backend-policies';
import { readSidecar } from '../policies/sidecar';
import { GATEWAY_API_ROUTES } from '../routes/gateway-api';
import { forwardedTo } from '../services/known-addresses';
import { machinesListedBy } from '../services/machine';
import { isRange, Service } from '../services/service';

/** If one of these kinds is present, a Service is assumed to affect any call. */
const UNEXAMINED = Kinds.of('WorkloadEntry', 'WorkloadGroup', ...GATEWAY_API_ROUTES, ...BACKEND_POLICY_KINDS);

/** Which hosts' calls depend on which Services in any of their versions: by host, pods, addresses and ports. */
export class ServiceReach {
  /** Whether any Service may affect any call. */
  private readonly isUnexamined: boolean;
  /** Whether EndpointSlices list pods of other namespaces: what clients send to these depends on all services that they know. */
  readonly listPodsElsewhere: boolean;
  private readonly hasRoutes: boolean;
  private readonly hasRanges: boolean;
  private readonly versions = new Map<string, Service[]>();
  private readonly hostsByPort = new Map<number, Set<string>>();
  private readonly hostsByAddress = new Map<string, Set<string>>();
  /** The parts of names in ServiceEntries: if a Service has such a name, its decisions apply. */
  private readonly namesElsewhere = new Set<string>();
  /** Ports on which calls may depend on other services of the port: by a listener that all share, or that only some clients have. */
  private readonly sharedPorts = new Set<number>();

  constructor(states: readonly Mesh[], private readonly served: ServedHosts) {
    const services = states.flatMap(({ registry }) => registry.services);
    for (const service of services) this.add(service);
    for (const { registry } of states) {
      for (const service of registry.services) {
        for (const member of registry.listedFor(service)) if (typeof member === 'string') addTo(this.hostsByAddress, member, service.host);
      }
    }
    const all = (kind: Kind): readonly MeshObject[] => states.flatMap(({ objects }) => objects.of(kind));
    this.isUnexamined = [...UNEXAMINED].some((kind) => all(kind).length > 0)
      || services.some(({ externalName }) => externalName !== undefined)
      || states.some(({ registry }) => registry.coveredNamespaces.size > 0);
    this.listPodsElsewhere = states.some(({ registry }) => registry.services.some((service) => registry.listsPodsElsewhere(service)));
    const routes = all(KIND.VirtualService).filter(isForSidecars);
    this.hasRoutes = routes.length > 0;
    this.hasRanges = services.some(({ addresses }) => addresses.some(isRange));
    const sidecars = all(KIND.Sidecar).map(readSidecar);
    for (const { egress } of sidecars) for (const { port } of egress) if (port) this.sharedPorts.add(port.number);
    if (sidecars.some(({ egress }) => egress.length > 0) || mayHide(states)) this.shareRouted(routes);
  }

  /** @param versions of Services that always exist */
  of(versions: readonly MeshObject[]): ReadonlySet<string> | 'everywhere' {
    const hosts = new Set<string>();
    for (const object of versions) {
      if (this.isUnexamined || this.listPodsElsewhere || this.namesElsewhere.has(object.name)) return 'everywhere';
      hosts.add(serviceHost(object.name, object));
    }
    for (const service of [...hosts].flatMap((host) => this.versions.get(host) ?? [])) {
      const addresses = addressesOf(service);
      if (addresses.length > 0 && this.hasRanges) return 'everywhere';
      for (const address of addresses) for (const host of this.hostsByAddress.get(address) ?? []) hosts.add(host);
      const shared = service.ports.filter(({ number }) => this.sharedPorts.has(number));
      for (const { number } of shared) for (const host of this.hostsByPort.get(number)!) hosts.add(host);
    }
    // A Service names the protocols of its pods' ports, whichever other services lead to them.
    const pods = new Set([...hosts].flatMap((host) => [...this.served.workloadsOf.get(host) ?? []]));
    return new Set([...hosts, ...[...pods].flatMap((one) => [...this.served.byWorkload.get(one)!])]);
  }

  /** For a Service that is added or deleted: routes to its namespace may lead to hosts that don't exist. */
  ofMissing(versions: readonly MeshObject[]): ReadonlySet<string> | 'everywhere' {
    return this.hasRoutes ? 'everywhere' : this.of(versions);
  }

  private add(service: Service): void {
    const { registry, host, object, ports, resolution } = service;
    this.versions.set(host, [...this.versions.get(host) ?? [], service]);
    for (const { number, protocol } of ports) {
      addTo(this.hostsByPort, number, host);
      if (registry === 'ServiceEntry' || (resolution === 'PASSTHROUGH' && protocol === 'AUTO')) this.sharedPorts.add(number);
    }
    for (const address of addressesOf(service)) addTo(this.hostsByAddress, address, host);
    if (registry !== 'ServiceEntry') return;
    const places = machinesListedBy(object).map(({ address }) => address);
    for (const place of places) addTo(this.hostsByAddress, place, host);
    for (const name of [host, ...places]) for (const part of name.toLowerCase().split('.')) this.namesElsewhere.add(part);
  }

  /** A client that doesn't know a host but knows its routes follows them if it has an HTTP listener on the port. */
  private shareRouted(routes: readonly MeshObject[]): void {
    const routed = routes.flatMap((route) => (texts(route.spec.hosts).some(isWildcard) ? [...this.versions.keys()] : hostsIn(route)));
    const services = routed.flatMap((host) => this.versions.get(host) ?? []);
    for (const { number } of services.flatMap(({ ports }) => ports)) this.sharedPorts.add(number);
  }
}

/** Whether some client may not see some service. */
function mayHide(states: readonly Mesh[]): boolean {
  return states.some(({ registry, planes, revisions }) => [...new Set([planes.default, ...planes.inUse(revisions).keys()])].some((plane) =>
    [...registry.byHost.values()].some((services) => services.length > 1 || !isPublic(services[0], plane))));
}

function addressesOf(service: Service): readonly string[] {
  return [...service.addresses, ...forwardedTo(service)];
}

function addTo<K>(sets: Map<K, Set<string>>, key: K, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}
