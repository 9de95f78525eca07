import { fits, isExclusive, sharedListener, SharedListener } from './shared-listener';
import { addTo } from '../../collections';
import { ProxyScope } from '../../control-planes/sidecar-scope';
import { isWithin, overlap } from '../../names/hosts';
import { Address } from '../../services/addresses';
import { ServiceRegistry } from '../../services/registry';
import { isHttpOrSniffed, portOf, Service, isRange } from '../../services/service';
import { Workload } from '../../workloads/workload';

/** A listener of a client's proxy that handles a call. */
export interface OutboundListener {
  /**
   * Whether it listens at the call's own address, at all addresses of the port, or is the virtual outbound listener for everything else.
   */
  readonly at: 'address' | 'port' | 'virtual';
  /** The route configuration for HTTP: the port's, or that of one service; undefined if the listener doesn't detect HTTP. */
  readonly route?: { readonly of: 'port' } | { readonly of: 'service'; readonly host: string };
}

const NONE: readonly Service[] = Object.freeze([]);

/**
 * The services that a proxy can't distinguish by address. Either they share their port's listener for all addresses,
 * where only HTTP is distinguished by host name; or the proxy listens for them at each of their pods' addresses.
 */
export class OutboundListeners {
  /** TCP services (or of unknown protocol) without an address: they receive all calls on their port that no other listener handles. */
  private readonly withoutAddress = new Map<number, Service[]>();
  /** Services with address ranges, except HTTP: which of them receives a call depends on addresses that manifests mostly don't contain. */
  private readonly ranged = new Map<number, Service[]>();
  /** Ports whose shared listener may belong to a host that several objects define. */
  readonly ambiguousPorts = new Set<number>();
  /** Ports that a service without an address occupies alone, if it comes first. */
  private readonly exclusivePorts = new Set<number>();
  private readonly shared = new WeakMap<ProxyScope, Map<number, SharedListener>>();
  private readonly http = new WeakMap<ProxyScope, Map<number, boolean | undefined>>();
  private readonly unclear = new WeakMap<ProxyScope, Map<number, boolean>>();
  private readonly byIp = new Map<string, Service[]>();
  private readonly byServer = new Map<Workload | string, Map<number, Set<Service>>>();

  constructor(protected readonly registry: ServiceRegistry) {
    for (const service of registry.services) {
      for (const ip of service.addresses) addTo(this.byIp, ip, service);
      const isRanged = service.addresses.some(isRange);
      for (const port of service.ports) {
        if (port.protocol === 'HTTP' || port.protocol === 'UDP') continue;
        if (isRanged) addTo(this.ranged, port.number, service);
        if (service.addresses.length > 0) continue;
        const endpoints = service.resolution === 'PASSTHROUGH' ? registry.serversOn(service, port.number) : [];
        for (const { workload, machine, address } of endpoints) {
          this.listenAt(workload ?? machine?.address ?? address!, port.number, service);
        }
        if (service.registry === 'ServiceEntry'
          && (service.resolution !== 'PASSTHROUGH' || (endpoints.length === 0 && !service.selector))) {
          addTo(this.withoutAddress, port.number, service);
          if (registry.isAmbiguous(service.host)) this.ambiguousPorts.add(port.number);
          if (isExclusive(port.protocol)) this.exclusivePorts.add(port.number);
        }
      }
    }
  }

  /**
   * The services that listen at an address: those that aren't HTTP; the preferred first.
   *
   * @param own whether the address is the client's own, at which its proxy doesn't listen for the services whose server it is
   */
  ownersOf(scope: ProxyScope, address: Address, port: number, own = false): readonly Service[] {
    const candidates = own ? this.atIps(address) : this.at(address, port);
    const owners: Service[] = [];
    for (const { host, object } of candidates) {
      const imported = scope.imported(host);
      const known = imported?.object === object && this.listensAt(imported, address) ? portOf(imported, port) : undefined;
      if (known && known.protocol !== 'HTTP' && this.isKnownAt(scope, imported!, address, port)) owners.push(imported!);
    }
    return owners.length < 2 ? owners : sharedListener(scope.inOrder(owners), port).takers;
  }

  /** Whether istiod knows a service's server at an address: not a pod of a namespace that it doesn't read, which an EndpointSlice lists. */
  private isKnownAt(scope: ProxyScope, service: Service, address: Address, port: number): boolean {
    if (address.at !== 'workload' || service.addresses.length > 0 || address.workload.namespace === service.namespace) return true;
    return scope.discovers(address.workload.namespace) !== false
      || this.registry.serversOn(service, port).some(({ workload, listed }) => workload === address.workload && listed !== 'pod');
  }

  /** The scope that decides about calls to a service's listener: with egress listeners, another scope may have opened it. */
  scopeOf(_owner: Service, scope: ProxyScope, _port: number): ProxyScope {
    return scope;
  }

