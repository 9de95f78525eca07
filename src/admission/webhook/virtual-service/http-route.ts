import { judgeDirectResponse, judgeFault, judgeRedirect } from './http-answers';
import { judgeAuthority, judgeCors, judgeHeaderChanges, judgeRewrite } from './http-changes';
import { judgeHttpMatch } from './http-match';
import { Destination, HTTPRetry, HTTPRoute, HTTPRouteDestination, RouteDestination } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { parseGoInteger } from '../../../manifests/go-values';
import { Objections } from '../../objection';
import { judgeDuration } from '../values/durations';
import { judgeWildcardHost } from '../values/hosts';
import { judgeNonNegative, judgePercent, judgePercentValue } from '../values/numbers';
import { judgePort } from '../values/ports';
import { judgeSubsetName } from '../values/selectors';
import { warnOfDeprecated } from '../values/words';

/** What the VirtualService around a route contributes. */
interface RouteContext {
  /** Without hosts, it is a delegate. */
  readonly inDelegate: boolean;
  /** Converted from the Gateway API, where destinations have other names. */
  readonly fromGatewayApi: boolean;
}

/** Rejects faults in an HTTP route. */
export function judgeHttpRoute(at: Objections, route: HTTPRoute, context: RouteContext): void {
  const matches = route.match ?? [];
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

function judgeDestinations(at: Objections, destinations: readonly HTTPRouteDestination[], fromGatewayApi: boolean): void {
  destinations.forEach((destination, index) => {
    judgeHeaderChanges(at.at(index, 'headers'), destination.headers);
    if (!fromGatewayApi) judgeDestination(at.at(index, 'destination'), destination.destination);
  });
  judgeWeights(at, destinations);
}

/** Fields that compete with an action of a route for the same request. */
const EXCLUDED: readonly (readonly [keyof HTTPRoute, readonly (keyof HTTPRoute)[]])[] = [
  ['redirect', ['route', 'fault', 'rewrite', 'directResponse']],
  ['directResponse', ['route', 'fault', 'rewrite']],
];

/** Rejects a route without an action, or with conflicting ones. */
function judgeActions(at: Objections, route: HTTPRoute, inDelegate: boolean): void {
  if (route.delegate && !inDelegate) {
    for (const field of ['redirect', 'route'] as const) if (isSet(route, field)) objectToConflict(at, field, 'delegate');
    return;
  }
  if (route.delegate) objectToNestedDelegate(at.at('delegate'));
  const [action, excluded] = EXCLUDED.find(([field]) => route[field]) ?? [];
  if (action && excluded) {
    for (const field of excluded.filter((other) => isSet(route, other))) objectToConflict(at, field, action);
  } else if (!isSet(route, 'route')) {
    objectToNoAction(at, 'route, redirect or directResponse');
  }
  if (route.mirror && isSet(route, 'mirrors')) objectToConflict(at, 'mirrors', 'mirror');
}

/** Rejects a route without an action, such as a TCP route without a destination. */
export function objectToNoAction(at: Objections, expected: string): void {
  at.error({
    code: 'ADMIT432',
    actual: 'without an action',
    expected,
    because: 'requests that match must go somewhere',
    fix: `add ${expected}`,
  });
}

/** An empty list counts as unset. */
function isSet(route: HTTPRoute, field: keyof HTTPRoute): boolean {
  const value = route[field];
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

function objectToConflict(at: Objections, field: string, other: string): void {
  at.at(field).error({
    code: 'ADMIT433',
    actual: `set together with ${other}`,
    expected: `${field} or ${other}, not both`,
    because: 'each of them sets what happens to the request',
    fix: `remove ${field} or ${other}`,
  });
}

function objectToNestedDelegate(at: Objections): void {
  at.error({
    code: 'ADMIT431',
    actual: 'set in a VirtualService without hosts',
    expected: 'no delegate',
    because: 'a VirtualService without hosts is a delegate itself, and delegates don\'t delegate',
    fix: 'remove delegate, or add hosts to the VirtualService',
  });
}

/** Rejects an invalid destination; a missing one passes. */
export function judgeDestination(at: Objections, destination: Destination | undefined): void {
  if (!destination) return;
  if (destination.host === '*') objectToAnyHost(at.at('host'));
  else judgeWildcardHost(at.at('host'), destination.host);
  if (destination.subset) judgeSubsetName(at.at('subset'), destination.subset);
  if (destination.port) judgePort(at.at('port', 'number'), destination.port.number);
}

/** Rejects weights that are negative or all 0; like istiod, adds them up in 32 bits. */
export function judgeWeights(at: Objections, routes: readonly RouteDestination[]): void {
  let total = 0;
  routes.forEach((route, index) => {
    const weight = route.weight ?? 0;
    if (weight < 0) objectToWeight(at.at(index, 'weight'), shown(weight), 'a weight that isn\'t negative');
    total = Number(BigInt.asIntN(32, BigInt(total + weight)));
  });
  if (routes.length > 1 && total === 0) objectToWeight(at, 'of total weight 0', 'at least one destination with a weight');
}

function objectToAnyHost(at: Objections): void {
  at.error({
    code: 'ADMIT401',
    actual: '\'*\'',
    expected: 'the host of one service',
    because: 'requests must go somewhere',
    fix: 'write the host of the service',
  });
}

function objectToWeight(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT445',
    actual,
    expected,
    because: 'a weight is the share of the requests',
    fix: 'write shares that add up to 100',
  });
}

