import { ConnectionsBothWays } from './connections-both-ways';
import { SharedConnections } from './shared-connections';
import { MeshChange } from '../change/mesh-change';
import { Mesh } from '../mesh';

/** How many decisions are counted at most: as many take about half a second. */
const MOST = 20_000;

/**
 * How many connections of a mesh, or that a change concerns, don't have the same outcome whatever the missing facts about injection are.
 * Undefined: there are too many to decide.
 */
export function dependingConnections(judged: Mesh | MeshChange, decisions = MOST): number | undefined {
  if (judged.missingInjection().length === 0) return 0;
  if (judged instanceof Mesh) return SharedConnections.of(judged, { decisions })?.depending();
  const { callers, decisions: { calls } } = judged.after;
  return callers.length * calls.length * 3 > decisions ? undefined : ConnectionsBothWays.of(judged)!.depending();
}
