import { atOneAddress, firstInAlphabet, importedService, listeningServices, merged, preferred } from './imported-service';
import { grouped } from '../collections';
import { BehaviourName } from '../config/istiod-behaviours';
import { EffectiveMeshConfig, OutboundMode } from '../config/mesh-config';
import { MeshObject } from '../inventory/object';
import { ExportTo } from '../names/export-to';
import { EgressListener, HostImports, importsOf, isForProxying, portOnly, SidecarResource } from '../policies/sidecar';
import { Route } from '../routes/route';
import { inOrderFor, RouteIndex, VisibleRoute } from '../routes/route-index';
import { Aliases } from '../services/aliases';
import { ServiceRegistry } from '../services/registry';
import { firstPort, portOf, Protocol, protocolNamed, Service } from '../services/service';

const NONE: readonly Service[] = Object.freeze([]);

interface ListenerScope extends EgressListener {
  readonly scope: ProxyScope;
}

/** An egress listener's port, as istiod opens it. */
export interface EgressPort {
  readonly number: number;
  readonly protocol: Protocol;
  /** What the egress listener for all other ports imports, if there is one: it adds its services. */
  readonly others?: ProxyScope;
}

function onlyWithPort(service: Service, number: number): Service | undefined {
  const ports = service.ports.filter((port) => port.number === number).slice(0, 1);
  return ports.length === 0 ? undefined : { ...service, ports };
}

/** The scopes of a Sidecar's egress listeners: the one for all other ports comes last, and adds its services to those before it. */
function listenersOf(
  { egress }: SidecarResource, scopeOf: (own: EgressListener, others?: ProxyScope) => ProxyScope,
): readonly ListenerScope[] {
  const others = egress.find(({ port }) => port === undefined);
  const rest = others && scopeOf(others);
  return egress.map((own) => ({ ...own, scope: own === others ? rest! : scopeOf(own, rest) }));
}

/** What scopes need to know from their control plane. */
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

/** What proxies in a namespace see of the mesh: their Sidecar's imports, or everything that is exported to them. */
export class ProxyScope {
  readonly outbound: OutboundMode;
  /** That of all egress listeners, if it is what one of them imports. */
  readonly whole: ProxyScope;
  /** What each of its Sidecar's egress listeners imports; undefined: none has a port, and all import the same. */
  private readonly listeners: readonly ListenerScope[] | undefined;
  /** What one egress listener excludes, another one may import. */
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

  /** What the proxies see on a port: what the egress listener for it imports, or else the one for all other ports. */
  onPort(number: number): ProxyScope {
    if (!this.listeners) return this;
    const found = this.listeners.find(({ port }) => port === undefined || port.number === number);
    return found?.scope ?? this.nothingOn;
  }

  /** Whether it isn't known what the proxies make of calls to a port because of the egress listener for it. */
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

  /** Whether a service on an egress listener's port has UDP there, for which istiod listens in the listener's protocol, too. */
  private isSharedWithUdp(number: number): boolean {
    const own = this.onPort(number);
    const services = this.plane.registry.hostsOn(number).flatMap((host) => this.plane.registry.byHost.get(host)!);
    return services.some((service) => firstPort(service, number) !== portOf(service, number) && own.sees(service));
  }

  /** How a port is opened that the Sidecar's egress listener is for; undefined for all other ports. */
  egressPort(number: number): EgressPort | undefined {
    return this.opens?.number === number ? this.opens : undefined;
  }

  /** A scope in which nothing is imported. */
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

  /** Whether the proxies in this scope listen for a service, and call its host by its rules. */
  sees(service: Service): boolean {
    return this.plane.reads(service.object)
      && this.plane.exportOf(service).isVisibleTo(this.namespace)
      && this.importsOfListeners.some((imports) => imports.service(service));
  }

  /** The service that calls to a host are for. */
  imported(host: string): Service | undefined {
    const known = this.importedByHost.get(host);
    if (known !== undefined || this.importedByHost.has(host)) return known;
    const found = importedService(this.listening(host));
    this.importedByHost.set(host, found);
    return found;
  }

  /** The ServiceEntry's host, if any, that stands for all Services of the scope's own namespace. */
  get ownWildcard(): Service | undefined {
    const found = this.imported(this.ownWildcardHost);
    return found?.registry === 'ServiceEntry' ? found : undefined;
  }

