import { ControlPlane } from '../control-planes/control-plane';
import { Call } from '../model/call';
import { isWildcard } from '../names/hosts';
import { Endpoint } from '../services/endpoint';
import { ServiceRegistry } from '../services/registry';
import { portOf, Service } from '../services/service';

/**
 * Finds calls that clients may resolve differently because of other services that they know:
 * calls to hidden hosts with public routes, or to services that may lack a listener.
 */
export class PortDependence {
  private readonly openPorts = new Map<ControlPlane, ReadonlySet<number>>();

  constructor(private readonly registry: ServiceRegistry) {}

  /** Whether the outcome of a call may depend on which other services on its port a client knows. */
  dependOnPort({ host, port }: Call, plane: ControlPlane): boolean {
    const services = this.registry.byHost.get(host)!;
    if (services.some((service) => mayLackListener(service, port)) && !this.openPortsOf(plane).has(port)) return true;
    if (services.every((service) => portOf(service, port) && isPublic(service, plane))) return false;
    const routes = plane.routes.touching(host).filter(({ exportTo }) => exportTo.isPublic);
    if (routes.length === 0) return false;
    return !this.openPortsOf(plane).has(port) || routes.some(({ route: { hosts } }) => hosts.length > 1 || isWildcard(hosts[0]));
  }

  /** Ports on which every client has an HTTP listener. */
  private openPortsOf(plane: ControlPlane): ReadonlySet<number> {
    let open = this.openPorts.get(plane);
    if (!open) {
      const services = [...this.registry.byHost.values()].flatMap((known) => (
        known.length === 1 && isPublic(known[0], plane) ? known : []));
      const ports = services.flatMap((service) => (service.resolution === 'ALIAS' ? [] : service.ports));
      this.openPorts.set(plane, open = new Set(ports.filter(({ protocol }) => protocol === 'HTTP').map(({ number }) => number)));
    }
    return open;
  }
}

/**
 * Whether some address of a service may have no listener: a pod without the named port. HTTP calls there are matched by
 * host name if any service that the client knows is HTTP on the port.
 */
function mayLackListener(service: Service, number: number): boolean {
  const port = portOf(service, number);
  const mayLackPort = service.registry === 'ServiceEntry' || !service.selector || typeof port?.target === 'string';
  return service.resolution === 'PASSTHROUGH' && port?.protocol === 'AUTO' && mayLackPort;
}

/** Whether all clients of an istiod see a service. */
export function isPublic(service: Service, plane: ControlPlane): boolean {
  return plane.discovers(service.namespace) === true && plane.reads(service.object) && plane.exportOf(service).isPublic;
}

/** Which clients may resolve a call, or a port, differently from the others. */
interface Concerned {
  /** Namespaces whose clients may each resolve it in a way of their own. */
  readonly distinguished: ReadonlySet<string>;
  /** Namespaces of the services and routes that may take part: clients with the same imports from them resolve it alike. */
  readonly namespaces: ReadonlySet<string>;
}

interface Found {
  readonly distinguished: Set<string>;
  readonly namespaces: Set<string>;
}

const NOWHERE: ReadonlySet<string> = new Set();

/** Finds the namespaces whose clients may resolve a call differently. */
export class AffectedNamespaces {
  private readonly hidden: PortDependence;
  private readonly behind = new Map<readonly Endpoint[], ReadonlySet<string>>();
  private readonly byPort = new Map<ControlPlane, Map<number, Concerned | undefined>>();

  constructor(private readonly registry: ServiceRegistry) {
    this.hidden = new PortDependence(registry);
  }

  /** The namespaces whose clients may resolve a call differently from all others; undefined if any client may. */
  namespaces(call: Call, plane: ControlPlane): ReadonlySet<string> | undefined {
    const goesByPort = this.registry.isCatchAllPort(call.port) || this.hidden.dependOnPort(call, plane);
    const ofPort = goesByPort ? this.ofPort(call.port, plane) : undefined;
    if (goesByPort && !ofPort) return undefined;
    const named = [...call.neighbours, ...this.registry.spellings.of(call.host)].map(({ host }) => host);
    const ofCall = this.ofHosts([...named, ...named.flatMap((host) => plane.aliases.targetOf(host) ?? [])], plane, true);
    return ofCall && ofPort ? new Set([...ofPort.distinguished, ...ofCall.distinguished]) : ofCall?.distinguished;
  }

  /**
   * The same for all calls on a port where a service accepts traffic addressed to others: any service on the
   * port may receive such calls, or hide others. Undefined if any client may resolve them differently.
   */
  ofPort(port: number, plane: ControlPlane): Concerned | undefined {
    let known = this.byPort.get(plane);
    if (!known) this.byPort.set(plane, known = new Map());
    if (!known.has(port)) known.set(port, this.findOfPort(port, plane));
    return known.get(port);
  }

