import { concernsClient } from './client-conditions';
import { Layer4Rule } from './layer4-rule';
import { RouteAnswer, RoutedCall } from './route';
import { Shape, texts } from '../objects/shape';

/** What the `tcp` rules make of a call: the first that takes calls to any address takes all. */
export function tcpAnswer(rules: readonly Layer4Rule[], call: RoutedCall): RouteAnswer | undefined {
  let subnets = false;
  for (const { conditions, destinations } of rules) {
    const met = conditions.filter((match) => concernsClient(match, call));
    if (conditions.length === 0 || met.some((match) => !bySubnet(match))) {
      return { destinations, answered: false, undecided: subnets ? 'destination-subnets' : undefined };
    }
    subnets = subnets || met.length > 0;
  }
  return subnets ? { destinations: [], answered: false, undecided: 'destination-subnets' } : undefined;
}

function bySubnet({ destinationSubnets }: Shape): boolean {
  return texts(destinationSubnets).length > 0;
}
