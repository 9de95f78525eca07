import { Link } from './links';
import { State } from './states';
import { MissingFact } from '../calls/missing-facts';
import { Outcome } from '../model/transport';
import { ServerMode } from '../policies/peer-authentication';
import { Workload } from '../workloads/workload';

/** Why a stage isn't safe: what falls below its minimum, or may, and in which states of clients and servers. */
export type StageWitness = BrokenCall | OpenedPort | UndecidedConnections
  | { readonly kind: 'too-many'; readonly units: readonly number[] };

/** Connections that units may affect, and that are undecided before or after the whole change. */
export interface UndecidedConnections {
  readonly kind: 'undecided';
  readonly units: readonly number[];
  /** The number for the unit that affects most; 0 if only servers are affected. */
  readonly connections: number;
  readonly servers: number;
  readonly facts: readonly MissingFact[];
}

/** A call whose client is configured as in one state and whose server as in another. */
interface BrokenCall {
  readonly kind: 'call';
  readonly client: Workload;
  readonly host: string;
  readonly port: number;
  /** The fallen link. If a proxy forwards the call, that proxy is the client. */
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
  /** 0 stands for all ports that no manifest names. */
  readonly port: number;
  readonly mode: ServerMode;
  readonly units: readonly number[];
  readonly serverState: State;
}

/** The verdict on a stage: whether any call falls below its minimum while proxies receive the stage's changes in any order. */
export type StageVerdict = { readonly verdict: 'safe'; readonly witness?: undefined }
  | { readonly verdict: 'unsafe' | 'unproven'; readonly witness: StageWitness };

export const SAFE: StageVerdict = Object.freeze({ verdict: 'safe' });

/**
 * The worst of several verdicts; of equals the first. Too many states are worse than an undecided call, since one of them may be unsafe.
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