  /**
   * Whether the receiver depends on an address range: the call goes to a range and
   * the port has other services, or the call's own address has no listener.
   */
  goesByRange(scope: ProxyScope, address: Address, port: number, owners: readonly Service[]): boolean {
    if (address.at === 'ip' && isRange(address.ip)) return this.registry.hostsOn(port).length > 1 || this.registry.isInhabited(address.ip);
    return owners.length === 0 && (this.ranged.get(port) ?? NONE).some((service) => scope.listensFor(service));
  }

  /** Every service that listens at an address, for clients that know it. */
  at(address: Address, port: number): readonly Service[] {
    switch (address.at) {
      case 'service': return address.service.addresses.length === 0 ? [address.service] : this.merged(this.atIps(address),
        this.listeningAtIps(address, port));
      case 'workload': return this.merged(this.atIps(address), this.listeningAt(address.workload, port));
      case 'ip': return this.merged(this.atIps(address), this.listeningAt(address.ip, port));
      default: return [];
    }
  }

  /** The services of both lists, in istiod's order. */
  private merged(some: readonly Service[], others: readonly Service[]): readonly Service[] {
    if (some.length === 0 || others.length === 0) return some.length === 0 ? others : some;
    const both = new Set([...some, ...others]);
    return this.registry.services.filter((service) => both.has(service));
  }

  protected atIps(address: Address): readonly Service[] {
    return this.ipsOf(address).flatMap((ip) => this.byIp.get(ip) ?? NONE);
  }

  /** The IP addresses, as far as the manifests contain them. */
  private ipsOf(address: Address): readonly string[] {
    switch (address.at) {
      case 'service': return address.service.addresses.slice(0, 1);
      case 'workload': return this.registry.knownAddresses.of(address.workload);
      case 'ip': return [address.ip];
      default: return [];
    }
  }

  /** Whether a service listens at an address. A Sidecar with exact names may leave it only its first address. */
  protected listensAt({ addresses }: Service, address: Address): boolean {
    const ips = this.ipsOf(address);
    return ips.length === 0 || addresses.length === 0 || addresses.some((ip) => ips.includes(ip));
  }

  /** The services that share a port's listener for all addresses, except HTTP. */
  sharers(scope: ProxyScope, port: number): readonly Service[] {
    return this.withoutAddress.has(port) ? this.sharedOn(scope, port).takers : NONE;
  }

  /**
   * Whether the port's listener for all addresses routes HTTP by host name; undefined if that depends on services that istiod may not read.
   */
  hasHttp(scope: ProxyScope, port: number): boolean | undefined {
    if (!this.withoutAddress.has(port)) return this.hasNamedHttp(scope, port);
    return this.isUnclearOn(scope, port) ? undefined : this.sharedOn(scope, port).sniffs;
  }

  /** Whether calls to a service would go to other services if ServiceEntries without an address had allocated ones. */
  goByAllocatedAddresses(scope: ProxyScope, called: Service, port: number): boolean {
    const { protocol } = portOf(called, port)!;
    const isWithout = called.registry === 'ServiceEntry' && called.addresses.length === 0;
    // Beside HTTP services, the shared listener may have dropped it.
    if (isWithout && protocol !== 'HTTP' && !fits(protocol, 'AUTO') && this.hasNamedHttp(scope, port) !== false) return true;
    if (!this.registry.isGreedyPortOfOthers(port, called)) return false;
    if (protocol === 'HTTP' && this.exclusivePorts.has(port)) return true;
    return !scope.sees(called) || (called.registry === 'ServiceEntry' ? isWithout : called.resolution !== 'STATIC');
  }

  /**
   * Whether it is unknown if a port has a listener for all addresses, or if that
   * listener detects HTTP: it depends on services that istiod may not read.
   */
  isUnclearOn(scope: ProxyScope, port: number): boolean {
    let byPort = this.unclear.get(scope);
    if (!byPort) this.unclear.set(scope, byPort = new Map());
    let isUnclear = byPort.get(port);
    if (isUnclear === undefined) byPort.set(port, isUnclear = this.findUnclear(scope, port));
    return isUnclear;
  }

  private findUnclear(scope: ProxyScope, port: number): boolean {
    const all = this.sharing(scope, port);
    const certain = this.sharing(scope, port, (service) => scope.certainlyListensFor(service));
    const isHttp = (service: Service): boolean => isHttpOrSniffed(portOf(service, port)!.protocol);
    return (certain.length === 0) !== (all.length === 0) || certain.some(isHttp) !== all.some(isHttp);
  }

  private hasNamedHttp(scope: ProxyScope, port: number): boolean | undefined {
    let byPort = this.http.get(scope);
    if (!byPort) this.http.set(scope, byPort = new Map());
    if (!byPort.has(port)) byPort.set(port, this.findHttp(scope, port));
    return byPort.get(port);
  }

