import { ConnectionsBothWays } from './connections-both-ways';
import { mostPaths, SharedConnections } from './shared-connections';
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
  return decisionsOf(judged, decisions) > decisions ? undefined : ConnectionsBothWays.of(judged)!.depending();
}

/** How many decisions a change takes: one for each client and server, in at least three meshes. More than `most` aren't counted out. */
function decisionsOf({ after: { callers, decisions } }: MeshChange, most: number): number {
  let sum = 0;
  for (const call of decisions.calls) {
    sum += callers.length * 3 * Math.max(1, mostPaths(decisions.of(call)));
    if (sum > most) break;
  }
  return sum;
}
