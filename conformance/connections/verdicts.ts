// Holds the model's connections against the referee's, for one mesh.
import { UNMODELLED } from './unmodelled';
import type { Call, MeshVerdict, RefereeConnection } from './verdict';
import type { Connection } from '../../src/mesh/calls/connections';
import type { UndecidedReason } from '../../src/mesh/model/transport';

/** The model doesn't know where a call goes, and the referee has something more to say of it. */
export const ELSEWHERE = 'where it leads';

/** What the referee says of calls whose routes Envoy refuses. */
const REFUSED = 'routes that the client\'s Envoy refuses';

/** What the referee says of calls whose route a filter may change. */
const REROUTED = 'a filter before the client\'s router may change what its routes depend on';

/** What is said of a place: of all connections of one client, call, service and server. */
interface Place {
  readonly call: string;
  readonly words: Set<string>;
  /** How applications talk in connections with these words, where that is told of each. */
  readonly kinds: Map<string, Set<string>>;
  readonly reasons: Set<UndecidedReason>;
}

/** A difference: its words without names, and the whole of it. */
export interface Difference {
  readonly words: string;
  readonly text: string;
}

export type Counts = Record<string, number>;

/** The comparison of the connections of one mesh. */
export interface Comparison {
  judged: number;
  agreed: number;
  bothUndecided: number;
  /** What the model alone calls undecided, by reason. */
  readonly undecided: Counts;
  readonly ours: number;
  /** What the model calls undecided, by reason, judged or not. */
  readonly called: Counts;
  unjudged: number;
  readonly differences: readonly Difference[];
}

/** What is said of a connection, and of which one. */
export function placeOf({ client, requested, service, server }: RefereeConnection): string {
  const { namespace, name, host, port, subset = '' } = service;
  return JSON.stringify([
    [client.kind, client.namespace, client.name], [requested.host, requested.port], [namespace, name, host, port, subset],
    server && [server.kind, server.namespace, server.name, server.port],
  ]);
}

export const wordsOf = ({ clientTls, serverMode, outcome }: RefereeConnection) => `${clientTls} ${serverMode} ${outcome}`;
export const callOf = ({ client, requested }: Call) => JSON.stringify([client.kind, client.namespace, client.name, requested.host, requested.port]);

/** What the model decides although istiod can't read the mesh config, and a running istiod with the last one that it could read decides otherwise. */
export function decidedOtherwise(ours: readonly Connection[], last: MeshVerdict): readonly Difference[] {
  const [judged, unjudged] = [byPlace(last.connections), byPlace(last.unjudged)];
  const unjudgedCalls = new Set(last.unjudged.filter(isNowhere).map(callOf));
  return ours.filter((one) => one.outcome !== 'undecided' && !unjudged.has(placeOf(one)) && !unjudgedCalls.has(callOf(one))
    && !judged.get(placeOf(one))?.words.has(wordsOf(one))).map((one) => ({
    words: `decided under an unreadable mesh config: ${wordsOf(one)}`,
    text: `${placeOf(one)}\n  ours: ${wordsOf(one)}, which an istiod with another mesh config before doesn't say`,
  }));
}

/** Whether the referee can't tell which server an unjudged connection reaches: any other place of the call may be its own. */
const isNowhere = ({ server }: RefereeConnection): boolean => server === null;

/** Ways of talking by calls: those of which the model doesn't decide where they go. */
export type UndecidedKinds = ReadonlyMap<string, ReadonlySet<string>>;

/** What the referee doesn't tell a way of talking of. */
const ANY_KIND = 'any';

function byPlace(connections: readonly (RefereeConnection & Pick<Connection, 'undecidedBecause'>)[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const connection of connections) {
    const key = placeOf(connection);
    const place = places.get(key) ?? { call: callOf(connection), words: new Set(), kinds: new Map<string, Set<string>>(), reasons: new Set() };
    const words = wordsOf(connection);
    const told = connection.configs?.map(({ kind }) => kind) ?? [];
    places.set(key, place);
    place.words.add(words);
    place.kinds.set(words, new Set([...place.kinds.get(words) ?? [], ...told.length > 0 ? told : [ANY_KIND]]));
    if (connection.undecidedBecause) place.reasons.add(connection.undecidedBecause);
  }
  return places;
}

