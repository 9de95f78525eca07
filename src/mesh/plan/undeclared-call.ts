import { MeshStates } from './change-unit';
import { WorsenedConnections } from './worsened';
import { compareNames, compareTexts } from '../inventory/object';
import { Workload } from '../workloads/workload';

/** A call that falls below its minimum protection, or may. */
export interface FallenCall {
  readonly client: Workload;
  /** The host and port. */
  readonly key: string;
  readonly verdict: 'unsafe' | 'unproven';
}

/** A call that no workload declares and that is worse during a stage than before and after the whole change, or may be. */
export interface UndeclaredCall extends FallenCall {
  /** The index of the first stage in which it is. */
  readonly stage: number;
}

/** What a plan does to calls that workloads declare neither before nor after: its stages are proven for the others alone. */
export interface UndeclaredCalls {
  /** The connections that the change itself makes worse. */
  readonly worsened: WorsenedConnections;
  /** The calls that fall meanwhile, or may, by stage; those that do come first. Empty without stages. */
  readonly fallen: readonly UndeclaredCall[];
  /** Whether some calls go through too many states to be examined. */
  readonly isOpen: boolean;
  /** Both states, in which clients make the calls that they declare in either. */
  readonly declared: MeshStates;
}

/** Those that do fall first, each by stage, client and call. */
export function byHarm(one: UndeclaredCall, other: UndeclaredCall): number {
  return compareTexts(other.verdict, one.verdict) || one.stage - other.stage || compareNames(one.client, other.client)
    || compareTexts(one.key, other.key);
}
