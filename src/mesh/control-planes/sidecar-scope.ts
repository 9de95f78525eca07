import { atOneAddress, firstInAlphabet, importedService, listeningServices, merged, onlyWithPort, preferred } from './imported-service';
import { grouped } from '../collections';
import { BehaviourName } from '../config/istiod-behaviours';
import { EffectiveMeshConfig, OutboundMode } from '../config/mesh-config';
import { MeshObject } from '../inventory/object';
import { ExportTo } from '../names/export-to';
import { EgressListener, HostImports, importsOf, isForProxying, portOnly, SidecarResource } from '../policies/sidecar';
import { inOrderFor, RouteIndex, VisibleRoute } from '../routes/route-index';
import { Aliases } from '../services/aliases';
import { ServiceRegistry } from '../services/registry';
import { firstPort, portOf, Protocol, protocolNamed, Service } from '../services/service';

const NONE: readonly Service[] = Object.freeze([]);

interface ListenerScope extends EgressListener {
  readonly scope: ProxyScope;
}

/** The port of an egress listener, as istiod opens it. */
export interface EgressPort {
  readonly number: number;
  readonly protocol: Protocol;
  /** The imports of the egress listener without a port, if there is one: its services are added. */
  readonly others?: ProxyScope;
}

/** The scopes of a Sidecar's egress listeners. The listener without a port comes last, and adds its services to those before it. */
function listenersOf(
  { egress }: SidecarResource, scopeOf: (own: EgressListener, others?: ProxyScope) => ProxyScope,
): readonly ListenerScope[] {
  const others = egress.find(({ port }) => port === undefined);
  const rest = others && scopeOf(others);
  return egress.map((own) => ({ ...own, scope: own === others ? rest! : scopeOf(own, rest) }));
}

/** The parts of a control plane that scopes use. */
interface Plane {
  readonly config: EffectiveMeshConfig;
  readonly registry: ServiceRegistry;
  readonly routes: RouteIndex;
  readonly aliases: Aliases;
  reads(object: MeshObject): boolean;
  discovers(namespace: string): boolean | undefined;
  mayIgnore(service: Service): boolean;
  exportOf(service: Service): ExportTo;
  decidesAsModelled(behaviour: BehaviourName): boolean;
}

/** The part of the mesh that proxies in a namespace know: their Sidecar's imports, or everything that is exported to them. */
export class ProxyScope {
  readonly outbound: OutboundMode;
  /** The scope of all egress listeners, if this is the scope of one. */
  readonly whole: ProxyScope;
  /** The scopes of the Sidecar's egress listeners; undefined if none has a port, since then all import the same. */
  private readonly listeners: readonly ListenerScope[] | undefined;
  /** The imports of all egress listeners: what one excludes another may import. */
  private readonly importsOfListeners: readonly HostImports[];
  private readonly opens: EgressPort | undefined;
  private readonly ownWildcardHost: string;
  private readonly importedByHost = new Map<string, Service | undefined>();
  private readonly routesByHost = new Map<string, readonly VisibleRoute[]>();
  private routed: ReadonlyMap<string, ReadonlySet<number>> | undefined;
  private readonly unclearPorts = new Map<number, boolean>();
  private readonly policiesKnown = new Map<string, boolean>();
  private nothing: ProxyScope | undefined;

  constructor(
    private readonly plane: Plane, readonly namespace: string, readonly resource: SidecarResource | undefined,
    private readonly listener?: Pick<EgressListener, 'hosts' | 'port'>, others?: ProxyScope, whole?: ProxyScope,
    private readonly imports: HostImports = listener
      ? HostImports.of(listener.hosts, namespace, plane.decidesAsModelled('excludeHosts'))
      : importsOf(resource, namespace, plane.decidesAsModelled('excludeHosts')),
  ) {
    this.outbound = resource?.outbound ?? plane.config.outboundTrafficPolicy;
    const hasPorts = !listener && resource?.egress.some(({ port }) => port !== undefined);
    this.listeners = hasPorts ? listenersOf(resource!,
      (own, beside) => new ProxyScope(plane, namespace, resource, own, beside, this)) : undefined;
    this.importsOfListeners = this.listeners?.map(({ scope }) => scope.imports) ?? [this.imports];
    this.whole = whole ?? this;
    const only = listener && portOnly(listener);
    this.opens = only === undefined ? undefined : { number: only, protocol: protocolNamed(listener!.port!.protocol), others };
    this.ownWildcardHost = plane.registry.hostOf('*', namespace);
  }

  /** The scope for a port: that of its egress listener, or else of the listener without a port. */
  onPort(number: number): ProxyScope {
    if (!this.listeners) return this;
    const found = this.listeners.find(({ port }) => port === undefined || port.number === number);
    return found?.scope ?? this.nothingOn;
  }

