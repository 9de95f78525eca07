import { MeshStates } from './change-unit';
import { changeKind, Harm, harmOf } from '../compare/change-kind';
import { connectionChanges } from '../compare/connection-changes';
import { Ends } from '../compare/ends';
import { objectChanges } from '../compare/object-changes';
import { pathOutcome } from '../compare/arrivals';
import { scaledToZero } from '../compare/scaled-to-zero';
import { acceptanceChanges, isExposed } from '../compare/server-changes';
import { takerOf } from '../compare/taken-over';
import { idKey } from '../inventory/object';

/** How many connections a change itself makes broken, plaintext or undecided, or ends: no order of its parts avoids it. */
export type WorsenedConnections = Readonly<Record<Harm, number>>;

/** What a change itself makes worse; `exposed`: workloads with ports that were STRICT and then accept plaintext, or may. */
export type Worsened = WorsenedConnections & Readonly<Record<'exposed', number>>;

/** The connections that a comparison of both states calls worse too. */
export function worsenedConnections({ before, after }: MeshStates): WorsenedConnections {
  const ended = scaledToZero(before, after, objectChanges(before.objects, after.objects));
  const counts = { broken: 0, plaintext: 0, undecided: 0, lost: ended.reduce((sum, { connections }) => sum + connections, 0) };
  const ends = new Ends(before, after);
  for (const change of connectionChanges(before, after).changes) {
    const [from, to] = [change.before && pathOutcome(change.before.path), change.after && pathOutcome(change.after.path)];
    const taker = takerOf(change);
    const harm = harmOf({ kind: changeKind(change, taker, ends), from, to, taker });
    if (harm && (harm !== 'undecided' || from !== 'undecided')) counts[harm] += change.clients.length;
  }
  return counts;
}

export function worsened(states: MeshStates): Worsened {
  const { before, after } = states;
  const exposed = new Set(acceptanceChanges(before, after).filter(isExposed).map((change) => idKey(change.after)));
  return { ...worsenedConnections(states), exposed: exposed.size };
}
