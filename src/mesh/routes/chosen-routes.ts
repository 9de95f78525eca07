import { CallKind, Route, RouteAnswer, RoutedCall } from './route';
import { VisibleRoute } from './route-index';
import { closestOf, isWildcard, isWithin } from '../names/hosts';
import { Service } from '../services/service';
import { Scope } from '../visibility/scope';

/** Where a client's proxy sends a call. */
export type Way =
  /** To services, each possible; the call being taken for one of a kind, which its listener decides. */
  | { readonly to: 'services'; readonly kind: CallKind; readonly answer: RouteAnswer; readonly route?: Route }
  /** To the address that the application called, as the application sent it. */
  | { readonly to: 'address' }
  /** Nowhere: the scope knows no such destination, and unknown ones are forbidden. */
  | { readonly to: 'nowhere' }
  | { readonly to: 'unknown'; readonly because: 'egress-proxy' | 'refused-routes' | 'unknown-discovery' | 'dynamic-dns' | 'destination-subnets' };

/**
 * The routes that may answer for a service. HTTP takes routes for the very host, or else, and for a
 * wildcard host, the first for the longest wildcard; TCP and TLS take any whose hosts cover it.
 */
export function routesOf({ host }: Service, scope: Scope, { kind }: RoutedCall): readonly VisibleRoute[] {
  const routes = scope.routesFor(host);
  if (kind !== 'http' || routes.length === 0) return routes;
  const isExact = ({ route }: VisibleRoute): boolean => !isWildcard(host) && route.hosts.includes(host);
  const exact = routes.every(isExact) ? routes : routes.filter(isExact);
  if (exact.length > 0) return exact;
  const covering = routes.map((candidate) => ({ candidate, length: longestAround(host, candidate.route) }));
  const longest = Math.max(...covering.map(({ length }) => length));
  return longest === 0 ? [] : covering.filter(({ length }) => length === longest).slice(0, 1).map(({ candidate }) => candidate);
}

/** The length of the longest of a route's hosts that covers one; 0 if none does. */
function longestAround(host: string, { hosts }: Route): number {
  return Math.max(0, ...hosts.filter((other) => isWithin(host, other)).map(({ length }) => length));
}

/** What the first route that has an answer makes of a call; for TLS, the one that names the server most closely, unless one of the Gateway API may take the call. */
export function answered(routes: readonly VisibleRoute[], call: RoutedCall): Way | undefined {
  const ways = routes.flatMap(({ route }) => {
    const answer = route.answer(call);
    return answer ? [{ to: 'services' as const, kind: call.kind, answer, route }] : [];
  });
  const foreign = call.kind === 'tls' ? ways.find(({ answer }) => answer.undecided === 'gateway-api-route') : undefined;
  return foreign ?? closestOf(ways, ({ answer }) => answer.sni) ?? ways[0];
}
