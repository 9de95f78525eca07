import { concernsClient } from './client-conditions';
import { weightedDestinations } from './destinations';
import { RouteAnswer, RoutedCall } from './route';
import { HostContext } from '../names/hosts';
import { Shape, shapes, texts } from '../objects/shape';

/** What the `tcp` rules make of a call: the first that takes calls to any address takes all. */
export function tcpAnswer(rules: readonly Shape[], context: HostContext, call: RoutedCall): RouteAnswer | undefined {
  const routed = rules.filter(({ route }) => shapes(route).length > 0);
  let subnets = false;
  for (const rule of routed) {
    const conditions = shapes(rule.match);
    const met = conditions.filter((match) => concernsClient(match, call));
    if (conditions.length === 0 || met.some((match) => !bySubnet(match))) {
      return { destinations: weightedDestinations(rule.route, context), answered: false, undecided: subnets ? 'destination-subnets' : undefined };
    }
    subnets = subnets || met.length > 0;
  }
  return subnets ? { destinations: [], answered: false, undecided: 'destination-subnets' } : undefined;
}

function bySubnet({ destinationSubnets }: Shape): boolean {
  return texts(destinationSubnets).length > 0;
}
