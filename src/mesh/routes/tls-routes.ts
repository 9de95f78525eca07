import { concernsClient } from './client-conditions';
import { weightedDestinations } from './destinations';
import { RouteAnswer, RoutedCall } from './route';
import { closestOf, HostContext, isWithin } from '../names/hosts';
import { Shape, shapes, texts } from '../objects/shape';

/** What the `tls` rules make of a call: of the conditions that name its server name, the closest one. */
export function tlsAnswer(rules: readonly Shape[], context: HostContext, call: RoutedCall): RouteAnswer | undefined {
  const candidates = rules.filter(({ route }) => shapes(route).length > 0)
    .flatMap((rule) => shapes(rule.match).filter((match) => concernsClient(match, call)).map((match) => ({ rule, match })));
  if (candidates.length === 0) return undefined;
  const named = candidates.flatMap(({ rule, match }) =>
    texts(match.sniHosts).filter((sni) => isWithin(call.host, sni)).map((sni) => ({ rule, sni })));
  const closest = closestOf(named, ({ sni }) => sni);
  if (!closest) return { destinations: [], answered: false };
  const subnets = candidates.some(({ match }) => texts(match.destinationSubnets).length > 0);
  return {
    destinations: weightedDestinations(closest.rule.route, context),
    answered: false,
    sni: closest.sni,
    undecided: subnets ? 'destination-subnets' : undefined,
  };
}