/**
 * Compares two lists of connections, place by place. Where the referee can't judge one that reaches a server, that place alone
 * isn't compared. Where it can't tell which server a call reaches, no place of the call is, but what it does say of the call must
 * be said by the model, too. Where the model says `undecided`, with a reason, and
 * the referee something else, it is counted apart; so is a place that only the referee has, of a call of which the
 * model doesn't know where it goes, and what the referee says besides of a way of talking that the model leaves undecided.
 */
export function compareConnections(ours: readonly Connection[], verdict: MeshVerdict, undecidedKinds: UndecidedKinds): Comparison {
  const judged = byPlace(verdict.connections);
  const unjudgedPlaces = byPlace(verdict.unjudged);
  const unjudgedCalls = new Set(verdict.unjudged.filter(isNowhere).map(callOf));
  const mine = byPlace(ours);
  const lost = callsWith(ours, DOUBTS);
  const byChance = callsWith(ours, CHANCES);
  const leftOut = callsWith(ours, LEFT_OUT);
  const undecided: Counts = {};
  const differences = [...differentlyRefused(ours, verdict), ...differentlyRouted(ours, verdict)];
  const result = { judged: 0, agreed: 0, bothUndecided: 0, undecided, ours: ours.length, called: calledUndecided(ours), unjudged: 0, differences };
  for (const place of [...new Set([...judged.keys(), ...mine.keys()])].sort()) {
    const [their, our] = [judged.get(place), mine.get(place)];
    const isUnjudged = unjudgedPlaces.has(place) || (our !== undefined && unjudgedCalls.has(our.call));
    if (!their && isUnjudged) {
      result.unjudged += 1;
      continue;
    }
    result.judged += 1;
    const [theirWords, ourWords] = [their, our].map((side) => (side ? [...side.words].sort().join(' or ') : 'no such connection'));
    const missing = [...their?.words ?? []].filter((words) => !our?.words.has(words));
    const excess = [...our?.words ?? []].filter((words) => !their?.words.has(words));
    const decided = excess.filter((words) => !(words.endsWith('undecided') && our!.reasons.size > 0));
    const mayExceed = decided.length === 0 || unjudgedPlaces.has(place) || (missing.length === 0 && isUnjudged);
    if (missing.length === 0 && (excess.length === 0 || (mayExceed && decided.length > 0))) {
      result[[...our!.words].some((words) => !words.endsWith('undecided')) ? 'agreed' : 'bothUndecided'] += 1;
    } else if (our && mayExceed && our.reasons.size > 0) {
      for (const reason of our.reasons) undecided[reason] = (undecided[reason] ?? 0) + 1;
    } else if (our && their && mayExceed && isOpen(their, missing, undecidedKinds)) {
      undecided[ELSEWHERE] = (undecided[ELSEWHERE] ?? 0) + 1;
    } else if (their && mayExceed && lost.has(their.call) && missing.every((words) => !our || words.endsWith('undecided'))) {
      undecided[ELSEWHERE] = (undecided[ELSEWHERE] ?? 0) + 1;
    } else if (their && !our && leftOut.has(their.call) && missing.every((words) => words.endsWith('undecided'))) {
      undecided[ELSEWHERE] = (undecided[ELSEWHERE] ?? 0) + 1;
    } else if (our && mayExceed && byChance.has(our.call)) {
      undecided[ELSEWHERE] = (undecided[ELSEWHERE] ?? 0) + 1;
    } else {differences.push({ words: `${theirWords} | ${ourWords}`, text: `${place}\n  istiod: ${theirWords}\n  ours:   ${ourWords}` });}
  }
  return result;
}

/** Whether these words are only said of ways of talking that the model leaves undecided. */
function isOpen({ call, kinds }: Place, words: readonly string[], undecidedKinds: UndecidedKinds): boolean {
  return words.every((some) => [...kinds.get(some)!].every((kind) => undecidedKinds.get(call)?.has(kind)));
}

