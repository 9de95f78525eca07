import { Addresses, Address } from '../services/addresses';
import { Protocol } from '../services/protocol';
import { portOf, Service } from '../services/service';
import { isWildcard, isWithin } from '../names/hosts';
import { Scope } from '../visibility/scope';
import { OutboundListeners } from './outbound-listeners';
import { Destination, Route, RouteAnswer, RoutedCall } from './route';

/** Where a client's proxy sends a call. */
export type Way =
  /** To services, each possible. */
  | { readonly to: 'services'; readonly answer: RouteAnswer; readonly route?: Route }
  /** To the address that the application called, as the application sent it. */
  | { readonly to: 'address' }
  /** Nowhere: the scope knows no such destination, and unknown ones are forbidden. */
  | { readonly to: 'nowhere' }
  | { readonly to: 'unknown'; readonly because: 'egress-proxy' };

/** Follows calls through the listeners and routes of a client's proxy. */
export class Ways {
  constructor(private readonly listeners: OutboundListeners, private readonly addresses: Addresses) {}

  /** @param own whether the address is the client's own: its proxy has no listener there */
  follow(scope: Scope, call: RoutedCall, address: Address, own = false): Way {
    const owners = own ? [] : this.listeners.ownersOf(scope, address, call.port);
    if (owners.length > 0) return this.onListenerOf(this.takerAmong(owners, scope, call), scope, call);
    if (call.kind === 'http') return this.byName(scope, call) ?? this.unmatched(scope);
    const taker = this.sharerFor(scope, call);
    return taker ? this.onListenerOf(taker, scope, call) : this.unmatched(scope);
  }

  /** Whether calls to an address meet a listener of the address's own. */
  hasListener(scope: Scope, address: Address, call: { readonly port: number }): boolean {
    return this.listeners.ownersOf(scope, address, call.port).length > 0;
  }

  /**
   * Of several services that share a listener, the first takes what comes; but HTTP goes to the first that
   * sniffs, and TLS to the first whose routes name the server called.
   */
  private takerAmong(owners: readonly Service[], scope: Scope, call: RoutedCall): Service {
    const [first] = owners;
    if (owners.length === 1 || call.kind === 'tcp') return first;
    const protocol = (service: Service): Protocol => portOf(service, call.port)!.protocol;
    if (call.kind === 'http') return owners.find((service) => protocol(service) === 'AUTO') ?? first;
    const named = owners.find((service) => protocol(service) === 'TLS' && scope.routesFor(service.host).some(({ route }) => isNamed(route.answer(call))));
    return named ?? first;
  }

  private onListenerOf(owner: Service, scope: Scope, call: RoutedCall): Way {
    const { protocol } = portOf(owner, call.port)!;
    if (call.kind === 'http' && protocol === 'AUTO') return this.byRoutes(owner, scope, call);
    return this.byRoutes(owner, scope, { ...call, kind: protocol === 'TLS' ? 'tls' : 'tcp' });
  }

  /** Of the services that share a port's listener: one that TLS calls name, else the first that takes anything. */
  private sharerFor(scope: Scope, call: RoutedCall): Service | undefined {
    const sharers = this.listeners.sharers(scope, call.port);
    const isTls = (service: Service): boolean => portOf(service, call.port)!.protocol === 'TLS';
    const named = call.kind === 'tls' ? sharers.find((service) => isTls(service) && isWithin(call.host, service.host)) : undefined;
    return named ?? sharers.find((service) => !isTls(service));
  }

  /** An HTTP call that no listener of its own takes is told by its name. */
  private byName(scope: Scope, call: RoutedCall): Way | undefined {
    const service = this.named(scope, call.host);
    const protocol = service && portOf(service, call.port)?.protocol;
    if (service?.host === call.host && protocol === 'HTTP') return this.byRoutes(service, scope, call);
    const sharers = this.listeners.sharers(scope, call.port);
    const routes = scope.routesFor(call.host);
    if (!service && routes.length === 0 && sharers.length === 0) return undefined;
    if (!this.listeners.hasHttp(scope, call.port)) {
      const taker = this.sharerFor(scope, { ...call, kind: 'tcp' });
      return taker && this.onListenerOf(taker, scope, { ...call, kind: 'tcp' });
    }
    const foreign = service?.host === call.host ? undefined : this.byForeignRoute(scope, call);
    return foreign ?? (protocol === 'HTTP' || protocol === 'AUTO' ? this.byRoutes(service!, scope, call) : undefined);
  }

