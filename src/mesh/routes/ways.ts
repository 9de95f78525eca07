import { answered, routesOf, Way } from './chosen-routes';
import { ForeignRoutes } from './foreign-routes';
import { OutboundListeners } from './outbound-listeners';
import { Destination, RouteAnswer, RoutedCall } from './route';
import { inOrderFor } from './route-index';
import { Sharers } from './sharers';
import { closestOf, isWildcard, isWithin } from '../names/hosts';
import { Address } from '../services/addresses';
import { isHttpOrSniffed, Protocol } from '../services/protocol';
import { portOf, Service } from '../services/service';
import { Scope } from '../visibility/scope';

/** Follows calls through the listeners and routes of a client's proxy. */
export class Ways {
  private readonly foreignRoutes: ForeignRoutes;
  private readonly indexed = new WeakMap<readonly Service[], Sharers>();

  constructor(private readonly listeners: OutboundListeners) {
    this.foreignRoutes = new ForeignRoutes(listeners);
  }

  /** @param own whether the address is the client's own: its proxy has no listener there */
  follow(scope: Scope, call: RoutedCall, address: Address, own = false): Way {
    const owners = own ? [] : this.listeners.ownersOf(scope, address, call.port);
    if (this.listeners.goesByRange(scope, address, call.port, owners)) return { to: 'unknown', because: 'destination-subnets' };
    if (owners.length === 0 && call.kind === 'http') return this.byName(scope, call) ?? this.unmatched(scope, call);
    const taker = owners.length > 0 ? this.takerAmong(owners, scope, call) : this.sharerFor(scope, call);
    return taker ? this.onListenerOf(taker, scope, call) : this.unmatched(scope, call);
  }

  /**
   * Whether another service takes the calls to one than would if ServiceEntries without an address had one of their own,
   * which istiod allocates for proxies that answer DNS requests, and manifests don't hold.
   */
  goByAllocatedAddresses(scope: Scope, called: Service, port: number): boolean {
    return this.listeners.goByAllocatedAddresses(scope, called, port);
  }

  /** Whether calls to an address meet a listener of the address's own. */
  hasListener(scope: Scope, address: Address, call: { readonly port: number }): boolean {
    return this.listeners.ownersOf(scope, address, call.port).length > 0;
  }

  /**
   * Of several services that share a listener, the first takes what comes; but HTTP goes to the first that
   * sniffs, and TLS to the first whose routes name the server called, else to the first that names none. A
   * TLS service whose routes name servers takes nothing that bears no name, unless they name all.
   */
  private takerAmong(owners: readonly Service[], scope: Scope, call: RoutedCall): Service | undefined {
    const protocol = (service: Service): Protocol => portOf(service, call.port)!.protocol;
    const answers = owners.map((service) => ({ service, answer: protocol(service) === 'TLS' ? tlsAnswerFor(service, scope, call) : undefined }));
    const nameless = answers.find(({ answer }) => !answer || answer.sni === '*')?.service;
    switch (call.kind) {
      case 'http': return owners.find((service) => protocol(service) === 'AUTO') ?? nameless;
      case 'tcp': return nameless;
      default: return closestOf(answers, ({ answer }) => answer?.sni)?.service ?? nameless;
    }
  }

  private onListenerOf(owner: Service, scope: Scope, call: RoutedCall): Way {
    const { protocol } = portOf(owner, call.port)!;
    if (call.kind === 'http' && protocol === 'AUTO') return this.refused(scope) ?? this.byRoutes(owner, scope, call);
    return this.byRoutes(owner, scope, { ...call, kind: protocol === 'TLS' ? 'tls' : 'tcp' });
  }

  /** Of the services that share a port's listener: the one that TLS calls name most closely, else the first that takes anything. */
  private sharerFor(scope: Scope, call: RoutedCall): Service | undefined {
    const sharers = this.sharers(scope, call.port);
    const target = scope.aliasTarget(call.host);
    const bearsName = (service: Service): boolean =>
      (service.host === target ? scope.importsName(call.host, service) : isWithin(call.host, service.host));
    const nameOf = (service: Service): string | undefined => {
      const answer = tlsAnswerFor(service, scope, call);
      return answer ? answer.sni : bearsName(service) ? service.host : undefined;
    };
    const named = call.kind === 'tls' ? closestOf(sharers.around(call.host, target), nameOf) : undefined;
    return named ?? sharers.nameless;
  }

