import { concernsClient } from './client-conditions';
import { Layer4Rule } from './layer4-rule';
import { RouteAnswer, RoutedCall } from './route';
import { closestOf, isWithin } from '../names/hosts';
import { texts } from '../objects/shape';

/** What the `tls` rules make of a call: of the conditions that name its server name, the closest one. */
export function tlsAnswer(rules: readonly Layer4Rule[], call: RoutedCall): RouteAnswer | undefined {
  const candidates = rules.flatMap((rule) => rule.conditions.filter((match) => concernsClient(match, call)).map((match) => ({ rule, match })));
  if (candidates.length === 0) return undefined;
  const named = candidates.flatMap(({ rule, match }) =>
    texts(match.sniHosts).filter((sni) => isWithin(call.host, sni)).map((sni) => ({ rule, sni })));
  const closest = closestOf(named, ({ sni }) => sni);
  if (!closest) return { destinations: [], answered: false };
  const subnets = candidates.some(({ match }) => texts(match.destinationSubnets).length > 0);
  return {
    destinations: closest.rule.destinations,
    answered: false,
    sni: closest.sni,
    undecided: subnets ? 'destination-subnets' : undefined,
  };
}
