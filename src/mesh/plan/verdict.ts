import { Link } from './links';
import { State } from './states';
import { MissingFact } from '../calls/missing-facts';
import { Outcome } from '../model/transport';
import { ServerMode } from '../policies/peer-authentication';
import { Workload } from '../workloads/workload';

/** What falls below its floor, or may, and in which states of clients and servers. */
export type StageWitness = BrokenCall | OpenedPort | UndecidedConnections | { readonly kind: 'too-many'; readonly units: readonly number[] };

/** Connections that the units may concern, and that aren't decided before or after the whole change. */
export interface UndecidedConnections {
  readonly kind: 'undecided';
  readonly units: readonly number[];
  /** How many, of the unit that concerns most; 0: only servers are concerned. */
  readonly connections: number;
  readonly servers: number;
  readonly facts: readonly MissingFact[];
}

/** A call while its client is configured as in one state, and its server as in another. */
interface BrokenCall {
  readonly kind: 'call';
  readonly client: Workload;
  readonly host: string;
  readonly port: number;
  /** What falls of its path: what the client sends, or what a proxy passes on, which is the client then. */
  readonly path: Link;
  readonly outcome: Outcome;
  readonly mode?: ServerMode;
  /** The units that are involved. */
  readonly units: readonly number[];
  readonly clientState: State;
  readonly serverState: State;
}

/** A port that temporarily accepts more plaintext than before and after. */
interface OpenedPort {
  readonly kind: 'port';
  readonly server: Workload;
  /** 0: those that no manifest names. */
  readonly port: number;
  readonly mode: ServerMode;
  readonly units: readonly number[];
  readonly serverState: State;
}

/** The verdict on a stage: whether any call falls below its floor, whichever proxies have received which of its changes. */
export type StageVerdict = { readonly verdict: 'safe'; readonly witness?: undefined } | { readonly verdict: 'unsafe' | 'unproven'; readonly witness: StageWitness };

export const SAFE: StageVerdict = Object.freeze({ verdict: 'safe' });

/**
 * The worst of several verdicts; the first of equals. Where there are too many states, one of them may be unsafe: that is worse than
 * what is examined and undecided.
 */
export function worstVerdict(verdicts: Iterable<StageVerdict>): StageVerdict {
  let unproven: StageVerdict | undefined;
  let unexamined: StageVerdict | undefined;
  for (const verdict of verdicts) {
    if (verdict.verdict === 'unsafe') return verdict;
    if (verdict.witness?.kind === 'too-many') unexamined ??= verdict;
    if (verdict.verdict === 'unproven') unproven ??= verdict;
  }
  return unexamined ?? unproven ?? SAFE;
}
