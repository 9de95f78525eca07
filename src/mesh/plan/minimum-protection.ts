import { ClientHalf, Link, PathHalf } from './links';
import { outcomeAt, StateOutcomes } from './state-outcomes';
import { Outcome } from '../model/transport';

/** Rank of a connection's protection; an outcome without a rank means that it isn't available. */
const PROTECTION: Readonly<Partial<Record<Outcome, number>>> = { plaintext: 1, tls: 2, mtls: 3 };

/** The level below which a client's call must not fall during a rollout. */
export interface MinimumProtection {
  /** The minimum for the whole call: the worst of its paths; undefined if it isn't available both before and after. */
  readonly call?: number;
  /** The minimum for connections to each place. */
  readonly places: ReadonlyMap<string, number>;
}

/** The worse of the levels before and after a change. */
export function minimumProtectionOf(before: ReadonlyMap<string, Outcome>, after: ReadonlyMap<string, Outcome>): MinimumProtection {
  const places = new Map<string, number>();
  for (const [place, outcome] of before) {
    const floor = lower(outcome, after.get(place));
    if (floor !== undefined) places.set(place, floor);
  }
  return { call: lower(worstOf(before.values()), worstOf(after.values())), places };
}

/** The minimum of a connection: the higher of its call's and its place's; undefined if there is none. */
export function minimumAt({ call, places }: MinimumProtection, place: string): number | undefined {
  const own = places.get(place);
  return call === undefined || own === undefined ? own ?? call : Math.max(own, call);
}

/** Whether an outcome keeps a minimum; an undecided outcome proves nothing. */
export function standing(outcome: Outcome, floor: number): 'safe' | 'unsafe' | 'unproven' {
  if (outcome === 'undecided') return 'unproven';
  return (PROTECTION[outcome] ?? 0) >= floor ? 'safe' : 'unsafe';
}

/** The outcome of a half at each place if clients, servers and forwarding proxies are all in one state. */
export function outcomesIn(half: ClientHalf, record: StateOutcomes): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const path of half) for (const [place, outcome] of endsOf(path, record)) outcomes.set(place, worse(outcomes.get(place), outcome));
  return outcomes;
}

/** The ends of a path, with the outcome at each. */
function* endsOf(path: PathHalf, record: StateOutcomes): Generator<readonly [string, Outcome]> {
  const first = outcomeOfLink(path, record);
  const links = path.arrival === undefined ? [] : record.onward.get(path.arrival) ?? [];
  const isStopped = first === 'broken' || first === 'undecided';
  if (path.arrival === undefined) yield [path.place, first];
  else if (isStopped || links.length === 0) yield [path.place, worse(first, 'undecided')];
  for (const link of links) if (!link.isUnexamined) yield [link.place, worse(first, outcomeOfLink(link, record))];
}

function outcomeOfLink(link: Link, { receivers }: StateOutcomes): Outcome {
  if (link.receiver === undefined) return link.outcome;
  const receiver = receivers.get(link.receiver);
  return receiver ? outcomeAt(link, receiver) : 'undecided';
}

const FROM_BEST: readonly Outcome[] = ['mtls', 'tls', 'plaintext', 'undecided', 'broken'];

function worse(one: Outcome | undefined, other: Outcome): Outcome {
  return one !== undefined && FROM_BEST.indexOf(one) > FROM_BEST.indexOf(other) ? one : other;
}

function worstOf(outcomes: Iterable<Outcome>): Outcome | undefined {
  let worst: Outcome | undefined;
  for (const outcome of outcomes) worst = worse(worst, outcome);
  return worst;
}

function lower(before: Outcome | undefined, after: Outcome | undefined): number | undefined {
  const [one, other] = [before && PROTECTION[before], after && PROTECTION[after]];
  return one === undefined || other === undefined ? undefined : Math.min(one, other);
}