/** Calls whose routes are refused must be so for both, unless there is another doubt about them, or only the client itself answers. */
function differentlyRefused(ours: readonly Connection[], { unjudged, connections }: MeshVerdict): Difference[] {
  const theirs = new Set(unjudged.filter(({ why }) => why === REFUSED).map(callOf));
  const others = new Set(unjudged.filter(({ why }) => why !== REFUSED).map(callOf));
  const refused = callsWith(ours, new Set<UndecidedReason>(['refused-routes']));
  const doubted = callsWith(ours, DOUBTS);
  const mine = new Set(ours.map(callOf));
  const onlyTheirs = [...theirs].filter((call) => mine.has(call) && !doubted.has(call));
  const onlyOurs = [...refused].filter((call) => !theirs.has(call) && !others.has(call) && connections.some((one) => callOf(one) === call));
  return [...onlyTheirs.map((call) => [call, 'refused', 'not refused']), ...onlyOurs.map((call) => [call, 'not refused', 'refused'])]
    .map(([call, istiod, our]) => ({ words: `${istiod} | ${our}`, text: `${call}\n  istiod: routes ${istiod}\n  ours:   routes ${our}` }));
}

/**
 * What a filter may route otherwise isn't decided by the model, and nothing is left undecided for a filter that the referee doesn't
 * meet on the call: where it would lead, the model doesn't say.
 */
function differentlyRouted(ours: readonly Connection[], { unjudged, connections }: MeshVerdict): Difference[] {
  const rerouted = unjudged.filter(({ why }) => why === REROUTED);
  const [theirs, theirCalls] = [new Set(rerouted.map(placeOf)), new Set(rerouted.map(callOf))];
  const others = new Set(unjudged.filter(({ why }) => why !== REROUTED).map(callOf));
  const judged = new Set(connections.map(placeOf));
  const known = new Set(ours.filter((one) => one.undecidedBecause === 'request-filter').map(placeOf));
  // Of a call that is HTTP or TCP, a filter may route one way, while the referee can't judge the other for another reason.
  const otherwise = new Set(unjudged.filter(({ why }) => why !== REROUTED).map(placeOf));
  const isLikeTheirs = (place: string): boolean => judged.has(place) || known.has(place) || otherwise.has(place);
  const decided = ours.filter((one) => one.outcome !== 'undecided' && theirs.has(placeOf(one)) && !isLikeTheirs(placeOf(one)));
  const unfounded = ours.filter((one) => one.undecidedBecause === 'request-filter' && judged.has(placeOf(one)) && !theirCalls.has(callOf(one)) && !others.has(callOf(one)));
  return [...decided.map((one) => [placeOf(one), 'by a filter', 'decided']), ...unfounded.map((one) => [placeOf(one), 'by no filter', 'by a filter'])]
    .map(([place, istiod, our]) => ({ words: `routed ${istiod} | ${our}`, text: `${place}\n  istiod: routed ${istiod}\n  ours:   ${our}` }));
}

/** How many connections the model calls undecided, by reason, judged or not. */
function calledUndecided(ours: readonly Connection[]): Counts {
  const counts: Counts = {};
  for (const { undecidedBecause } of ours) if (undecidedBecause) counts[undecidedBecause] = (counts[undecidedBecause] ?? 0) + 1;
  return counts;
}

/** Reasons for which the model doesn't know where a call goes. */
const DOUBTS = new Set<UndecidedReason>([
  'own-listener', 'partly-intercepted', 'unknown-discovery', 'egress-proxy', 'refused-routes', 'delegate', 'destination-subnets', 'answered-by-proxy', 'destination-elsewhere', 'exported-to-nobody', 'ambiguous-service',
  'dynamic-dns', 'dns-capture', 'mesh-config', 'listed-twice', ...UNMODELLED,
]);

/** Reasons for which a call may have no server: istiod leaves out an address without a pod where it lies on another network. */
const LEFT_OUT = new Set<UndecidedReason>(['listed-by-address']);

/** Reasons for which istiod itself goes by chance. */
const CHANCES = new Set<UndecidedReason>(['exported-to-nobody']);

/** The calls that have an undecided connection for one of some reasons. */
function callsWith(ours: readonly Connection[], reasons: ReadonlySet<UndecidedReason>): Set<string> {
  return new Set(ours.filter(({ undecidedBecause }) => undecidedBecause !== undefined && reasons.has(undecidedBecause)).map(callOf));
}
