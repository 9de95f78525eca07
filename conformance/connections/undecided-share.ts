// How many connections the model leaves undecided where it knows all objects: a model that doubts everything would agree with
// any referee.
import { ELSEWHERE, type Counts } from './verdicts';

/** The most of them that may be undecided. */
export const MOST = 0.03;
/** So few meshes say nothing. */
const ENOUGH = 300;
/** How many reasons are told. */
const SHOWN = 8;
/** A sample of meshes isn't all meshes: it fails when even so many standard errors below its share are too much. */
const ERRORS = 2;

/** Of meshes, how many connections they have, and how many of them the model alone leaves undecided. */
export interface UndecidedShare {
  meshes: number;
  connections: number;
  alone: number;
  readonly squares: { connections: number; alone: number; both: number };
  /** Why, with how many. */
  readonly reasons: Counts;
}

/**
 * Counts of the meshes whose objects are all modelled. A mesh's connections are undecided together, so that the standard error is
 * that of a ratio of sums over meshes; the squares are what it takes to tell it.
 */
export function noShare(): UndecidedShare {
  return { meshes: 0, connections: 0, alone: 0, squares: { connections: 0, alone: 0, both: 0 }, reasons: {} };
}

/**
 * Adds a mesh. A destination that isn't in the manifests doesn't count: the referee takes them for all there is, and the model
 * doesn't; nor what rests on a mesh config that istiod can't read, and has kept another for. Nor do the referee's connections of a call of which the model has counted its own already.
 */
export function addMesh(share: UndecidedShare, { judged, undecided: { 'destination-elsewhere': _, 'mesh-config': __, [ELSEWHERE]: ___, ...undecided } }: { readonly judged: number; readonly undecided: Counts }): void {
  const alone = Object.values(undecided).reduce((sum, number) => sum + number, 0);
  share.meshes += 1;
  share.connections += judged;
  share.alone += alone;
  share.squares.connections += judged ** 2;
  share.squares.alone += alone ** 2;
  share.squares.both += alone * judged;
  for (const [reason, number] of Object.entries(undecided)) share.reasons[reason] = (share.reasons[reason] ?? 0) + number;
}

/** What is wrong if the model leaves too much open; nothing otherwise. */
export function tooManyUndecided({ meshes, connections, alone, squares, reasons }: UndecidedShare): string | undefined {
  if (meshes < ENOUGH) return undefined;
  const ratio = alone / connections;
  const error = Math.sqrt(squares.alone - 2 * ratio * squares.both + ratio ** 2 * squares.connections) / connections;
  if (ratio - ERRORS * error <= MOST) return undefined;
  return `the model alone calls ${alone} of ${connections} connections undecided where it knows all objects: ${percent(ratio)}, with a standard error of ${percent(error)}; expected at most ${MOST * 100} %. Why: ${mostOf(reasons)}`;
}

/** The most frequent reasons, with their counts. */
function mostOf(reasons: Counts): string {
  return Object.entries(reasons).sort(([, left], [, right]) => right - left).slice(0, SHOWN).map(([reason, number]) => `${number} ${reason}`).join(', ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
