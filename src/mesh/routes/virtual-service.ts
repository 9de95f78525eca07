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

  /** @param namespaceOf the only namespace whose clients can meet a condition; undefined: any */
  constructor(readonly all: readonly Mapping[], namespaceOf: (match: Mapping) => string | undefined) {
    this.byNamespace = grouped(all, namespaceOf);
  }

  get isEmpty(): boolean {
    return this.all.length === 0;
  }

  /** Those that clients in a namespace may meet. */
  of(namespace: string): readonly Mapping[] {
    const [own, general = NONE] = [this.byNamespace.get(namespace), this.byNamespace.get(undefined)];
    return own ? [...own, ...general] : general;
  }
}

/** A `tcp` or `tls` rule of a VirtualService that routes somewhere. */
interface Layer4Rule {
  readonly conditions: Conditions;
  readonly destinations: readonly RouteDestination[];
}

/** The kinds of rules that a VirtualService has. */
const KINDS = ['http', 'tcp', 'tls'] as const;

/** A rule as written. */
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

/** All destinations that a VirtualService names, whoever it is for. */
export const destinationsOf = oncePerObject((object: MeshObject): readonly WrittenDestination[] =>
  rulesOf(object).flatMap(({ destinations }) => destinations));

/** The `tcp` or `tls` rules of a VirtualService that route somewhere. */
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

  /** Their result for a call: everything up to the first rule that matches all remaining calls. */
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

  /** Which calls they match, see `Route`. */
  get taken(): Route['takesHttp'] {
    if (this.rules.length === 0) return undefined;
    return this.rules.some(takesFromAny) ? 'from-any' : 'from-some';
  }

  /** The rules that calls may match, whether requests choose among them, and whether they leave none out. */
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

/** Whether rules lead to the same destinations, so that it doesn't matter which one matches. */
function areAlike(rules: readonly HttpRule[], { port, nameOf = (host) => host }: RoutedCall): boolean {
  const textOf = (one: RouteDestination): string => (
    [nameOf(one.host).toLowerCase(), one.port ?? port, one.subset ?? '', one.mirrored === true].join(' '));
  const results = rules.map(({ answer: { destinations, answered, undecided } }) =>
    JSON.stringify([answered, undecided, [...new Set(destinations.map(textOf))].sort()]));
  return new Set(results).size === 1;
}

interface HttpRule {
  readonly conditions: Conditions;
  /** Its result if no other rule matches any of the calls. */
  readonly answer: RouteAnswer;
  /** The same, if only some requests match. */
  readonly answerByRequest: RouteAnswer;
}

/** Whether a rule matches calls of any client to any port, if only some. A missing delegate matches nothing. */
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

/** If it names gateways, the namespace doesn't count. */
function httpNamespaceOf({ gateways, sourceNamespace }: Mapping): string | undefined {
  return texts(gateways).length > 0 ? undefined : text(sourceNamespace);
}

/** Unlike for TCP and TLS, if a condition names gateways, labels and namespace don't count. */
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
  // An empty match is none.
  const anyPath = uri.prefix === '/' || uri.regex === '.*' || [uri.exact, uri.prefix, uri.regex].every((value) => value === undefined);
  return anyPath && NARROWING.every((field) => Object.keys(mapping(match[field])).length === 0);
}

/** The `tcp` rules' result for a call: the first rule for any address matches all. */
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

/** The `tls` rules' result for a call: of the conditions that match its server name, the closest one. */
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
 * A VirtualService as sidecars see it; undefined for one that is only for gateways, or a delegate.
 *
 * @param spec the effective spec, if something changes it
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

/** Whether a VirtualService is for gateways, among others. */
export function isForGateways({ spec }: MeshObject): boolean {
  return texts(spec.gateways).some((gateway) => gateway !== MESH_GATEWAY);
}

/** Whether a VirtualService makes proxies fail or delay requests. */
export const hasFaults = oncePerObject(({ spec }: MeshObject): boolean => mappings(spec.http).some(({ fault }) => isMapping(fault)));

/** The labels of clients that a VirtualService's rules name, and where. */
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
