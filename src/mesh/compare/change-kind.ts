import { ChangedConnections } from './connection-changes';
import { Ends } from './ends';
import { MeshObject } from '../inventory/object';
import { isCopy, losesCopies, transportOf } from '../model/path';
import { Outcome } from '../model/transport';

/**
 * How connections changed. `changed`: another outcome. `gained`: new, although client, server and call existed before.
 * `lost`: gone, although the client still exists and nothing replaces the connection, or an object of another
 * namespace took the call over, or only copies of requests are lost. `rerouted`: gone, but the call reaches another
 * server, host or address instead. `added`: the client, call or server is new. `removed`: the client is gone, or the
 * server with its call, unless the client still declares the call; or the server, while others serve the call.
 */
export type ChangeKind = 'changed' | 'gained' | 'lost' | 'rerouted' | 'added' | 'removed';

/** What a change does to connections between clients and servers that were there: they fail, are plaintext, undecided, or end. */
export type Harm = 'broken' | 'plaintext' | 'undecided' | 'lost';

/** @param taker the object of another namespace that now decides where the call goes */
export function changeKind(change: ChangedConnections, taker: MeshObject | undefined, ends: Ends): ChangeKind {
  const { before, after, isCalledAfter, instead } = change;
  if (!ends.existBefore(change)) return 'added';
  if (!ends.existAfter(change)) return isEnded(change) ? 'lost' : 'removed';
  if (before && after) return 'changed';
  if (after) return 'gained';
  const isLost = !isCalledAfter || instead.length === 0 || taker !== undefined || (isCopy(before!.path) && instead.some(losesCopies));
  return isLost ? 'lost' : 'rerouted';
}

/** Whether a remaining client can still make the call, or declares it, and nothing serves it. */
function isEnded({ clients: [client], after, instead, isCalledAfter, isStillDeclared = false }: ChangedConnections): boolean {
  const others = [...after ? [after.path] : [], ...instead];
  return client.after !== undefined && (isCalledAfter || isStillDeclared)
    && others.every((path) => transportOf(path).undecidedBecause === 'no-endpoints');
}

/** Undefined if the connections are no worse, or one end is new or gone. */
export function harmOf({ kind, from, to, taker }: {
  readonly kind: ChangeKind; readonly from?: Outcome; readonly to?: Outcome; readonly taker?: MeshObject;
}): Harm | undefined {
  if (kind === 'added' || kind === 'removed' || kind === 'rerouted') return undefined;
  // What was broken is no loss.
  if (kind === 'lost') return from === 'broken' ? undefined : 'lost';
  switch (to) {
    case 'broken':
    case 'plaintext':
    case 'undecided': return to;
    default: return taker && from !== 'broken' ? 'lost' : undefined;
  }
}
