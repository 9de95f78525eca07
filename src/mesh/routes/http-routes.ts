import { mirroredDestinations, weightedDestinations } from './destinations';
import { Destination, MESH_GATEWAY, RouteAnswer, RoutedCall } from './route';
import { selects } from '../names/selector';
import { FieldRef } from '../objects/field-ref';
import { MeshObject } from '../objects/mesh-object';
import { indexedShapes, integer, isShape, labelsOf, Shape, shape, shapes, text, texts } from '../objects/shape';

/** The `http` rules of a VirtualService. */
export class HttpRules {
  private readonly rules: readonly HttpRule[];

  /** @param object that which has them */
  constructor(rules: unknown, object: MeshObject) {
    this.rules = indexedShapes(rules).map(([index, rule]) => readRule(rule, { object, field: ['spec', 'http', index] }));
  }

  /** What they make of a call: everything up to the first rule that takes all that is left. */
  answer(call: RoutedCall): RouteAnswer | undefined {
    const reached = this.reachable(call);
    if (reached.length < 2) return reached[0]?.answer;
    return {
      destinations: reached.flatMap(({ answer }) => answer.destinations),
      answered: reached.some(({ answer }) => answer.answered),
      undecided: reached.find(({ answer }) => answer.undecided)?.answer.undecided,
    };
  }

  private reachable(call: RoutedCall): readonly HttpRule[] {
    const reached: HttpRule[] = [];
    for (const rule of this.rules) {
      const met = rule.conditions.filter((match) => concerns(match, call));
      if (rule.conditions.length === 0 || met.length > 0) reached.push(rule);
      if (rule.conditions.length === 0 || met.some(takesAll)) break;
    }
    return reached;
  }
}

interface HttpRule {
  readonly conditions: readonly Shape[];
  /** What it makes of calls if no other rule takes any of them. */
  readonly answer: RouteAnswer;
}

function readRule(rule: Shape, at: FieldRef): HttpRule {
  const answered = isShape(rule.redirect) || isShape(rule.directResponse);
  const destinations: readonly Destination[] = answered ? [] : [...weightedDestinations(rule.route, at), ...mirroredDestinations(rule, at)];
  return { conditions: shapes(rule.match), answer: { destinations, answered, undecided: isShape(rule.delegate) ? 'delegate' : undefined } };
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
