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

/** States of the mesh, with those before and after the whole change: the same object for all units that go through the same ones. */
export interface StateRecords {
  readonly before: StateRecord;
  readonly after: StateRecord;
  readonly records: readonly StateRecord[];
}

/** The states that some units go through in a stage, with those before and after the whole change. */
export interface Passage extends StateRecords {
  readonly shared: StateRecords;
  /** The whole state of a record, for a witness: there are too many units to keep each state. */
  stateAt(index: number): State;
}

/** The states in which clients send, and those in which servers receive: any of each may meet. */
export interface Meeting {
  readonly sending: Passage;
  readonly receiving: Passage;
}

/** How many states some units may go through in a stage. */
const MOST_STATES = 256;

/** Finds what units go through. */
export class Passages {
  /** Requested by every client whose pods are replaced. */
  private readonly known = new Map<string, Passage | undefined>();
  private readonly sharedByKey = new Map<string, StateRecords>();

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

  /** Forgets all states. */
  forget(): void {
    this.known.clear();
    this.sharedByKey.clear();
  }

  private between(some: readonly number[], from: Versions, to: Versions): Passage | undefined {
    let partial: Presence[][] = [[]];
    for (const unit of some) {
      const possible = presences(this.units[unit], from[unit], to[unit]);
      partial = partial.flatMap((state) => possible.map((presence) => [...state, presence]));
      if (partial.length > MOST_STATES) return undefined;
    }
    const ends = [some.map(() => [0]), some.map((unit) => [this.units[unit].goal])];
    const all: StateRecord[] = [];
    for (const chosen of [...ends, ...partial]) {
      const record = this.states.of(some, chosen);
      if (!record) return undefined;
      all.push(record);
    }
    const shared = this.sharedOf(all);
    return { ...shared, shared, stateAt: (index) => this.full(some, partial[index]) };
  }

  private sharedOf(all: readonly StateRecord[]): StateRecords {
    const key = all.map(({ number }) => number).join(' ');
    const [before, after, ...records] = all;
    const shared = this.sharedByKey.get(key) ?? { before, after, records };
    this.sharedByKey.set(key, shared);
    return shared;
  }

  private full(some: readonly number[], chosen: readonly Presence[]): State {
    const state: Presence[] = this.units.map(() => [0]);
    for (const [position, unit] of some.entries()) state[unit] = chosen[position];
    return state;
  }
}

/** A key that differs for different passages. */
export function passageKey(units: readonly number[], from: Versions, to: Versions): string {
  return units.map((unit) => `${unit}:${from[unit]}-${to[unit]}`).join(' ');
}
