import { ClientHalf, outcomeAt, StateRecord } from './state-record';
import { Outcome } from '../model/transport';

/** How well a connection is protected; what isn't available has no rank. */
const PROTECTION: Readonly<Partial<Record<Outcome, number>>> = { plaintext: 1, tls: 2, mtls: 3 };

/** The level below which a client's call must not fall during a rollout. */
export interface Floors {
  /** For the whole call: the worst of its paths; undefined: it isn't available both before and after. */
  readonly call?: number;
  /** For the connections to each place. */
  readonly places: ReadonlyMap<string, number>;
}

/** The worse of the levels before and after a change. */
export function floorsOf(before: ReadonlyMap<string, Outcome>, after: ReadonlyMap<string, Outcome>): Floors {
  const places = new Map<string, number>();
  for (const [place, outcome] of before) {
    const floor = lower(outcome, after.get(place));
    if (floor !== undefined) places.set(place, floor);
  }
  return { call: lower(worstOf(before.values()), worstOf(after.values())), places };
}

/** The floor of a connection to a place, by its call or by the place; undefined: none. */
export function floorAt({ call, places }: Floors, place: string): number | undefined {
  const own = places.get(place);
  return call === undefined || own === undefined ? own ?? call : Math.max(own, call);
}

/** Whether a connection falls below a floor; if its outcome isn't known, that isn't proven. */
export function standing(outcome: Outcome, floor: number): 'safe' | 'unsafe' | 'unproven' {
  if (outcome === 'undecided') return 'unproven';
  return (PROTECTION[outcome] ?? 0) >= floor ? 'safe' : 'unsafe';
}

/** The outcome of a half at each place in a state that is the same for clients and servers. */
export function outcomesIn(half: ClientHalf, { receivers }: StateRecord): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const path of half) {
    const receiver = path.receiver === undefined ? undefined : receivers.get(path.receiver);
    const outcome = path.receiver === undefined ? path.outcome : receiver ? outcomeAt(path, receiver) : 'undecided';
    outcomes.set(path.place, worse(outcomes.get(path.place), outcome));
  }
  return outcomes;
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