  /** Whether it isn't known if istiod reads a service, or to whom it is visible. */
  isUnclear(service: Service): boolean {
    return this.plane.mayIgnore(service);
  }

  /** Whether it isn't known if istiod reads a route. */
  mayIgnoreRoute({ object }: Route): boolean {
    return this.plane.discovers(object.namespace) === undefined;
  }

  /**
   * The services of a host that the proxies listen for. Of a Service and a ServiceEntry in one namespace, they listen for both,
   * though they only send calls to the Service; unless a Sidecar only imports exact names, each of which stands for one, at one
   * address.
   */
  listening(host: string): readonly Service[] {
    return this.listeningBy(host, portOf);
  }

  private listeningBy(host: string, portIn: typeof portOf): readonly Service[] {
    const only = this.listener && portOnly(this.listener);
    const all = this.plane.registry.byHost.get(host) ?? NONE;
    const known = only === undefined ? all : all.filter((service) => portIn(service, only));
    const seen = (this.imports.areNames ? this.namedAmong(known) : known).filter((service) => this.sees(service));
    return listeningServices(this.inOrder(seen), this.namespace);
  }

  listensFor(service: Service): boolean {
    const isOnly = this.plane.registry.byHost.get(service.host)!.length === 1;
    return isOnly
      ? this.imported(service.host) !== undefined
      : this.listening(service.host).some(({ object }) => object === service.object);
  }

  /** Whether the proxies import whatever is exported to them. */
  get importsAll(): boolean {
    return this.imports.areAll;
  }

  /** The namespaces that the scope's Sidecar names; undefined if it may import from any. */
  get importedNamespaces(): readonly string[] | undefined {
    return this.imports.namespaces;
  }

  /** A key that is equal for scopes whose Sidecars treat services and routes of some namespaces alike. */
  importsKey(namespaces: ReadonlySet<string>): string {
    return this.imports.keyFor(namespaces);
  }

  /** What an ExternalName stands for, if istiod knows it. */
  aliasTarget(host: string): string | undefined {
    return this.plane.aliases.targetOf(host);
  }

  /** Whether another name of an imported service is imported with it. */
  importsName(name: string, service: Service): boolean {
    return this.importsOfListeners.some((imports) => imports.name(name, service));
  }

  /** The service that calls can be sent to: one that is imported, or else one that a route leads to. */
  known(host: string): Service | undefined {
    return this.listeners ? this.knownToListeners(host, this.listeners) : this.imported(host) ?? this.viaRoutes(host);
  }

  /** A listener with a port knows services by that port alone, whatever its protocol: of one number's ports, the first known stays. */
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

  /** Whether the proxies know a namespace's PeerAuthentications: those of their own, and of each whose services they know. */
  knowsPoliciesOf(namespace: string): boolean {
    let known = this.policiesKnown.get(namespace);
    if (known === undefined) {
      const own = this.plane.registry.services.filter((service) => service.namespace === namespace);
      known = namespace === this.namespace || own.some(({ host }) => this.known(host)?.namespace === namespace);
      this.policiesKnown.set(namespace, known);
    }
    return known;
  }

  /** The routes that may concern calls to a host, in order. */
  routesFor(host: string): readonly VisibleRoute[] {
    const touching = this.plane.routes.touching(host);
    if (touching.length === 0) return touching;
    const known = this.routesByHost.get(host);
    if (known) return known;
    const seen = inOrderFor(this.namespace, touching.filter((visible) => this.seesRoute(visible)));
    this.routesByHost.set(host, seen);
    return seen;
  }

  /** Services that are private to the namespace or exported to it by name come before public ones. */
  inOrder(services: readonly Service[]): readonly Service[] {
    if (services.length < 2) return services;
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
    // A listener with a port looks for that port, whichever ports the routes name.
    if (!service || !ports || ports.has(0) || (this.listener && portOnly(this.listener) !== undefined)) return service;
    const reached = service.ports.filter(({ number }) => ports.has(number));
    return reached.length === 0 ? undefined : { ...service, ports: reached };
  }

  /** The hosts that the scope's routes lead to, with the ports that they name; 0: some route names none. */
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
