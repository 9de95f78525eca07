import { judgeActions } from './actions';
import { judgeAuthority } from './authority';
import { judgeCors } from './cors';
import { judgeDestination, judgeWeights } from './destination';
import { judgeDirectResponse } from './direct-response';
import { judgeFault } from './fault';
import { judgeHeaderChanges } from './headers';
import { judgeHttpMatch } from './match';
import { judgeMirrors } from './mirrors';
import { judgeRedirect } from './redirect';
import { judgeRetries } from './retries';
import { judgeRewrite } from './rewrite';
import { Objections } from '../objections';
import { judgeDuration } from '../values/duration';

/** What the VirtualService around a route says about it. */
export interface RouteContext {
  /** Without hosts it is a delegate. */
  readonly inDelegate: boolean;
  /** Made from the Gateway API, whose destinations have names of another form. */
  readonly fromGatewayApi: boolean;
}

/** Objects to whatever in an HTTP route can't be. */
export function judgeHttpRoute(at: Objections, route: any, context: RouteContext): void {
  const matches: readonly any[] = route.match ?? [];
  judgeActions(at, route, context.inDelegate);
  matches.forEach((match, index) => judgeHttpMatch(at.at('match', index), match));
  judgeHeaderChanges(at.at('headers'), route.headers);
  judgeCors(at.at('corsPolicy'), route.corsPolicy);
  judgeFault(at.at('fault'), route.fault);
  judgeMirrors(at, route);
  judgeRedirect(at.at('redirect'), route.redirect, matches);
  judgeDirectResponse(at.at('directResponse'), route.directResponse);
  judgeRetries(at.at('retries'), route.retries);
  judgeRewrite(at.at('rewrite'), route.rewrite);
  judgeAuthority(at, route);
  judgeDestinations(at.at('route'), route.route ?? [], context.fromGatewayApi);
  judgeDuration(at.at('timeout'), route.timeout);
}

function judgeDestinations(at: Objections, destinations: readonly any[], fromGatewayApi: boolean): void {
  destinations.forEach((destination, index) => {
    judgeHeaderChanges(at.at(index, 'headers'), destination.headers);
    if (!fromGatewayApi) judgeDestination(at.at(index, 'destination'), destination.destination);
  });
  judgeWeights(at, destinations);
}