  private sharers(scope: Scope, port: number): Sharers {
    const list = this.listeners.sharers(scope, port);
    let found = this.indexed.get(list);
    if (!found) this.indexed.set(list, found = new Sharers(list, port, scope));
    return found;
  }

  /** An HTTP call that no listener of its own takes is told by its name. */
  private byName(scope: Scope, call: RoutedCall): Way | undefined {
    if (scope.sidecarPorts.has(call.port)) return undefined;
    const service = this.named(scope, call);
    const protocol = service && portOf(service, call.port)?.protocol;
    const sharers = this.listeners.sharers(scope, call.port);
    const refused = this.refused(scope);
    if (refused && this.listeners.hasHttp(scope, call.port)) return refused;
    if (sharers.length === 0 && service?.host === call.host && protocol === 'HTTP') return this.byRoutes(service, scope, call);
    const routes = scope.routesFor(call.host);
    if (!service && routes.length === 0 && sharers.length === 0) return undefined;
    const hasHttp = this.listeners.hasHttp(scope, call.port);
    if (hasHttp === undefined) return { to: 'unknown', because: 'unknown-discovery' };
    if (!hasHttp) {
      const taker = this.sharerFor(scope, { ...call, kind: 'tcp' });
      return taker && this.onListenerOf(taker, scope, { ...call, kind: 'tcp' });
    }
    const own = isHttpOrSniffed(protocol) ? this.byRoutes(service!, scope, call) : undefined;
    const isTaken = own !== undefined && !isWildcard(service!.host);
    const foreign = service?.host === call.host && protocol !== undefined ? undefined : this.foreignRoutes.follow(scope, call, isTaken);
    return foreign && own ? earlier(scope, foreign, own, [call.host, service!.host]) : foreign ?? own;
  }

  /** The service that a name stands for. An ExternalName's name is known to whoever knows the service behind it. */
  private named(scope: Scope, { host, port }: RoutedCall): Service | undefined {
    const target = scope.aliasTarget(host);
    const imported = scope.imported(target ?? host);
    const service = imported?.resolution === 'ALIAS' ? undefined : imported;
    if (!service || !portOf(service, port)) return this.listeners.wildcardAround(scope, host, port) ?? service;
    return target === undefined || scope.importsName(host, service) ? service : undefined;
  }

  private byRoutes(service: Service, scope: Scope, call: RoutedCall): Way {
    const direct: Destination = { host: service.host, port: call.port };
    const way = answered(routesOf(service, scope, call), call);
    return way ?? { to: 'services', kind: call.kind, answer: { destinations: [direct], answered: false } };
  }

  /** Whether the proxies take routes at all. */
  private refused(scope: Scope): Way | undefined {
    const wildcard = this.listeners.refusedFor(scope);
    return wildcard && { to: 'unknown', because: scope.isUnclear(wildcard) ? 'unknown-discovery' : 'refused-routes' };
  }

  private unmatched({ outbound, resource, addsTlsOutbound }: Scope, { kind }: RoutedCall): Way {
    if (resource?.egressProxy) return { to: 'unknown', because: 'egress-proxy' };
    if (kind === 'http' && addsTlsOutbound && outbound === 'ALLOW_ANY_DYNAMIC_DNS') return { to: 'unknown', because: 'dynamic-dns' };
    return { to: outbound === 'REGISTRY_ONLY' ? 'nowhere' : 'address' };
  }
}

/** Of two ways to a name, the one whose route comes first: a virtual host claims its names once. */
function earlier(scope: Scope, one: Way, other: Way, hosts: readonly string[]): Way {
  const routes = inOrderFor(scope.namespace, [...new Set(hosts.flatMap((host) => scope.routesFor(host)))]);
  const order = (way: Way): number => routes.findIndex(({ route }) => way.to === 'services' && route === way.route);
  return order(other) >= 0 && order(other) < order(one) ? other : one;
}

/** What a service's routes say to a TLS call: a service that has such routes takes no other names. */
function tlsAnswerFor(service: Service, scope: Scope, call: RoutedCall): RouteAnswer | undefined {
  const way = answered(scope.routesFor(service.host), { ...call, kind: 'tls' });
  return way?.to === 'services' ? way.answer : undefined;
}
