import { joined } from './affected-calls';
import { ChangeUnit } from './change-unit';
import { StateOutcomes } from './state-outcomes';
import { Presence, presences, State, States } from './states';

/** A unit on its way from one of its versions to another. */
export interface Move {
  readonly unit: number;
  readonly from: number;
  readonly to: number;
}

/** The version of each unit, by its index. */
export type Versions = readonly number[];

/** States of the mesh, with those before and after the whole change: the same object for all units that go through the same ones. */
export interface StateSet {
  readonly before: StateOutcomes;
  readonly after: StateOutcomes;
  readonly records: readonly StateOutcomes[];
}

/** The states that some units go through in a stage, with those before and after the whole change. */
export interface StageStates extends StateSet {
  readonly shared: StateSet;
  /** The whole state of a record, for a witness: there are too many units to keep each state. */
  stateAt(index: number): State;
}

/** The states in which clients send, and those in which servers receive: any of each may meet. */
export interface Meeting<P extends StateSet = StateSet> {
  readonly sending: P;
  readonly receiving: P;
}

/** How many states some units may go through in a stage. */
const MOST_STATES = 256;

/** More than there are different transitions. */
const TRANSITIONS = 2 ** 26;

/** Finds what units go through. */
export class StageStatesFinder {
  /** Requested by every client whose pods are replaced. */
  private readonly known = new Map<string, StageStates | undefined>();
  private readonly byTransitions = new Map<number, StateSet | undefined>();
  private readonly sharedByKey = new Map<string, StateSet>();
  readonly transitions: Transitions;

  constructor(readonly units: readonly ChangeUnit[], private readonly states: States) {
    this.transitions = new Transitions(units, states.colours);
  }

  /**
   * The states of two lists of units that have none in common, in some order: whether a call is safe in them doesn't depend on it. Like
   * lists have like states, so there are few, though a list of each area meets one of each namespace.
   *
   * @returns undefined: there are too many states
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
   * @returns undefined: there are too many states
   */
  of(some: readonly number[], from: Versions, to: Versions): StageStates | undefined {
    const key = stageStatesKey(some, from, to);
    if (!this.known.has(key)) this.known.set(key, this.between(some, from, to));
    return this.known.get(key);
  }

  /** Forgets all states. */
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
  /** Most lists go from one check to the next without a change. */
  private readonly last = new Map<readonly number[], { readonly versions: readonly number[]; readonly number: number }>();

  constructor(private readonly units: readonly ChangeUnit[], private readonly colours: readonly number[]) {}

  /** @param some a list of which there is one for all that are equal to it */
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

/** A key that differs for different passages. */
export function stageStatesKey(units: readonly number[], from: Versions, to: Versions): string {
  return units.map((unit) => `${unit}:${from[unit]}-${to[unit]}`).join(' ');
}
