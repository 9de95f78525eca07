// Holds the model's connections against the referee's, for one mesh.

/** The model doesn't know where a call goes, and the referee has another place for it. */
const ELSEWHERE = 'where it leads';

/** What is said of a connection, and of which one. */
function placeOf({ client, requested, service, server }) {
  const { namespace, name, host, port, subset = '' } = service;
  return JSON.stringify([
    [client.kind, client.namespace, client.name], [requested.host, requested.port], [namespace, name, host, port, subset],
    server && [server.kind, server.namespace, server.name, server.port],
  ]);
}

const wordsOf = ({ clientTls, serverMode, outcome }) => `${clientTls} ${serverMode} ${outcome}`;
const callOf = ({ client, requested }) => JSON.stringify([client.kind, client.namespace, client.name, requested.host, requested.port]);

function byPlace(connections) {
  const places = new Map();
  for (const connection of connections) {
    const place = placeOf(connection);
    if (!places.has(place)) places.set(place, { call: callOf(connection), words: new Set(), reasons: new Set() });
    places.get(place).words.add(wordsOf(connection));
    if (connection.undecidedBecause) places.get(place).reasons.add(connection.undecidedBecause);
  }
  return places;
}

/**
 * Compares two lists of connections. Where the referee can't judge a call, nothing is compared; where the
 * model says `undecided` and gives a reason that the referee doesn't have, it is counted apart.
 *
 * @returns {{ judged: number, agreed: number, bothUndecided: number, undecided: Record<string, number>, ours: number, called: Record<string, number>, unjudged: number, differences: { words: string, text: string }[] }}
 */
export function compareConnections(ours, verdict) {
  const judged = byPlace(verdict.connections);
  const unjudgedPlaces = byPlace(verdict.unjudged);
  const unjudgedCalls = new Set(verdict.unjudged.map(callOf));
  const mine = byPlace(ours);
  const result = { judged: 0, agreed: 0, bothUndecided: 0, undecided: {}, ours: ours.length, called: calledUndecided(ours), unjudged: 0, differences: [] };
  for (const place of [...new Set([...judged.keys(), ...mine.keys()])].sort()) {
    const [their, our] = [judged.get(place), mine.get(place)];
    if (!their && (unjudgedPlaces.has(place) || unjudgedCalls.has(our.call))) {
      result.unjudged += 1;
      continue;
    }
    result.judged += 1;
    const [theirWords, ourWords] = [their, our].map((side) => (side ? [...side.words].sort().join(' or ') : 'no such connection'));
    const doubts = our !== undefined && (our.reasons.size > 0 || isUndecidedCall(ours, our.call));
    const covered = our && (!their || [...their.words].every((words) => our.words.has(words) || doubts));
    const excess = our && [...our.words].some((words) => !their?.words.has(words) && !(doubts && words.endsWith('undecided')) && !(their && unjudgedCalls.has(our.call)));
    if (theirWords === ourWords || (their && covered && !excess && !doubts)) {
      const decided = [...our.words].some((words) => !words.endsWith('undecided'));
      result[decided ? 'agreed' : 'bothUndecided'] += 1;
    } else if (covered && !excess) {
      for (const reason of our.reasons.size > 0 ? our.reasons : [ELSEWHERE]) result.undecided[reason] = (result.undecided[reason] ?? 0) + 1;
    } else if (!our && isUndecidedCall(ours, their.call)) {
      result.undecided[ELSEWHERE] = (result.undecided[ELSEWHERE] ?? 0) + 1;
    } else result.differences.push({ words: `${theirWords} | ${ourWords}`, text: `${place}\n  istiod: ${theirWords}\n  ours:   ${ourWords}` });
  }
  return result;
}

/** How many connections the model calls undecided, by reason, judged or not. */
function calledUndecided(ours) {
  const counts = {};
  for (const { undecidedBecause } of ours) if (undecidedBecause) counts[undecidedBecause] = (counts[undecidedBecause] ?? 0) + 1;
  return counts;
}

const DOUBTS = new Set([
  'own-listener', 'partly-intercepted', 'unknown-discovery', 'egress-proxy', 'refused-routes', 'delegate', 'destination-subnets', 'answered-by-proxy', 'destination-elsewhere', 'exported-to-nobody', 'ambiguous-service',
  'dynamic-dns',
]);

/** Whether the model says of a call that it doesn't know where it goes. */
function isUndecidedCall(ours, call) {
  return ours.some((connection) => callOf(connection) === call && DOUBTS.has(connection.undecidedBecause));
}
