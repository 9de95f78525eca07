import { ForeignRoutes } from './foreign-routes';
import { OutboundListener, OutboundListeners } from './outbound-listeners';
import { answered, covering, RouteMatch, routesOf } from './route-match';
import { Sharers } from './sharers';
import { ProxyScope } from '../../control-planes/sidecar-scope';
import { closestOf, isNameWithin, isWildcard } from '../../names/hosts';
import { Route, RouteAnswer, RoutedCall, RouteDestination } from '../../routes/route';
import { inOrderFor } from '../../routes/route-index';
import { Address } from '../../services/addresses';
import { isHttpOrSniffed, isRange, portOf, Protocol, Service } from '../../services/service';

/** The host of a call without a server name: only routes for any name match it. */
const NAMELESS = '';

/** Follows calls through the listeners and routes of a client's proxy. */
export class OutboundRoutes {
  private readonly foreignRoutes: ForeignRoutes;
  private readonly indexed = new WeakMap<readonly Service[], Sharers>();

  constructor(private readonly listeners: OutboundListeners) {
    this.foreignRoutes = new ForeignRoutes(listeners);
  }

  /** @param own whether the address is the client's own: its proxy doesn't listen there for the services whose server it is */
  follow(scope: ProxyScope, call: RoutedCall, address: Address, own = false): RouteMatch {
    const owners = this.listeners.ownersOf(scope, address, call.port, own);
    if (this.listeners.goesByRange(scope, address, call.port, owners)) return { to: 'unknown', because: 'destination-subnets' };
    if (owners.length === 0 && call.kind === 'http') return this.byName(scope, call) ?? this.unmatched(scope, call);
    const met: RoutedCall = call.kind === 'http' && !detectsHttp(address) ? { ...call, kind: 'tcp' } : call;
    if (owners.length === 0) return this.onSharedListener(scope, met) ?? this.unmatched(scope, call);
    const listened = this.listeners.scopeOf(owners[0], scope, call.port);
    const taker = this.takerAmong(owners, listened, met, address);
    const match = taker ? this.onListenerOf(taker, scope, met) : this.unmatched(scope, call);
    return orUndiscovered(match, owners, listened, met);
  }

  /**
   * Whether another service would receive a service's calls if ServiceEntries without an address had their own.
   * istiod allocates these addresses for proxies that answer DNS requests, and manifests don't contain them.
   */
  goByAllocatedAddresses(scope: ProxyScope, called: Service, port: number): boolean {
    return this.listeners.goByAllocatedAddresses(scope, called, port);
  }

  /** Whether HTTP without a listener for its address goes by its host's name on a port, or may. */
  mayHaveHttp(scope: ProxyScope, port: number): boolean {
    return this.listeners.hasHttp(scope, port) !== false;
  }

  /**
   * The listener that a call meets. A port's listener for all addresses exists for HTTP, or for services
   * without an address; other protocols meet it as well. Undefined if it is unknown whether it exists.
   */
  listenerFor(scope: ProxyScope, call: RoutedCall, address: Address, own = false): OutboundListener | undefined {
    const owners = this.listeners.ownersOf(scope, address, call.port, own);
    const isHttpCall = call.kind === 'http';
    if (owners.length > 0) {
      const sniffing = isHttpCall && detectsHttp(address) ? this.takerAmong(owners, scope, call, address) : undefined;
      return {
        at: 'address',
        route: sniffing && portOf(sniffing, call.port)!.protocol === 'AUTO' ? { of: 'service', host: sniffing.host } : undefined,
      };
    }
    if (scope.sidecarPorts.has(call.port)) return { at: 'virtual' };
    if (this.listeners.isUnclearOn(scope, call.port)) return undefined;
    if (this.listeners.hasHttp(scope, call.port)) return { at: 'port', route: isHttpCall ? { of: 'port' } : undefined };
    return { at: this.listeners.sharers(scope, call.port).length > 0 ? 'port' : 'virtual' };
  }

  /** Whether calls to an address meet a listener for that address. */
  hasListener(scope: ProxyScope, address: Address, call: { readonly port: number }): boolean {
    return this.listeners.ownersOf(scope, address, call.port).length > 0;
  }

