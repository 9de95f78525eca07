import {
  CallKind, RouteDestination, RouteAnswer, RoutedCall, concernsClient, Route, WrittenDestination, writtenDestinations,
} from './route';
import { MESH_GATEWAY } from '../../manifests/kinds';
import { indexedMappings, Mapping, mappings, integer, isMapping, labelsOf, mapping, text, texts } from '../../manifests/mapping';
import { grouped, oncePerObject } from '../collections';
import { FieldRef } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { closestOf, isNameWithin, fullHost } from '../names/hosts';
import { selects, isEmpty, Labels } from '../names/labels';

const NONE: readonly never[] = Object.freeze([]);

/** The conditions of a rule, indexed by client namespace: there may be thousands. */
class Conditions {
  private readonly byNamespace: ReadonlyMap<string | undefined, readonly Mapping[]>;

  /** @param namespaceOf the only namespace whose clients can meet a condition; undefined for any namespace */
  constructor(readonly all: readonly Mapping[], namespaceOf: (match: Mapping) => string | undefined) {
    this.byNamespace = grouped(all, namespaceOf);
  }

  get isEmpty(): boolean {
    return this.all.length === 0;
  }

  /** The conditions that clients in a namespace may meet. */
  of(namespace: string): readonly Mapping[] {
    const [own, general = NONE] = [this.byNamespace.get(namespace), this.byNamespace.get(undefined)];
    return own ? [...own, ...general] : general;
  }
}

/** A `tcp` or `tls` rule of a VirtualService with a route. */
interface Layer4Rule {
  readonly conditions: Conditions;
  readonly destinations: readonly RouteDestination[];
}

/** The kinds of rules that a VirtualService has. */
const KINDS = ['http', 'tcp', 'tls'] as const;

/** A rule with its field. */
interface WrittenRule {
  readonly kind: CallKind;
  readonly rule: Mapping;
  readonly destinations: readonly WrittenDestination[];
}

function readRules(object: MeshObject, spec: Mapping): readonly WrittenRule[] {
  return KINDS.flatMap((kind) => indexedMappings(spec[kind]).map(([index, rule]) => {
    const callers = kind === 'http' ? callersOf(mappings(rule.match)) : NONE;
    return { kind, rule, destinations: writtenDestinations(rule, { object, field: ['spec', kind, index] }, callers) };
  }));
}

const rulesOf = oncePerObject((object: MeshObject) => readRules(object, object.spec));

/** All destinations in a VirtualService, even if it is only for gateways. */
export const destinationsOf = oncePerObject((object: MeshObject): readonly WrittenDestination[] =>
  rulesOf(object).flatMap(({ destinations }) => destinations));

/** The `tcp` or `tls` rules of a VirtualService that have a route. */
function layer4Rules(rules: readonly WrittenRule[], kind: 'tcp' | 'tls'): readonly Layer4Rule[] {
  return rules.filter((one) => one.kind === kind && mappings(one.rule.route).length > 0).map(({ rule, destinations }) => ({
    conditions: new Conditions(mappings(rule.match), ({ sourceNamespace }) => text(sourceNamespace)),
    destinations: destinations.filter(({ reached, mirrored }) => reached && !mirrored),
  }));
}

/** The `http` rules of a VirtualService. */
class HttpRules {
  private readonly rules: readonly HttpRule[];

  constructor(rules: readonly WrittenRule[]) {
    this.rules = rules.filter(({ kind }) => kind === 'http').map(readHttpRule);
  }

  /** The result of a call: all rules that may match, up to the first that matches every remaining request. */
  answer(call: RoutedCall): RouteAnswer | undefined {
    const { reached, byRequest: isChosen, isWhole } = this.reachable(call);
    if (reached.length === 0) return undefined;
    const byRequest = isChosen && !(isWhole && areAlike(reached, call));
    if (reached.length === 1) return byRequest ? reached[0].answerByRequest : reached[0].answer;
    return {
      destinations: reached.flatMap(({ answer }) => answer.destinations),
      answered: reached.some(({ answer }) => answer.answered),
      byRequest,
      undecided: reached.find(({ answer }) => answer.undecided)?.answer.undecided,
    };
  }

