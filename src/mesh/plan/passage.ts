import { StateRecord } from './state-record';
import { Presence, presences, State, States } from './states';
import { Unit } from './unit';

/** A unit on its way from one of its versions to another. */
export interface Move {
  readonly unit: number;
  readonly from: number;
  readonly to: number;
}

/** The version of each unit, by its index. */
export type Versions = readonly number[];

/** The states that some units go through in a stage, with those before and after the whole change. */
export interface Passage {
  readonly states: readonly State[];
  readonly records: readonly StateRecord[];
  readonly before: StateRecord;
  readonly after: StateRecord;
}

/** How many states some units may go through in a stage. */
const MOST_STATES = 256;

/** Finds what units go through. */
export class Passages {
  /** Requested by every client whose pods are replaced. */
  private readonly known = new Map<string, Passage | undefined>();

  constructor(readonly units: readonly Unit[], private readonly states: States) {}

  /**
   * All states of some units that may exist while they go from some versions to others, in any order.
   *
   * @returns undefined: there are too many states
   */
  of(some: readonly number[], from: Versions, to: Versions): Passage | undefined {
    const key = passageKey(some, from, to);
    if (!this.known.has(key)) this.known.set(key, this.between(some, from, to));
    return this.known.get(key);
  }

  private between(some: readonly number[], from: Versions, to: Versions): Passage | undefined {
    let partial: Presence[][] = [[]];
    for (const unit of some) {
      const possible = presences(this.units[unit], from[unit], to[unit]);
      partial = partial.flatMap((state) => possible.map((presence) => [...state, presence]));
      if (partial.length > MOST_STATES) return undefined;
    }
    const states = partial.map((chosen) => this.full(some, (position) => chosen[position]));
    const ends = [this.full(some, () => [0]), this.full(some, (_, unit) => [this.units[unit].goal])];
    const records: StateRecord[] = [];
    for (const state of [...ends, ...states]) {
      const record = this.states.of(some, state);
      if (!record) return undefined;
      records.push(record);
    }
    const [before, after, ...others] = records;
    return { states, records: others, before, after };
  }

  private full(some: readonly number[], presence: (position: number, unit: number) => Presence): State {
    const state: Presence[] = this.units.map(() => [0]);
    for (const [position, unit] of some.entries()) state[unit] = presence(position, unit);
    return state;
  }
}

/** A key that differs for different passages. */
export function passageKey(units: readonly number[], from: Versions, to: Versions): string {
  return units.map((unit) => `${unit}:${from[unit]}-${to[unit]}`).join(' ');
}
