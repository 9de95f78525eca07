import { objectToNoAction } from './actions';
import { judgeDestination, judgeWeights } from './destination';
import { judgeSource } from './match';
import { judgeSniHosts } from './sni-host';
import { Objections } from '../objections';
import { judgeSubnets } from '../values/subnet';

/** Objects to whatever in a TCP route can't be. */
export function judgeTcpRoute(at: Objections, route: any, fromGatewayApi: boolean): void {
  (route.match ?? []).forEach((match: any, index: number) => judgeLayer4Match(at.at('match', index).errorsOnly(), match));
  judgeDestinations(at, route.route ?? [], fromGatewayApi);
}

/** Objects to whatever in a TLS route can't be; `service` is the VirtualService's spec. */
export function judgeTlsRoute(at: Objections, route: any, service: any, fromGatewayApi: boolean): void {
  const matches: readonly any[] = route.match ?? [];
  if (matches.length === 0) objectToNoMatch(at.at('match'));
  matches.forEach((match, index) => {
    const place = at.at('match', index);
    judgeSniHosts(place.at('sniHosts'), match.sniHosts ?? [], service);
    judgeLayer4Match(place, match);
  });
  judgeDestinations(at, route.route ?? [], fromGatewayApi);
}

function judgeLayer4Match(at: Objections, match: any): void {
  judgeSubnets(at.at('destinationSubnets'), match.destinationSubnets);
  judgeSource(at, match);
}

function judgeDestinations(at: Objections, destinations: readonly any[], fromGatewayApi: boolean): void {
  if (destinations.length === 0) objectToNoAction(at.at('route'), 'a destination');
  destinations.forEach((destination, index) => {
    if (!fromGatewayApi) judgeDestination(at.at('route', index, 'destination'), destination.destination);
  });
  judgeWeights(at.at('route'), destinations);
}

function objectToNoMatch(at: Objections): void {
  at.error({
    code: 'ADMIT446',
    actual: 'empty',
    expected: 'at least one match with sniHosts',
    because: 'a TLS connection is routed by its SNI',
    fix: 'add a match, or make it a TCP route',
  });
}
