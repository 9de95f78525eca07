import { weightedDestinations } from './destinations';
import { Destination, MESH_GATEWAY, RouteAnswer, RoutedCall } from './route';
import { selects } from '../names/selector';
import { integer, isShape, labelsOf, Shape, shape, shapes, text, texts } from '../objects/shape';

/** What the `http` rules make of a call: everything up to the first rule that takes all that is left. */
export function httpAnswer(rules: readonly Shape[], namespace: string, call: RoutedCall): RouteAnswer | undefined {
  const reached = reachable(rules, call);
  if (reached.length === 0) return undefined;
  const destinations: Destination[] = [];
  for (const rule of reached) destinations.push(...destinationsOf(rule, namespace));
  return {
    destinations,
    answered: reached.some(answersItself),
    undecided: reached.some(({ delegate }) => isShape(delegate)) ? 'delegate' : undefined,
  };
}

function reachable(rules: readonly Shape[], call: RoutedCall): readonly Shape[] {
  const reached: Shape[] = [];
  for (const rule of rules) {
    const conditions = shapes(rule.match);
    const met = conditions.filter((match) => concerns(match, call));
    if (conditions.length === 0 || met.length > 0) reached.push(rule);
    if (conditions.length === 0 || met.some(takesAll)) break;
  }
  return reached;
}

function destinationsOf(rule: Shape, namespace: string): readonly Destination[] {
  return answersItself(rule) ? [] : weightedDestinations(rule.route, namespace);
}

function answersItself({ redirect, directResponse }: Shape): boolean {
  return isShape(redirect) || isShape(directResponse);
}

/** Unlike for TCP and TLS, a condition that names gateways isn't asked for labels and namespace. */
function concerns(match: Shape, { client, port }: RoutedCall): boolean {
  const number = integer(match.port) ?? 0;
  if (number !== 0 && number !== port) return false;
  const gateways = texts(match.gateways);
  if (gateways.length > 0) return gateways.includes(MESH_GATEWAY);
  return selects(labelsOf(match.sourceLabels), client.labels) && (text(match.sourceNamespace) ?? client.namespace) === client.namespace;
}

const NARROWING = ['headers', 'withoutHeaders', 'queryParams', 'method', 'authority', 'scheme'];

function takesAll(match: Shape): boolean {
  const uri = shape(match.uri);
  const anyPath = !isShape(match.uri) || uri.prefix === '/' || uri.regex === '.*';
  return anyPath && NARROWING.every((field) => Object.keys(shape(match[field])).length === 0);
}