  /** Whether the egress listener for a port leaves it unknown how the proxies handle calls there. */
  hasUnclearListener(number: number): boolean {
    const all = this.listeners ?? this.resource?.egress ?? [];
    const found = all.find(({ port }) => port === undefined || port.number === number);
    if (!found) return false;
    if (found.boundElsewhere || isForProxying(found)) return true;
    if (!found.port) return false;
    let isUnclear = this.unclearPorts.get(number);
    if (isUnclear === undefined) this.unclearPorts.set(number, isUnclear = this.isSharedWithUdp(number));
    return isUnclear;
  }

  /** Whether a service has UDP on an egress listener's port: istiod then listens for it in the egress listener's protocol as well. */
  private isSharedWithUdp(number: number): boolean {
    const own = this.onPort(number);
    const services = this.plane.registry.hostsOn(number).flatMap((host) => this.plane.registry.byHost.get(host)!);
    return services.some((service) => firstPort(service, number) !== portOf(service, number) && own.sees(service));
  }

  /** How istiod opens the port of the Sidecar's egress listener; undefined for other ports. */
  egressPort(number: number): EgressPort | undefined {
    return this.opens?.number === number ? this.opens : undefined;
  }

  /** The scope without any imports. */
  get nothingOn(): ProxyScope {
    return this.nothing ??= new ProxyScope(this.plane, this.namespace, this.resource, { hosts: [] });
  }

  /** Whether the proxies add TLS to HTTP for hosts that they resolve themselves. */
  get addsTlsOutbound(): boolean {
    return this.plane.config.addsTlsOutbound;
  }

  /** The ports on which the proxies listen themselves. */
  get sidecarPorts(): ReadonlySet<number> {
    return this.plane.config.sidecarPorts;
  }

  /** Whether the proxies listen for a service and apply its rules to calls to its host. */
  sees(service: Service): boolean {
    return this.plane.reads(service.object)
      && this.plane.exportOf(service).isVisibleTo(this.namespace)
      && this.importsOfListeners.some((imports) => imports.service(service));
  }

  /** The imported service that receives calls to a host. */
  imported(host: string): Service | undefined {
    const known = this.importedByHost.get(host);
    if (known !== undefined || this.importedByHost.has(host)) return known;
    const found = importedService(this.listening(host));
    this.importedByHost.set(host, found);
    return found;
  }

  /** The ServiceEntry, if any, whose wildcard host covers all Services of the scope's own namespace. */
  get ownWildcard(): Service | undefined {
    const found = this.imported(this.ownWildcardHost);
    return found?.registry === 'ServiceEntry' ? found : undefined;
  }

  /** Whether istiod may not read a service, or its visibility is unknown. */
  isUnclear(service: Service): boolean {
    return this.plane.mayIgnore(service);
  }

  /** Whether istiod reads a namespace; undefined if that depends on unknown labels. */
  discovers(namespace: string): boolean | undefined {
    return this.plane.discovers(namespace);
  }

  /**
   * The services of a host that the proxies listen for. If one namespace has a Service and a
   * ServiceEntry for the host, they listen for both, although calls go only to the Service. But if
   * the Sidecar imports only exact names, each name stands for one service, at one address.
   */
  listening(host: string): readonly Service[] {
    return this.listeningBy(host, portOf);
  }

  private listeningBy(host: string, portIn: typeof portOf, isRead: (service: Service) => boolean = () => true): readonly Service[] {
    const only = this.listener && portOnly(this.listener);
    const all = (this.plane.registry.byHost.get(host) ?? NONE).filter(isRead);
    const known = only === undefined ? all : all.filter((service) => portIn(service, only));
    const seen = (this.imports.areNames ? this.namedAmong(known) : known).filter((service) => this.sees(service));
    return listeningServices(this.inOrder(seen), this.namespace);
  }

  listensFor(service: Service): boolean {
    return this.plane.registry.byHost.get(service.host)!.length === 1
      ? this.imported(service.host) !== undefined
      : this.listening(service.host).some(({ object }) => object === service.object);
  }

  /** Whether the proxies listen for a service if istiod reads none of those that it may not read. */
  certainlyListensFor(service: Service): boolean {
    if (this.isUnclear(service)) return false;
    return this.listeningBy(service.host, portOf, (other) => !this.isUnclear(other)).some(({ object }) => object === service.object);
  }

  /** Whether the proxies import everything that is exported to them. */
  get importsAll(): boolean {
    return this.imports.areAll;
  }

  /** The namespaces that the scope's Sidecar imports from; undefined if it may import from any. */
  get importedNamespaces(): readonly string[] | undefined {
    return this.imports.namespaces;
  }

