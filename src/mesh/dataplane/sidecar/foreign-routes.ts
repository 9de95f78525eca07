import { OutboundListeners } from './outbound-listeners';
import { answered, RouteMatch, routesOf } from './route-match';
import { ProxyScope } from '../../control-planes/sidecar-scope';
import { closeness, isWildcard, isWithin } from '../../names/hosts';
import { Route, RoutedCall } from '../../routes/route';
import { VisibleRoute } from '../../routes/route-index';
import { isHttpOrSniffed, portOf, Service } from '../../services/service';

/** Routes for HTTP calls to names that no listening service has. */
export class ForeignRoutes {
  constructor(private readonly listeners: OutboundListeners) {}

  /**
   * Follows the route of a name that no listening service has: the route of an ExternalName, or any route on port 80, or on other ports a
   * route that also has hosts of services there. A wildcard counts only if no service is within it.
   *
   * @param isTaken whether a service has the name, so that no wildcard applies
   */
  follow(scope: ProxyScope, call: RoutedCall, isTaken: boolean): RouteMatch | undefined {
    const alias = scope.imported(call.host) ?? this.listeners.spelledAlias(scope, call.host);
    if (alias && isHttp(alias, call.port)) return answered(routesOf(alias, scope, call), call);
    const name = call.host.toLowerCase();
    const stands = ({ route: { hosts } }: VisibleRoute): readonly string[] => hosts.filter((host) =>
      isWithin(name, host) && !(isWildcard(host) && (isTaken || this.listeners.within(scope, host, call.port).length > 0)));
    const routes = scope.routesFor(name).filter((candidate) =>
      stands(candidate).length > 0 && (call.port === 80 || this.routesSomething(candidate.route, scope, call)));
    // The proxy prefers the exact name to a wildcard, and a longer wildcard to a shorter one.
    return answered([...routes].sort((left, right) => closest(stands(right)) - closest(stands(left))), call);
  }

  /** Whether istiod uses a route for a service that the scope knows on a port. */
  private routesSomething(route: Route, scope: ProxyScope, call: RoutedCall): boolean {
    return route.hosts.some((host) => {
      if (!isWildcard(host)) return this.servesHttp(scope, host, call.port);
      const within = this.listeners.within(scope, host, call.port).filter((service) => isHttp(service, call.port));
      return within.some((service) => (
        this.servesHttp(scope, service.host, call.port) && routesOf(service, scope, call)[0]?.route === route));
    });
  }

  /**
   * Whether istiod considers a host HTTP on a port when it builds routes: if
   * a Service and a ServiceEntry have the host, the last one counts.
   */
  private servesHttp(scope: ProxyScope, host: string, port: number): boolean {
    return isHttp(scope.listening(host).filter((service) => portOf(service, port) !== undefined).at(-1), port);
  }
}

function closest(hosts: readonly string[]): number {
  return Math.max(...hosts.map(closeness));
}

function isHttp(service: Service | undefined, port: number): boolean {
  return isHttpOrSniffed(service && portOf(service, port)?.protocol);
}