  /** See `Route.takesHttp`. */
  get taken(): Route['takesHttp'] {
    if (this.rules.length === 0) return undefined;
    return this.rules.some(takesFromAny) ? 'from-any' : 'from-some';
  }

  /** The rules that a call may match, whether the request selects among them, and whether they match every request. */
  private reachable(call: RoutedCall): { readonly reached: readonly HttpRule[]; readonly byRequest: boolean; readonly isWhole: boolean } {
    const reached: HttpRule[] = [];
    let byRequest = false;
    for (const rule of this.rules) {
      const met = rule.conditions.of(call.client.namespace).filter((match) => concerns(match, call));
      if (rule.conditions.isEmpty || met.length > 0) reached.push(rule);
      const takingAll = met.findIndex(takesAll);
      byRequest ||= met.length > 0 && takingAll !== 0;
      if (rule.conditions.isEmpty || takingAll >= 0) return { reached, byRequest, isWhole: true };
    }
    return { reached, byRequest, isWhole: false };
  }
}

/** Whether rules have the same destinations, so that it doesn't matter which one matches. */
function areAlike(rules: readonly HttpRule[], { port, nameOf = (host) => host }: RoutedCall): boolean {
  const textOf = (one: RouteDestination): string => (
    [nameOf(one.host).toLowerCase(), one.port ?? port, one.subset ?? '', one.mirrored === true].join(' '));
  const results = rules.map(({ answer: { destinations, answered, undecided } }) =>
    JSON.stringify([answered, undecided, [...new Set(destinations.map(textOf))].sort()]));
  return new Set(results).size === 1;
}

interface HttpRule {
  readonly conditions: Conditions;
  /** The result if no other rule matches some of the requests. */
  readonly answer: RouteAnswer;
  /** The result if the rule matches only some requests. */
  readonly answerByRequest: RouteAnswer;
}

/** Whether a rule matches some calls of any client to any port. A rule with a missing delegate matches nothing. */
function takesFromAny({ conditions, answer }: HttpRule): boolean {
  return answer.undecided !== 'delegate' && (conditions.isEmpty || conditions.all.some(isForAny));
}

function isForAny({ gateways, port, sourceLabels, sourceNamespace }: Mapping): boolean {
  const names = texts(gateways);
  if ((integer(port) ?? 0) !== 0 || (names.length > 0 && !names.includes(MESH_GATEWAY))) return false;
  return names.length > 0 || (isEmpty(labelsOf(sourceLabels)) && text(sourceNamespace) === undefined);
}

function readHttpRule({ rule, destinations }: WrittenRule): HttpRule {
  const answered = isMapping(rule.redirect) || isMapping(rule.directResponse);
  const answer: RouteAnswer = {
    destinations: answered ? NONE : destinations.filter(({ reached }) => reached),
    answered,
    undecided: isMapping(rule.delegate) ? 'delegate' : undefined,
  };
  return { conditions: new Conditions(mappings(rule.match), httpNamespaceOf), answer, answerByRequest: { ...answer, byRequest: true } };
}

/** In a match with gateways, sourceNamespace doesn't count. */
function httpNamespaceOf({ gateways, sourceNamespace }: Mapping): string | undefined {
  return texts(gateways).length > 0 ? undefined : text(sourceNamespace);
}

/** In an HTTP match with gateways, sourceLabels and sourceNamespace don't count, unlike in TCP and TLS matches. */
function concerns(match: Mapping, { client, port }: RoutedCall): boolean {
  const number = integer(match.port) ?? 0;
  if (number !== 0 && number !== port) return false;
  const gateways = texts(match.gateways);
  if (gateways.length > 0) return gateways.includes(MESH_GATEWAY);
  return selects(labelsOf(match.sourceLabels), client.labels) && (text(match.sourceNamespace) ?? client.namespace) === client.namespace;
}

const NARROWING = ['headers', 'withoutHeaders', 'queryParams', 'method', 'authority', 'scheme'];

function takesAll(match: Mapping): boolean {
  const uri = mapping(match.uri);
  // An empty match is no condition.
  const anyPath = uri.prefix === '/' || uri.regex === '.*' || [uri.exact, uri.prefix, uri.regex].every((value) => value === undefined);
  return anyPath && NARROWING.every((field) => Object.keys(mapping(match[field])).length === 0);
}