  /**
   * Selects one of several services that share a listener. HTTP goes to the first with protocol detection; TLS
   * to the first whose routes match the server name, or else to the first without such routes; all other calls
   * go to the first. A TLS service with routes for server names accepts calls without one only if the routes
   * match all names. So does a TLS service with an address range, which istiod matches by its host.
   */
  private takerAmong(owners: readonly Service[], scope: ProxyScope, call: RoutedCall, address: Address): Service | undefined {
    const protocol = (service: Service): Protocol => portOf(service, call.port)!.protocol;
    const byHost = ({ host }: Service): { readonly sni?: string } => ({ sni: isNameWithin(call.host, host) ? host : undefined });
    const tlsAnswer = (service: Service): { readonly sni?: string } | undefined =>
      tlsAnswerFor(service, scope, call) ?? (isOfRange(address) ? byHost(service) : undefined);
    const answers = owners.map((service) => ({ service, answer: protocol(service) === 'TLS' ? tlsAnswer(service) : undefined }));
    const nameless = answers.find(({ answer }) => !answer || answer.sni === '*')?.service;
    switch (call.kind) {
      case 'http': return owners.find((service) => protocol(service) === 'AUTO') ?? nameless;
      case 'tcp': return nameless;
      default: return closestOf(answers, ({ answer }) => answer?.sni)?.service ?? nameless;
    }
  }

  private onListenerOf(owner: Service, scope: ProxyScope, call: RoutedCall): RouteMatch {
    const { protocol } = portOf(owner, call.port)!;
    if (call.kind === 'http' && protocol === 'AUTO') {
      // The routes are those of the egress listener for the port, even if another
      // listener opened it: a service that it doesn't import has none.
      if (scope.egressPort(call.port) && !scope.imported(owner.host)) return { to: 'unknown', because: 'own-listener' };
      // istiod names virtual hosts in lower case, but looks the service's up by the host as written: a host with capitals gets no route.
      const hasRoutes = owner.host === owner.host.toLowerCase();
      return this.refused(scope) ?? (hasRoutes ? this.byRoutes(owner, scope, call) : directTo(owner, call));
    }
    return this.byRoutes(owner, this.listeners.scopeOf(owner, scope, call.port), { ...call, kind: protocol === 'TLS' ? 'tls' : 'tcp' });
  }

  /**
   * Selects one of the services that share a port's listener: the one whose host or route
   * matches the server name most closely, or else the first that accepts any name.
   */
  private onSharedListener(scope: ProxyScope, call: RoutedCall): RouteMatch | undefined {
    const list = this.listeners.sharers(scope, call.port);
    if (list.length === 0) return undefined;
    const listened = this.listeners.scopeOf(list[0], scope, call.port);
    const sharers = this.indexOf(list, listened, call.port);
    const target = listened.aliasTarget(call.host);
    const around = call.kind === 'tls' ? sharers.around(call.host.toLowerCase(), target) : [];
    const bearsName = (service: Service): boolean =>
      (service.host === target ? listened.importsName(call.host, service) : isNameWithin(call.host, service.host));
    const nameOf = (service: Service): string | undefined => {
      const answer = tlsAnswerFor(service, listened, call);
      return answer ? answer.sni : bearsName(service) ? service.host : undefined;
    };
    const answersAny = (service: Service): boolean => tlsAnswerFor(service, listened, { ...call, host: NAMELESS })?.sni === '*';
    const taker = closestOf(around, nameOf) ?? sharers.namelessBy(answersAny);
    const match = taker && this.onListenerOf(taker, scope, call);
    return orUndiscovered(match, around, listened, call);
  }

  private indexOf(list: readonly Service[], scope: ProxyScope, port: number): Sharers {
    let found = this.indexed.get(list);
    if (!found) this.indexed.set(list, found = new Sharers(list, port, scope));
    return found;
  }

  /** Matches an HTTP call by its host name if no listener is for its address. */
  private byName(scope: ProxyScope, call: RoutedCall): RouteMatch | undefined {
    if (scope.sidecarPorts.has(call.port)) return undefined;
    const service = this.named(scope, call);
    const protocol = service && portOf(service, call.port)?.protocol;
    const sharers = this.listeners.sharers(scope, call.port);
    const refused = this.refused(scope);
    if (refused && this.listeners.hasHttp(scope, call.port)) return refused;
    if (sharers.length === 0 && service?.host === call.host && protocol === 'HTTP' && !scope.egressPort(call.port)) {
      return this.byRoutes(service, scope, call);
    }
    const routes = scope.routesFor(call.host);
    if (!service && routes.length === 0 && sharers.length === 0 && !this.listeners.spelledAlias(scope, call.host)) return undefined;
    const hasHttp = this.listeners.hasHttp(scope, call.port);
    if (hasHttp === undefined) return { to: 'unknown', because: 'unknown-discovery' };
    if (!hasHttp) return this.onSharedListener(scope, { ...call, kind: 'tcp' });
    const own = isHttpOrSniffed(protocol) ? this.byRoutes(service!, scope, call) : undefined;
    const isTaken = own !== undefined && !isWildcard(service!.host);
    const foreign = service?.host === call.host && protocol !== undefined ? undefined : this.foreignRoutes.follow(scope, call, isTaken);
    return foreign && own ? earlier(scope, foreign, own, [call.host, service!.host]) : foreign ?? own;
  }