  /**
   * The wildcard host that makes proxies reject their HTTP routes. istiod generates short domains for hosts of the proxy's own namespace,
   * such as `api` for `api.shop.svc.cluster.local`; for a wildcard around that namespace it generates `*`. The virtual host for unknown
   * names already has `*`, so Envoy rejects the port's route configuration, and those after it in an order that isn't fixed.
   */
  refusedFor(scope: ProxyScope): Service | undefined {
    const { whole: { ownWildcard }, whole } = scope;
    const isRefused = (known: ProxyScope, port: number): boolean =>
      isHttpOrSniffed(known.ownWildcard && portOf(known.ownWildcard, port)?.protocol) && this.hasHttp(known, port) !== false;
    return ownWildcard?.ports.some(({ number }) => isRefused(whole.onPort(number), number)) ? ownWildcard : undefined;
  }

  /** The services within a wildcard that a scope knows on a port. */
  within(scope: ProxyScope, wildcard: string, port: number): readonly Service[] {
    return this.registry.services.filter((service) =>
      overlap(service.host, wildcard) && portOf(service, port) !== undefined && scope.listensFor(service));
  }

  /**
   * The Service whose HTTP route matches a name that no service has: its host is spelled
   * differently (in upper or lower case), or it is headless and the name is within its host, or within that of an ExternalName for it.
   */
  spelled(scope: ProxyScope, host: string, port: number): Service | undefined {
    for (const service of this.registry.spellings.of(host)) {
      const isAlias = service.resolution === 'ALIAS';
      const meant = scope.imported((isAlias ? scope.aliasTarget(service.host) : service.host) ?? '');
      const isKnown = isAlias ? meant !== undefined && scope.importsName(service.host, meant) : meant === service;
      if (isKnown && isHttpOrSniffed(portOf(meant!, port)?.protocol)) return meant;
    }
    return undefined;
  }

  /** The ExternalName whose HTTP route matches a name that is spelled differently. */
  spelledAlias(scope: ProxyScope, host: string): Service | undefined {
    const named = this.registry.spellings.ofWhole(host);
    return named.find((service) => service.resolution === 'ALIAS' && scope.imported(service.host) === service);
  }

  /** The service with the longest wildcard around a name that a scope knows on a port. Proxies know each wildcard with a final dot, too. */
  wildcardAround(scope: ProxyScope, host: string, port: number): Service | undefined {
    if (!this.registry.isCatchAllPort(port)) return undefined;
    const name = host.endsWith('.') ? host.slice(0, -1) : host;
    const around = this.registry.wildcards.filter((service) => service.host !== host && isWithin(name, service.host));
    const known = around.filter((service) => scope.listensFor(service) && portOf(service, port) !== undefined);
    return [...known].sort((left, right) => right.host.length - left.host.length)[0];
  }

  private findHttp(scope: ProxyScope, port: number): boolean | undefined {
    let isUnclear = false;
    for (const service of this.registry.services) {
      if (!isNamedHttp(service, port) || !scope.listensFor(service)) continue;
      if (!scope.isUnclear(service)) return true;
      isUnclear = true;
    }
    return isUnclear ? undefined : false;
  }

  private sharedOn(scope: ProxyScope, port: number): SharedListener {
    let byPort = this.shared.get(scope);
    if (!byPort) this.shared.set(scope, byPort = new Map());
    let found = byPort.get(port);
    if (!found) {
      byPort.set(port, found = sharedListener(scope.inOrder(this.sharing(scope, port)), port));
    }
    return found;
  }

  /** The services of a scope that make istiod open a port's listener for all addresses. */
  private sharing(
    scope: ProxyScope, port: number, listensFor = (service: Service): boolean => scope.listensFor(service),
  ): readonly Service[] {
    const withoutAddress = new Set(this.withoutAddress.get(port));
    return this.registry.services.filter((service) => (withoutAddress.has(service) || isNamedHttp(service, port)) && listensFor(service));
  }

  /** The services with a server whose listed address is also the address of a Service. */
  private listeningAtIps(address: Address, port: number): readonly Service[] {
    return this.ipsOf(address).flatMap((ip) => this.listeningAt(ip, port));
  }

  private listeningAt(server: Workload | string, port: number): readonly Service[] {
    return [...this.byServer.get(server)?.get(port) ?? []];
  }

  private listenAt(server: Workload | string, port: number, service: Service): void {
    let ports = this.byServer.get(server);
    if (!ports) this.byServer.set(server, ports = new Map());
    ports.set(port, (ports.get(port) ?? new Set()).add(service));
  }
}

/** Whether a service uses its port's listener for all addresses, because its calls are matched by host name. */
function isNamedHttp(service: Service, port: number): boolean {
  return service.resolution !== 'ALIAS' && portOf(service, port)?.protocol === 'HTTP';
}