/** Rejects invalid mirror destinations and percentages. */
function judgeMirrors(at: Objections, route: HTTPRoute): void {
  const field = route.mirrorPercent === undefined ? 'mirror_percent' : 'mirrorPercent';
  const percent = route[field];
  if (percent !== undefined) {
    const place = at.at(field);
    judgePercent(place, percent);
    warnOfDeprecated(place, percent, 'mirrorPercentage');
  }
  judgePercentValue(at.at('mirrorPercentage'), route.mirrorPercentage);
  judgeDestination(at.at('mirror'), route.mirror);
  route.mirrors?.forEach((mirror, index) => {
    judgeDestination(at.at('mirrors', index, 'destination'), mirror.destination);
    judgePercentValue(at.at('mirrors', index, 'percentage'), mirror.percentage);
  });
}

const CONDITIONS: ReadonlySet<string> = new Set([
  '5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream',
  'retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure',
  'cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable',
]);
/** The statuses that Go's net/http names. */
const STATUSES = /^(?:10[0-3]|20[0-8]|226|30[0-5]|30[78]|40\d|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])$/;

/** Rejects retries that are configured but off, or have conditions that Envoy doesn't know. */
function judgeRetries(at: Objections, retries: HTTPRetry | undefined): void {
  if (!retries) return;
  judgeNonNegative(at.at('attempts'), retries.attempts);
  judgeDisabled(at.at('attempts'), retries);
  judgeDuration(at.at('perTryTimeout'), retries.perTryTimeout);
  if (retries.retryOn) judgeConditions(at.at('retryOn'), retries.retryOn);
  judgeDuration(at.at('backoff'), retries.backoff);
}

function judgeDisabled(at: Objections, retries: HTTPRetry): void {
  if (retries.attempts) return;
  const configured = (['perTryTimeout', 'retryOn', 'retryRemoteLocalities'] as const).find((field) => (retries[field] ?? '') !== '');
  if (!configured) return;
  at.error({
    code: 'ADMIT429',
    actual: `${shown(retries.attempts)}, yet ${configured} is set`,
    expected: 'at least 1 attempt, or nothing beside it',
    because: 'retries are off with 0 attempts',
    fix: `set attempts, or remove ${configured}`,
  });
}

function judgeConditions(at: Objections, retryOn: string): void {
  const unknown = retryOn.split(',').filter((condition) => !isCondition(condition));
  for (const condition of unknown) {
    at.error({
      code: 'ADMIT442',
      actual: `${shown(retryOn)} with ${shown(condition)}`,
      expected: 'HTTP statuses and conditions that Envoy knows, separated by commas without spaces',
      because: 'Envoy retries on no other',
      fix: CONDITIONS.has(condition.trim()) ? 'remove the spaces' : 'write conditions such as \'connect-failure,refused-stream,503\'',
    });
  }
}

function isCondition(condition: string): boolean {
  return CONDITIONS.has(condition) || STATUSES.test(String(parseGoInteger(condition)));
}