  private findOfPort(port: number, plane: ControlPlane): Concerned | undefined {
    const hosts = this.registry.hostsOn(port).filter((host) => this.mayInterfere(host, port, plane));
    const found = this.ofHosts(hosts, plane, false);
    if (!found) return undefined;
    // The routes that lead to a destination determine which of its ports clients know without importing it.
    const destinations = hosts.flatMap((host) => plane.routes.touching(host))
      .flatMap(({ route }) => route.destinations.map(({ host }) => host));
    const leading = [...new Set(destinations)].flatMap((host) => [...plane.routes.namespacesLeadingTo(host)]);
    return { distinguished: new Set([...found.distinguished, ...leading]), namespaces: new Set([...found.namespaces, ...leading]) };
  }

  /** Whether knowing one host may affect calls to others: through its listener, its routes, or the names that it accepts. */
  private mayInterfere(host: string, port: number, plane: ControlPlane): boolean {
    const isShared = (service: Service): boolean =>
      service.registry === 'ServiceEntry' || service.externalName !== undefined || portOf(service, port)?.protocol === 'HTTP';
    return this.registry.byHost.get(host)!.some(isShared) || plane.routes.touching(host).length > 0;
  }

  /** @param areCalled whether the calls are to these hosts, or only fall through to them if nothing else receives them */
  private ofHosts(of: readonly string[], plane: ControlPlane, areCalled: boolean): Concerned | undefined {
    const concerned: Found = { distinguished: new Set(this.registry.coveredNamespaces), namespaces: new Set<string>() };
    const [hosts, destinations] = [new Set(of), new Set<string>()];
    for (const { route, exportTo } of [...hosts].flatMap((host) => plane.routes.touching(host))) {
      if (route.sourceLabels.length > 0) return undefined;
      concerned.namespaces.add(route.object.namespace);
      for (const namespace of [route.object.namespace, ...exportTo.namespaces, ...route.sourceNamespaces]) {
        concerned.distinguished.add(namespace);
      }
      for (const { host } of route.destinations) destinations.add(host);
    }
    for (const host of destinations) if (!this.addOfHost(host, plane, true, concerned)) return undefined;
    for (const host of hosts) if (!destinations.has(host) && !this.addOfHost(host, plane, areCalled, concerned)) return undefined;
    return concerned;
  }

  /**
   * Namespaces with servers of a ServiceEntry or EndpointSlice: of Services that a ServiceEntry names as
   * its servers, and of pods that a slice lists. These servers may call themselves through it.
   */
  private namespacesBehind(service: Service): ReadonlySet<string> {
    const slices = this.registry.listedFor(service);
    if (slices.length > 0) {
      return new Set(slices.flatMap((server) => (typeof server === 'string' ? this.namespacesAt(server) : [server.namespace])));
    }
    const [port] = service.ports;
    if (service.registry !== 'ServiceEntry' || !port) return NOWHERE;
    // One list for all services of a host.
    const endpoints = this.registry.endpointsOf(service, port);
    let found = this.behind.get(endpoints);
    if (!found) {
      const places = endpoints.flatMap(({ address, machine }) => address ?? machine?.address ?? []);
      this.behind.set(endpoints, found = new Set(places.flatMap((place) => this.namespacesAt(place))));
    }
    return found;
  }

  /** The namespaces of the Service, or of the pods, that a name or an address leads to. */
  private namespacesAt(place: string): readonly string[] {
    const holder = this.registry.knownAddresses.at(place);
    if (holder) return 'pod' in holder ? [holder.pod.namespace] : 'service' in holder ? [holder.service.namespace] : [];
    const named = this.registry.names.lookUp(place);
    if (named === undefined || named === 'varies') return [];
    return 'service' in named ? [named.service.namespace] : named.pods.map(({ namespace }) => namespace);
  }

  /** False if the host is an ExternalName, whose target's rules apply too, or if calls depend on what else each client knows. */
  private addOfHost(host: string, plane: ControlPlane, isCalled: boolean, { distinguished: apart, namespaces }: Found): boolean {
    const services = this.registry.byHost.get(host) ?? [];
    for (const service of services) {
      if (service.externalName !== undefined || this.registry.listsPodsElsewhere(service)) return false;
      namespaces.add(service.namespace);
      addAll(apart, this.namespacesBehind(service));
      if (service.registry === 'ServiceEntry') {
        for (const place of [host, ...service.addresses]) addAll(apart, this.namespacesAt(place));
      }
      // Servers may call themselves.
      const mayServe = service.registry === 'Kubernetes' ? isCalled : service.selector !== undefined;
      if (!mayServe && services.length === 1 && isPublic(service, plane)) continue;
      apart.add(service.namespace);
      addAll(apart, plane.exportOf(service).namespaces);
    }
    for (const rules of [plane.rules, plane.backendPolicies]) for (const those of rules.namespacesConcernedBy(host)) addAll(apart, those);
    return true;
  }
}

function addAll(to: Set<string>, namespaces: Iterable<string>): void {
  for (const namespace of namespaces) to.add(namespace);
}