/** The result of the `tcp` rules: the first rule for any address matches all calls. */
function tcpAnswer(rules: readonly Layer4Rule[], call: RoutedCall): RouteAnswer | undefined {
  let subnets = false;
  for (const { conditions, destinations } of rules) {
    const met = conditions.of(call.client.namespace).filter((match) => concernsClient(match, call));
    if (conditions.isEmpty || met.some((match) => !bySubnet(match))) {
      return { destinations, answered: false, undecided: subnets ? 'destination-subnets' : undefined };
    }
    subnets = subnets || met.length > 0;
  }
  return subnets ? { destinations: [], answered: false, undecided: 'destination-subnets' } : undefined;
}

function bySubnet({ destinationSubnets }: Mapping): boolean {
  return texts(destinationSubnets).length > 0;
}

/** The result of the `tls` rules: the match with the closest server name decides. */
function tlsAnswer(rules: readonly Layer4Rule[], call: RoutedCall): RouteAnswer | undefined {
  const { namespace } = call.client;
  const candidates = rules.flatMap((rule) => rule.conditions.of(namespace)
    .filter((match) => concernsClient(match, call)).map((match) => ({ rule, match })));
  if (candidates.length === 0) return undefined;
  const named = candidates.flatMap(({ rule, match }) =>
    texts(match.sniHosts).filter((sni) => isNameWithin(call.host, sni)).map((sni) => ({ rule, sni })));
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

/**
 * A VirtualService's route for sidecars; undefined if it is only for gateways, or a delegate.
 *
 * @param spec the effective spec, if a Rollout changes it
 */
export function virtualServiceRoute(object: MeshObject, spec = object.spec): Route | undefined {
  const hostTexts = texts(spec.hosts);
  const exactHosts = hostTexts.map((host) => fullHost(host, object));
  const hosts = exactHosts.map((host) => host.toLowerCase());
  const gateways = texts(spec.gateways);
  if (hosts.length === 0 || (gateways.length > 0 && !gateways.includes(MESH_GATEWAY))) return undefined;
  const rules = spec === object.spec ? rulesOf(object) : readRules(object, spec);
  const matches = rules.flatMap(({ rule }) => mappings(rule.match));
  const http = new HttpRules(rules);
  const [tcp, tls] = [layer4Rules(rules, 'tcp'), layer4Rules(rules, 'tls')];
  return {
    object,
    hosts,
    exactHosts,
    hostTexts,
    exportTo: texts(spec.exportTo),
    sourceLabels: matches.map((match) => labelsOf(match.sourceLabels)).filter((labels) => !isEmpty(labels)),
    sourceNamespaces: callersOf(matches),
    serverNames: mappings(spec.tls).flatMap(({ match }) => mappings(match)).flatMap(({ sniHosts }) => texts(sniHosts)),
    destinations: destinationsOf(object),
    takesHttp: http.taken,
    answer: (call) => {
      if (call.kind === 'http') return http.answer(call);
      return call.kind === 'tls' ? tlsAnswer(tls, call) : tcpAnswer(tcp, call);
    },
  };
}

/** Whether a VirtualService injects faults or delays. */
export const hasFaults = oncePerObject(({ spec }: MeshObject): boolean => mappings(spec.http).some(({ fault }) => isMapping(fault)));

/** The sourceLabels in a VirtualService's rules, with their fields. */
export function* sourceLabelsIn(object: MeshObject): Generator<readonly [at: FieldRef, labels: Labels]> {
  for (const kind of ['http', 'tcp', 'tls']) {
    for (const [rule, { match }] of indexedMappings(object.spec[kind])) {
      for (const [index, { sourceLabels }] of indexedMappings(match)) {
        if (sourceLabels !== undefined) {
          yield [{ object, field: ['spec', kind, rule, 'match', index, 'sourceLabels'] }, labelsOf(sourceLabels)];
        }
      }
    }
  }
}

function callersOf(matches: readonly Mapping[]): readonly string[] {
  return matches.flatMap(({ sourceNamespace }) => text(sourceNamespace) ?? []);
}
