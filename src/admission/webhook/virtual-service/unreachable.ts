import { matchIdentity } from './match-identity';
import { warnOfCoveredPrefixes } from './prefix-cover';
import { describeRoute, warnOfMatch } from './unreachable-match';
import { Objections } from '../objections';

/** Warns of routes and matches that earlier ones leave nothing to do, as far as istiod sees it. */
export function warnOfUnreachable(at: Objections, routes: readonly any[]): void {
  const seen = new Map<string, number>();
  let catchAll = -1;
  const used: (readonly [number, number])[] = [];
  routes.forEach((route, index) => {
    const matches: readonly any[] = route.match ?? [];
    if (catchAll >= 0) warnOfRoute(at.at(index), `${describeRoute(routes, catchAll)} matches everything`);
    else used.push(...warnOfRepeated(at.at(index), routes, index, seen));
    if (matches.length === 0) catchAll = index;
  });
  warnOfCoveredPrefixes(at, routes, used);
}

/** Warns of a route's matches that were seen before; gives the others, as route and match. */
function warnOfRepeated(at: Objections, routes: readonly any[], index: number, seen: Map<string, number>): [number, number][] {
  const fresh: [number, number][] = [];
  const matches: readonly any[] = routes[index].match ?? [];
  matches.forEach((match, place) => {
    const identity = matchIdentity(match);
    const earlier = seen.get(identity);
    if (earlier !== undefined) return warnOfMatch(at.at('match', place), describeRoute(routes, earlier));
    seen.set(identity, index);
    fresh.push([index, place]);
  });
  if (matches.length > 0 && fresh.length === 0) warnOfRoute(at, 'earlier routes have all its matches');
  return fresh;
}

function warnOfRoute(at: Objections, reason: string): void {
  at.warning({
    code: 'ADMIT440',
    actual: `never reached: ${reason}`,
    expected: 'a route that requests can reach',
    because: 'the first route that matches is taken',
    fix: 'move the route to the front, or remove it',
  });
}