  /**
   * A name that no listening service bears may still have a route: that of an ExternalName, or, on port 80 and
   * where the route has hosts that are known, any. A wildcard stands for such names only if it has no service.
   */
  private byForeignRoute(scope: Scope, call: RoutedCall): Way | undefined {
    const alias = scope.imported(call.host);
    if (alias && isHttp(alias, call.port)) return answered(routesOf(alias, scope, call), call);
    const stands = ({ route: { hosts } }: { readonly route: Route }): readonly string[] => hosts.filter((host) =>
      isWithin(call.host, host) && !(isWildcard(host) && this.listeners.knowsWithin(scope, host, call.port)));
    const routes = scope.routesFor(call.host).filter((candidate) =>
      stands(candidate).length > 0 && (call.port === 80 || candidate.route.hosts.some((host) => isHttp(scope.imported(host), call.port))));
    // The proxy prefers the name itself to a wildcard, and a longer wildcard to a shorter one.
    return answered([...routes].sort((left, right) => compareCloseness(stands(left), stands(right))), call);
  }

  /** The service that a name stands for. An ExternalName's name is known to whoever knows the service behind it. */
  private named(scope: Scope, host: string): Service | undefined {
    const target = this.addresses.aliasTarget(host);
    const service = scope.imported(target ?? host);
    if (!service || service.resolution === 'ALIAS') return undefined;
    return target === undefined || scope.importsName(host, service) ? service : undefined;
  }

  private byRoutes(service: Service, scope: Scope, call: RoutedCall): Way {
    const direct: Destination = { host: service.host, port: call.port };
    const way = answered(routesOf(service, scope, call), call);
    if (way?.to === 'services' && way.answer.elsewhere) return this.unmatched(scope);
    return way ?? { to: 'services', answer: { destinations: [direct], answered: false } };
  }

  private unmatched({ outbound, resource }: Scope): Way {
    if (resource?.egressProxy) return { to: 'unknown', because: 'egress-proxy' };
    return { to: outbound === 'REGISTRY_ONLY' ? 'nowhere' : 'address' };
  }
}

function isNamed(answer: RouteAnswer | undefined): boolean {
  return answer !== undefined && !answer.elsewhere;
}

/** What the first route that has an answer makes of a call. */
function answered(routes: readonly { readonly route: Route }[], call: RoutedCall): Way | undefined {
  for (const { route } of routes) {
    const answer = route.answer(call);
    if (answer) return { to: 'services', answer, route };
  }
  return undefined;
}

/** By the closest host of each: the name itself, then wildcards by length. */
function compareCloseness(left: readonly string[], right: readonly string[]): number {
  const closeness = (hosts: readonly string[]): number => Math.max(...hosts.map((host) => (isWildcard(host) ? host.length : Number.MAX_SAFE_INTEGER)));
  return closeness(right) - closeness(left);
}

function isHttp(service: Service | undefined, port: number): boolean {
  const protocol = service && portOf(service, port)?.protocol;
  return protocol === 'HTTP' || protocol === 'AUTO';
}

/**
 * The routes that may answer for a service. HTTP takes routes for the very host, or else the routes for the
 * longest wildcard; TCP and TLS take any whose hosts cover it.
 */
function routesOf({ host }: Service, scope: Scope, { kind }: RoutedCall): readonly { readonly route: Route }[] {
  const routes = scope.routesFor(host);
  if (kind !== 'http' || routes.length === 0) return routes;
  const exact = routes.filter(({ route }) => route.hosts.includes(host));
  if (exact.length > 0) return exact;
  const covering = routes.filter(({ route }) => route.hosts.some((other) => isWithin(host, other)));
  const length = ({ route }: { readonly route: Route }): number => Math.max(...route.hosts.filter((other) => isWithin(host, other)).map((other) => other.length));
  const longest = Math.max(...covering.map(length));
  return covering.filter((candidate) => length(candidate) === longest).slice(0, 1);
}
