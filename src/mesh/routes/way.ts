import { Addresses, Address } from '../services/addresses';
import { portOf, Service } from '../services/service';
import { isWithin } from '../names/hosts';
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

  follow(scope: Scope, call: RoutedCall, address: Address): Way {
    const owner = this.listeners.ownerOf(scope, address, call.port, call.kind);
    if (owner) return this.onListenerOf(owner, scope, call);
    if (call.kind === 'http') return this.byName(scope, call) ?? this.unmatched(scope);
    const sharers = this.listeners.sharers(scope, call.port);
    const isTls = (service: Service): boolean => portOf(service, call.port)!.protocol === 'TLS';
    const named = call.kind === 'tls' ? sharers.find((service) => isTls(service) && isWithin(call.host, service.host)) : undefined;
    const taker = named ?? sharers.find((service) => !isTls(service));
    return taker ? this.onListenerOf(taker, scope, call) : this.unmatched(scope);
  }

  private onListenerOf(owner: Service, scope: Scope, call: RoutedCall): Way {
    const { protocol } = portOf(owner, call.port)!;
    if (call.kind === 'http' && protocol === 'AUTO') return this.byRoutes(owner, scope, call);
    return this.byRoutes(owner, scope, { ...call, kind: protocol === 'TLS' ? 'tls' : 'tcp' });
  }

  /** An HTTP call that no listener of its own takes is told by its name. */
  private byName(scope: Scope, call: RoutedCall): Way | undefined {
    const service = this.named(scope, call.host);
    const port = service && portOf(service, call.port);
    if (service && (port?.protocol === 'HTTP' || (port?.protocol === 'AUTO' && this.listeners.hasHttp(scope, call.port)))) {
      return this.byRoutes(service, scope, call);
    }
    const routes = scope.routesFor(call.host);
    const sharers = this.listeners.sharers(scope, call.port);
    if (routes.length === 0 && sharers.length === 0) return undefined;
    if (!this.listeners.hasHttp(scope, call.port)) {
      const taker = sharers.find((sharer) => portOf(sharer, call.port)!.protocol !== 'TLS');
      return taker && this.onListenerOf(taker, scope, { ...call, kind: 'tcp' });
    }
    return service ? undefined : this.byForeignRoute(scope, call);
  }

  /** A host that the scope doesn't know may still have a route: on port 80, or where the route has known hosts too. */
  private byForeignRoute(scope: Scope, call: RoutedCall): Way | undefined {
    for (const { route } of scope.routesFor(call.host)) {
      const others = route.hosts.some((host) => {
        const protocol = portOf(scope.imported(host) ?? NO_SERVICE, call.port)?.protocol;
        return protocol === 'HTTP' || protocol === 'AUTO';
      });
      const answer = call.port === 80 || others ? route.answer(call) : undefined;
      if (answer) return { to: 'services', answer, route };
    }
    return undefined;
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
    for (const { route } of routesOf(service, scope, call)) {
      const answer = route.answer({ ...call, host: service.host });
      if (!answer) continue;
      return answer.elsewhere ? this.unmatched(scope) : { to: 'services', answer, route };
    }
    return { to: 'services', answer: { destinations: [direct], answered: false } };
  }

  private unmatched({ outbound, resource }: Scope): Way {
    if (resource?.egressProxy) return { to: 'unknown', because: 'egress-proxy' };
    return { to: outbound === 'REGISTRY_ONLY' ? 'nowhere' : 'address' };
  }
}

const NO_SERVICE = { ports: [] } as unknown as Service;

/**
 * The routes that may answer for a service. HTTP takes routes for the very host, or else the routes for the
 * longest wildcard; TCP and TLS take any whose hosts cover it.
 */
function routesOf({ host }: Service, scope: Scope, { kind }: RoutedCall): readonly { readonly route: Route }[] {
  const routes = scope.routesFor(host);
  if (kind !== 'http' || routes.length === 0) return routes;
  const exact = routes.filter(({ route }) => route.hosts.includes(host));
  if (exact.length > 0) return exact;
  const closest = routes.map(({ route }) => Math.max(...route.hosts.filter((other) => isWithin(host, other)).map(({ length }) => length)));
  const longest = Math.max(...closest);
  return routes.filter((_, index) => closest[index] === longest).slice(0, 1);
}
