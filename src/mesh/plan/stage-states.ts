import { joined } from './affected-calls';
import { ChangeUnit } from './change-unit';
import { StateOutcomes } from './state-outcomes';
import { Presence, presences, State, States } from './states';

/** The step of a unit from one of its versions to another. */
export interface Move {
  readonly unit: number;
  readonly from: number;
  readonly to: number;
}

/** The version of each unit, by its index. */
export type Versions = readonly number[];

/**
 * States of the mesh during a stage, with those before and after the whole change. Units that go through the same states share the object.
 */
export interface StateSet {
  readonly before: StateOutcomes;
  readonly after: StateOutcomes;
  readonly records: readonly StateOutcomes[];
}

/** The states that some units go through in a stage, with those before and after the whole change. */
export interface StageStates extends StateSet {
  readonly shared: StateSet;
  /** The full state of a record, for a witness. It is derived on demand: storing each would take too much memory. */
  stateAt(index: number): State;
}

/** The states in which clients send and those in which servers receive: any pair may occur. */
export interface Meeting<P extends StateSet = StateSet> {
  readonly sending: P;
  readonly receiving: P;
}

/** The most states that some units may go through in a stage. */
const MOST_STATES = 256;

/** A bound above the number of different transitions. */
const TRANSITIONS = 2 ** 26;

/** Finds the states that units go through. */
export class StageStatesFinder {
  /** Cached, since every client whose pods are replaced asks for it. */
  private readonly known = new Map<string, StageStates | undefined>();
  private readonly byTransitions = new Map<number, StateSet | undefined>();
  private readonly sharedByKey = new Map<string, StateSet>();
  readonly transitions: Transitions;

  constructor(readonly units: readonly ChangeUnit[], private readonly states: States) {
    this.transitions = new Transitions(units, states.colours);
  }

  /**
   * The states of two disjoint lists of units, in some order: whether a call is safe doesn't depend on the order. Equal lists share their
   * states, so there are few, although the list of each group of calls is combined with that of each namespace.
   *
   * @returns undefined if there are too many states
   */
  recordsOf(some: readonly number[], others: readonly number[], from: Versions, to: Versions): StateSet | undefined {
    const key = this.transitions.numberOf(some, from, to) * TRANSITIONS + this.transitions.numberOf(others, from, to);
    const known = this.byTransitions.get(key);
    if (known || this.byTransitions.has(key)) return known;
    const found = this.of(joined(some, others), from, to)?.shared;
    this.byTransitions.set(key, found);
    return found;
  }

  /**
   * All states of some units that may exist while they go from some versions to others, in any order.
   *
   * @returns undefined if there are too many states
   */
  of(some: readonly number[], from: Versions, to: Versions): StageStates | undefined {
    const key = stageStatesKey(some, from, to);
    if (!this.known.has(key)) this.known.set(key, this.between(some, from, to));
    return this.known.get(key);
  }

  /** Drops all cached states. */
  forget(): void {
    this.known.clear();
    this.byTransitions.clear();
    this.sharedByKey.clear();
  }

  private between(some: readonly number[], from: Versions, to: Versions): StageStates | undefined {
    let partial: Presence[][] = [[]];
    for (const unit of some) {
      const possible = presences(this.units[unit], from[unit], to[unit]);
      partial = partial.flatMap((state) => possible.map((presence) => [...state, presence]));
      if (partial.length > MOST_STATES) return undefined;
    }
    const ends = [some.map(() => [0]), some.map((unit) => [this.units[unit].goal])];
    const all: StateOutcomes[] = [];
    for (const chosen of [...ends, ...partial]) {
      const record = this.states.of(some, chosen);
      if (!record) return undefined;
      all.push(record);
    }
    const shared = this.sharedOf(all);
    return { ...shared, shared, stateAt: (index) => this.full(some, partial[index]) };
  }

  private sharedOf(all: readonly StateOutcomes[]): StateSet {
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

/** Numbers lists of units by the states that they go through: equal numbers, equal states. */
export class Transitions {
  private readonly numbers = new Map<string, number>();
  /** The last result for each list, which mostly stays the same from one check to the next. */
  private readonly last = new Map<readonly number[], { readonly versions: readonly number[]; readonly number: number }>();

  constructor(private readonly units: readonly ChangeUnit[], private readonly colours: readonly number[]) {}

  /** @param some a list that is shared by all equal lists */
  numberOf(some: readonly number[], from: Versions, to: Versions): number {
    const last = this.last.get(some);
    if (last && isSame(last.versions, some, from, to)) return last.number;
    const keyOf = (unit: number): string => `${presences(this.units[unit], from[unit], to[unit]).join('/')}>${this.units[unit].goal}`;
    const key = some.map((unit) => `${this.colours[unit]}:${keyOf(unit)}`).join(' ');
    let number = this.numbers.get(key);
    if (number === undefined) this.numbers.set(key, number = this.numbers.size);
    this.last.set(some, { versions: some.flatMap((unit) => [from[unit], to[unit]]), number });
    return number;
  }
}

function isSame(versions: readonly number[], some: readonly number[], from: Versions, to: Versions): boolean {
  for (let index = 0; index < some.length; index++) {
    if (versions[2 * index] !== from[some[index]] || versions[2 * index + 1] !== to[some[index]]) return false;
  }
  return true;
}

/** A key of the transitions of some units. */
export function stageStatesKey(units: readonly number[], from: Versions, to: Versions): string {
  return units.map((unit) => `${unit}:${from[unit]}-${to[unit]}`).join(' ');
}
