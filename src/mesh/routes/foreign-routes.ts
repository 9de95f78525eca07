import { answered, routesOf, Way } from './chosen-routes';
import { OutboundListeners } from './outbound-listeners';
import { Route, RoutedCall } from './route';
import { VisibleRoute } from './route-index';
import { closeness, isWildcard, isWithin } from '../names/hosts';
import { isHttpOrSniffed } from '../services/protocol';
import { portOf, Service } from '../services/service';
import { Scope } from '../visibility/scope';

/** Routes for HTTP calls to names that no listening service bears. */
export class ForeignRoutes {
  constructor(private readonly listeners: OutboundListeners) {}

  /**
   * A name that no listening service bears may still have a route: that of an ExternalName, or, on port 80 and
   * where the route has hosts that are known, any. A wildcard stands for such names only if it has no service.
   * @param isTaken whether a service goes by the name, which no wildcard then stands for
   */
  follow(scope: Scope, call: RoutedCall, isTaken: boolean): Way | undefined {
    const alias = scope.imported(call.host);
    if (alias && isHttp(alias, call.port)) return answered(routesOf(alias, scope, call), call);
    const stands = ({ route: { hosts } }: VisibleRoute): readonly string[] => hosts.filter((host) =>
      isWithin(call.host, host) && !(isWildcard(host) && (isTaken || this.listeners.within(scope, host, call.port).length > 0)));
    const routes = scope.routesFor(call.host).filter((candidate) =>
      stands(candidate).length > 0 && (call.port === 80 || this.routesSomething(candidate.route, scope, call)));
    // The proxy prefers the name itself to a wildcard, and a longer wildcard to a shorter one.
    return answered([...routes].sort((left, right) => closest(stands(right)) - closest(stands(left))), call);
  }

  /** Whether a route is for any service that the scope knows on a port. */
  private routesSomething(route: Route, scope: Scope, call: RoutedCall): boolean {
    return route.hosts.some((host) => {
      if (!isWildcard(host)) return scope.listening(host).some((service) => isHttp(service, call.port));
      const within = this.listeners.within(scope, host, call.port).filter((service) => isHttp(service, call.port));
      return within.some((service) => routesOf(service, scope, call)[0]?.route === route);
    });
  }
}

function closest(hosts: readonly string[]): number {
  return Math.max(...hosts.map(closeness));
}

function isHttp(service: Service | undefined, port: number): boolean {
  return isHttpOrSniffed(service && portOf(service, port)?.protocol);
}
