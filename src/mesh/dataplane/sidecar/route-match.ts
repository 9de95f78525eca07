import { ProxyScope } from '../../control-planes/sidecar-scope';
import { closestOf, isWildcard, isWithin, overlap } from '../../names/hosts';
import { CallKind, Route, RouteAnswer, RoutedCall } from '../../routes/route';
import { VisibleRoute } from '../../routes/route-index';
import { Service } from '../../services/service';

/** Where a client's proxy sends a call. */
export type RouteMatch =
  /** To services, each possible; the listener decides which protocol is assumed. */
  | { readonly to: 'services'; readonly kind: CallKind; readonly answer: RouteAnswer; readonly route?: Route }
  /** To the address that the application requested, unchanged. */
  | { readonly to: 'address' }
  /** Nowhere: the scope knows no such destination, and unknown ones are blocked. */
  | { readonly to: 'nowhere' }
  | {
    readonly to: 'unknown';
    readonly because: 'egress-proxy' | 'refused-routes' | 'unknown-discovery' | 'dynamic-dns'
  | 'destination-subnets' | 'own-listener';
  };

/**
 * The routes that may apply to a service. HTTP uses routes for the exact host, or else, and for a wildcard host, the first for
 * the longest wildcard; TCP and TLS use any whose hosts cover it. Only for HTTP and the exact host, capitals don't matter: a
 * route that has it in others leaves the wildcard its place.
 */
export function routesOf({ host }: Service, scope: ProxyScope, { kind }: RoutedCall): readonly VisibleRoute[] {
  const routes = scope.routesFor(host);
  if (routes.length === 0) return routes;
  if (kind !== 'http') return covering(routes, host);
  const name = host.toLowerCase();
  const isExact = ({ route }: VisibleRoute): boolean => !isWildcard(host) && route.hosts.includes(name);
  const exact = routes.every(isExact) ? routes : routes.filter(isExact);
  if (exact.some(({ route }) => route.exactHosts.includes(host))) return exact;
  // istiod looks for wildcards around the host as written, and for their routes by its small letters.
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
 * The result of the first route that matches a call; for TLS, of the one with the closest server
 * name, unless a Gateway API route may receive the call.
 */
export function answered(routes: readonly VisibleRoute[], call: RoutedCall): RouteMatch | undefined {
  const ways = routes.flatMap(({ route }) => {
    const answer = route.answer(call);
    return answer ? [{ to: 'services' as const, kind: call.kind, answer, route }] : [];
  });
  const foreign = call.kind === 'tls' ? ways.find(({ answer }) => answer.undecided === 'gateway-api-route') : undefined;
  return foreign ?? closestOf(ways, ({ answer }) => answer.sni) ?? ways[0];
}
