import { ProxyScope } from '../../control-planes/sidecar-scope';
import { closestOf, isWildcard, isWithin, overlap } from '../../names/hosts';
import { CallKind, Route, RouteAnswer, RoutedCall } from '../../routes/route';
import { VisibleRoute } from '../../routes/route-index';
import { Service } from '../../services/service';

/** Where a client's proxy sends a call. */
export type RouteMatch =
  /** Sent to one of these services; `kind` is the protocol that the listener assumes. */
  | { readonly to: 'services'; readonly kind: CallKind; readonly answer: RouteAnswer; readonly route?: Route }
  /** Sent to the address that the application requested. */
  | { readonly to: 'address' }
  /** Blocked: the scope doesn't know the destination, and unknown destinations are blocked. */
  | { readonly to: 'nowhere' }
  | {
    readonly to: 'unknown';
    readonly because: 'egress-proxy' | 'refused-routes' | 'unknown-discovery' | 'dynamic-dns'
  | 'destination-subnets' | 'own-listener';
  };

/**
 * The routes that may apply to a service. HTTP uses the routes for the exact host; without one, or for a wildcard host,
 * the first for the longest wildcard. TCP and TLS use all routes that cover the host. Only HTTP compares exact hosts in
 * lower case: if a route's spelling differs from the service's, the wildcard's route applies as well.
 */
export function routesOf({ host }: Service, scope: ProxyScope, { kind }: RoutedCall): readonly VisibleRoute[] {
  const routes = scope.routesFor(host);
  if (routes.length === 0) return routes;
  if (kind !== 'http') return covering(routes, host);
  const name = host.toLowerCase();
  const isExact = ({ route }: VisibleRoute): boolean => !isWildcard(host) && route.hosts.includes(name);
  const exact = routes.every(isExact) ? routes : routes.filter(isExact);
  if (exact.some(({ route }) => route.exactHosts.includes(host))) return exact;
  // istiod looks up wildcards with the host as written, but their routes in lower case.
  const widest = isWildcard(host) || host === name ? firstForLongest(host, routes) : [];
  return exact.length === 0 ? widest : routes.filter((one) => exact.includes(one) || widest.includes(one));
}

export function covering(routes: readonly VisibleRoute[], host: string): readonly VisibleRoute[] {
  const covers = ({ route }: VisibleRoute): boolean => route.exactHosts.some((other) => overlap(host, other));
  return routes.every(covers) ? routes : routes.filter(covers);
}

/** The first route for the longest wildcard around a host; empty if none covers it. */
function firstForLongest(host: string, routes: readonly VisibleRoute[]): readonly VisibleRoute[] {
  const lengths = routes.map((candidate) => ({ candidate, length: longestAround(host, candidate.route) }));
  const longest = Math.max(...lengths.map(({ length }) => length));
  return longest === 0 ? [] : lengths.filter(({ length }) => length === longest).slice(0, 1).map(({ candidate }) => candidate);
}

/** The length of the longest of a route's hosts that covers one; 0 if none does. */
function longestAround(host: string, { exactHosts }: Route): number {
  return Math.max(0, ...exactHosts.filter((other) => isWithin(host, other)).map(({ length }) => length));
}

/**
 * The answer of the first route that matches a call; for TLS, of the route with
 * the closest server name. Undecided if a Gateway API route may match.
 */
export function answered(routes: readonly VisibleRoute[], call: RoutedCall): RouteMatch | undefined {
  const ways = routes.flatMap(({ route }) => {
    const answer = route.answer(call);
    return answer ? [{ to: 'services' as const, kind: call.kind, answer, route }] : [];
  });
  const foreign = call.kind === 'tls' ? ways.find(({ answer }) => answer.undecided === 'gateway-api-route') : undefined;
  return foreign ?? closestOf(ways, ({ answer }) => answer.sni) ?? ways[0];
}