  /** The service that a name belongs to. A client knows an ExternalName if it knows its target. */
  private named(scope: ProxyScope, { host, port }: RoutedCall): Service | undefined {
    const target = scope.aliasTarget(host);
    const imported = scope.imported(target ?? host);
    const service = imported?.resolution === 'ALIAS' ? undefined : imported;
    const known = service && portOf(service, port);
    // No HTTP route has the ExternalName of a service with another protocol, but a route for a wildcard around it may match.
    const bearsNone = !known || (target !== undefined && !isHttpOrSniffed(known.protocol));
    if (!service || bearsNone) {
      return this.listeners.spelled(scope, host, port) ?? this.listeners.wildcardAround(scope, host, port) ?? service;
    }
    return target === undefined || scope.importsName(host, service) ? service : undefined;
  }

  private byRoutes(service: Service, scope: ProxyScope, call: RoutedCall): RouteMatch {
    return answered(routesOf(service, scope, call), call) ?? directTo(service, call);
  }

  /** The match if proxies reject their routes; undefined if they accept them. */
  private refused(scope: ProxyScope): RouteMatch | undefined {
    const wildcard = this.listeners.refusedFor(scope);
    return wildcard && { to: 'unknown', because: scope.isUnclear(wildcard) ? 'unknown-discovery' : 'refused-routes' };
  }

  private unmatched({ outbound, resource, addsTlsOutbound }: ProxyScope, { kind }: RoutedCall): RouteMatch {
    if (resource?.egressProxy) return { to: 'unknown', because: 'egress-proxy' };
    if (kind === 'http' && addsTlsOutbound && outbound === 'ALLOW_ANY_DYNAMIC_DNS') return { to: 'unknown', because: 'dynamic-dns' };
    return { to: outbound === 'REGISTRY_ONLY' ? 'nowhere' : 'address' };
  }
}

/** Without a route, the call goes to the service's own cluster. HTTP routes name it in lower case, however the host is spelled. */
function directTo({ host }: Service, { kind, port }: RoutedCall): RouteMatch {
  const destination: RouteDestination = { host: kind === 'http' ? host.toLowerCase() : host, port };
  return { to: 'services', kind, answer: { destinations: [destination], answered: false } };
}

/**
 * Whether the listener for an address detects HTTP. For a range it doesn't: Envoy
 * matches the address first, and istiod adds the range only to the TCP filter chain.
 */
function detectsHttp(address: Address): boolean {
  return !isOfRange(address);
}

function isOfRange(address: Address): boolean {
  return address.at === 'ip' && isRange(address.ip);
}

/** The match whose route comes first: only one virtual host can have the name. */
function earlier(scope: ProxyScope, one: RouteMatch, other: RouteMatch, hosts: readonly string[]): RouteMatch {
  const routes = inOrderFor(scope.namespace, [...new Set(hosts.flatMap((host) => scope.routesFor(host)))]);
  const order = (match: RouteMatch): number => routes.findIndex(({ route }) => match.to === 'services' && route === match.route);
  return order(other) >= 0 && order(other) < order(one) ? other : one;
}

/** The match; undecided if istiod may not read routes that give one of these TLS services other names. */
function orUndiscovered<W extends RouteMatch | undefined>(
  match: W, services: readonly Service[], scope: ProxyScope, { port }: RoutedCall,
): W | RouteMatch {
  const isUnclear = (route: Route | undefined): boolean => (
    route !== undefined && route.serverNames.length > 0 && scope.discovers(route.object.namespace) === undefined);
  const mayHaveOtherNames = (service: Service): boolean =>
    portOf(service, port)!.protocol === 'TLS'
      && covering(scope.routesFor(service.host), service.host).some(({ route }) => isUnclear(route));
  const isNamed = match?.to === 'services' && isUnclear(match.route);
  return isNamed || !services.some(mayHaveOtherNames) ? match : { to: 'unknown', because: 'unknown-discovery' };
}

/** How a service's routes answer a TLS call. A service with TLS routes accepts no other server names. */
function tlsAnswerFor(service: Service, scope: ProxyScope, call: RoutedCall): RouteAnswer | undefined {
  const match = answered(covering(scope.routesFor(service.host), service.host), { ...call, kind: 'tls' });
  return match?.to === 'services' ? match.answer : undefined;
}
