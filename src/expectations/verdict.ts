import { ExpectationDemand, Exception, Expectation } from './expectation';
import { Condition } from '../findings/condition';
import { TracedConnection, TracedObject, TracedReason } from '../mesh/calls/traced-connection';
import { Outcome, UndecidedReason } from '../mesh/model/transport';
import { ServerMode } from '../mesh/policies/peer-authentication';

/** The result of an expectation. */
export interface ExpectationVerdict {
  readonly expectation: Expectation;
  /** How many connections, or ports of servers, it is about, without those that exceptions exclude. */
  readonly count: number;
  /** How many exceptions exclude. */
  readonly excepted: number;
  /** By outcome, or by accepted mode. */
  readonly counts: Readonly<Partial<Record<Outcome | ServerMode, number>>>;
  /** Empty: it holds. */
  readonly failures: readonly Failure[];
}

/** Why an expectation isn't met. */
export type Failure = UnconditionalFailure | ConditionalFailure;

/** One that doesn't depend on facts about injection that the manifests don't contain. */
export type UnconditionalFailure = Unmatched | Ended | Unmet | Undecided;

/** It is met or not depending on facts about injection that the manifests don't contain. */
interface ConditionalFailure {
  readonly kind: 'conditional';
  /** The values of such facts with which the example fails: all of them hold. */
  readonly if: readonly Condition[];
  /** How it fails with them. */
  readonly failure: UnconditionalFailure;
  /** How many connections, or ports of servers, it is about with them. */
  readonly count: number;
}

/** One connection or port as an example of a failure; undefined: it is about none. */
export function exampleOf(failure: Failure): ExpectationWitness | undefined {
  if (failure.kind === 'conditional') return exampleOf(failure.failure);
  return 'witness' in failure ? failure.witness : undefined;
}

/** The exception at fault; undefined: the expectation itself. */
export function exceptionOf(failure: Failure): Exception | undefined {
  if (failure.kind === 'conditional') return exceptionOf(failure.failure);
  return 'exception' in failure ? failure.exception : undefined;
}

/** The selection matches nothing in this mesh, or is ambiguous. */
export interface Unmatched {
  readonly kind: 'unmatched';
  /** Undefined: the expectation itself. */
  readonly exception?: Exception;
  readonly actual: string;
  readonly fix: string;
}

/** An exception has expired. */
export interface Ended {
  readonly kind: 'ended';
  readonly exception: Exception;
}

/** Some have another outcome. */
export interface Unmet {
  readonly kind: 'unmet';
  readonly count: number;
  /** By outcome, or by accepted mode. */
  readonly counts: ExpectationVerdict['counts'];
  readonly witness: ExpectationWitness;
}

/** Some are undecided. */
interface Undecided {
  readonly kind: 'undecided';
  readonly count: number;
  readonly reasons: Readonly<Partial<Record<UndecidedReason, number>>>;
  readonly witness: ExpectationWitness;
}

/** One connection or port as an example. */
export type ExpectationWitness = ConnectionWitness | PortWitness;

/** A connection, as in `connections -o json --format 2`. */
export interface ConnectionWitness {
  readonly connection: TracedConnection;
  /** The namespace and name of the Service, or any other host as it is; with the port. */
  readonly calls: string;
}

/** A port of a server. */
export interface PortWitness {
  readonly server: TracedObject;
  /** Undefined: all ports that no manifest names. */
  readonly port?: number;
  readonly mode: ServerMode;
  readonly undecidedBecause?: UndecidedReason;
  /** The objects that decide. */
  readonly because: readonly TracedReason[];
}

/** From best to worst. */
const RANKS: readonly (Outcome | ServerMode)[] = ['mtls', 'tls', 'plaintext', 'broken', 'undecided'];

/** Whether the outcome of a connection, or the mode of a port, meets the demand; an unknown one never does. */
function isMet(demand: ExpectationDemand, actual: Outcome | ServerMode): boolean {
  switch (demand.word) {
    case 'accepts': return actual === demand.mode;
    case 'is': return actual === demand.outcome;
    case 'never': return actual !== demand.outcome && actual !== 'undecided';
    default: return RANKS.indexOf(actual) <= RANKS.indexOf(demand.outcome);
  }
}

type Counts<K extends string> = Partial<Record<K, number>>;

/** Counts what an expectation is about, and keeps what doesn't meet it. */
export class Tally<T> {
  count = 0;
  excepted = 0;
  readonly counts: Counts<Outcome | ServerMode> = {};
  private readonly unmet: Counts<Outcome | ServerMode> = {};
  private readonly undecided: Counts<UndecidedReason> = {};
  private readonly failing: T[] = [];
  private readonly unknown: T[] = [];

  constructor(private readonly demand: ExpectationDemand) {}

  /** @param undecidedBecause undefined: it is decided */
  add(one: T, count: number, actual: Outcome | ServerMode, undecidedBecause: UndecidedReason | undefined): void {
    this.count += count;
    addCount(this.counts, actual, count);
    if (undecidedBecause) {
      addCount(this.undecided, undecidedBecause, count);
      this.unknown.push(one);
    } else if (!isMet(this.demand, actual)) {
      addCount(this.unmet, actual, count);
      this.failing.push(one);
    }
  }

  /** @param witnessOf picks an example among those that fail alike, in the order in which they were added */
  failures(witnessOf: (some: readonly T[]) => ExpectationWitness): Failure[] {
    const { failing, unknown, unmet, undecided } = this;
    return [
      ...failing.length === 0 ? [] : [{ kind: 'unmet' as const, count: sumOf(unmet), counts: unmet, witness: witnessOf(failing) }],
      ...unknown.length === 0
        ? []
        : [{ kind: 'undecided' as const, count: sumOf(undecided), reasons: undecided, witness: witnessOf(unknown) }],
    ];
  }
}

function addCount<K extends string>(counts: { [key in K]?: number }, key: K, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}

function sumOf(counts: Counts<string>): number {
  return Object.values(counts).reduce<number>((sum, count = 0) => sum + count, 0);
}