  /** A key that is equal for scopes which import the same services and routes from some namespaces. */
  importsKey(namespaces: ReadonlySet<string>): string {
    return this.imports.keyFor(namespaces);
  }

  /** The target of an ExternalName, if istiod knows it. */
  aliasTarget(host: string): string | undefined {
    return this.plane.aliases.targetOf(host);
  }

  /** Whether importing a service also imports this other name of it. */
  importsName(name: string, service: Service): boolean {
    return this.importsOfListeners.some((imports) => imports.name(name, service));
  }

  /** The service that calls may be sent to: an imported one, or else one that a route leads to. */
  known(host: string): Service | undefined {
    return this.listeners ? this.knownToListeners(host, this.listeners) : this.imported(host) ?? this.viaRoutes(host);
  }

  /** A listener with a port knows only that port of services, whatever its protocol. Of several ports with one number the first stays. */
  private knownToListeners(host: string, listeners: readonly ListenerScope[]): Service | undefined {
    let known: Service | undefined;
    for (const { port, scope } of listeners) {
      for (const service of [importedService(scope.listeningBy(host, firstPort)), scope.viaRoutes(host)]) {
        const number = portOnly({ port });
        const own = service && number !== undefined ? onlyWithPort(service, number) : service;
        if (own) known = !known ? own : known.namespace === own.namespace ? merged(known, own) : known;
      }
    }
    return known;
  }

  /** Whether the proxies know a namespace's PeerAuthentications: those of their own, and of namespaces with a service that they know. */
  knowsPoliciesOf(namespace: string): boolean {
    let known = this.policiesKnown.get(namespace);
    if (known === undefined) {
      const own = this.plane.registry.services.filter((service) => service.namespace === namespace);
      known = namespace === this.namespace || own.some(({ host }) => this.known(host)?.namespace === namespace);
      this.policiesKnown.set(namespace, known);
    }
    return known;
  }

  /** The routes that may affect calls to a host, in order. */
  routesFor(host: string): readonly VisibleRoute[] {
    const touching = this.plane.routes.touching(host);
    if (touching.length === 0) return touching;
    const known = this.routesByHost.get(host);
    if (known) return known;
    const seen = inOrderFor(this.namespace, touching.filter((visible) => this.seesRoute(visible)));
    this.routesByHost.set(host, seen);
    return seen;
  }

  /** Services that are private to the namespace, or exported to it by name, come first, unless only exact names are imported. */
  inOrder(services: readonly Service[]): readonly Service[] {
    if (services.length < 2 || this.imports.areNames) return services;
    const isPublic = (service: Service): boolean => this.plane.exportOf(service).isPublic;
    return [...services.filter((service) => !isPublic(service)), ...services.filter(isPublic)];
  }

  private namedAmong(services: readonly Service[]): readonly Service[] {
    const read = services.filter(({ object }) => this.plane.reads(object));
    return [...grouped(read, ({ namespace }) => namespace).values()].map((ofOne) => atOneAddress(preferred(ofOne)!));
  }

  private seesRoute({ route, exportTo }: VisibleRoute): boolean {
    const { object: { namespace }, exactHosts: hosts } = route;
    return exportTo.isVisibleTo(this.namespace) && this.importsOfListeners.some((imports) => imports.route({ namespace, hosts }));
  }

  private viaRoutes(host: string): Service | undefined {
    const ports = this.routedHosts().get(host);
    const candidates = ports ? (this.plane.registry.byHost.get(host) ?? NONE).filter(({ object }) => this.plane.reads(object)) : NONE;
    const own = candidates.filter(({ namespace }) => namespace === this.namespace);
    const visible = candidates.filter((service) => this.plane.exportOf(service).isVisibleTo(this.namespace));
    const service = preferred(own) ?? (this.plane.decidesAsModelled('pickBestService') ? preferred(visible) : firstInAlphabet(visible));
    // A listener with a port looks up that port, whatever ports the routes name.
    if (!service || !ports || ports.has(0) || (this.listener && portOnly(this.listener) !== undefined)) return service;
    const reached = service.ports.filter(({ number }) => ports.has(number));
    return reached.length === 0 ? undefined : { ...service, ports: reached };
  }

  /** The destination hosts of the scope's routes, with the ports that they name; 0 if a route names none. */
  private routedHosts(): ReadonlyMap<string, ReadonlySet<number>> {
    if (this.routed) return this.routed;
    const routed = new Map<string, Set<number>>();
    for (const visible of this.plane.routes.every()) {
      if (!this.seesRoute(visible)) continue;
      for (const { host, port, callers } of visible.route.destinations) {
        if (callers.length === 0 || callers.includes(this.namespace)) routed.set(host, (routed.get(host) ?? new Set()).add(port ?? 0));
      }
    }
    this.routed = routed;
    return routed;
  }
}
