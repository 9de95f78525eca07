import { Assumption, assumptionsOf, assumptionsText } from '../analysis/assumptions';
import { Unjudged, unjudgedIn, unjudgedText } from '../analysis/unjudged';
import { printable } from '../findings/safe-text';
import { MeshStates } from '../mesh/plan/change-unit';

/** What a comparison of two states of a mesh doesn't judge, and what it takes for granted. */
export interface Reservations {
  /** What isn't judged of the state after the change, as `unjudged` of `istio-mtls check -o json`. Empty if nothing differs. */
  readonly unjudgedAfter: Unjudged;
  /** What the result takes for granted, in either state. Empty if nothing differs. */
  readonly assumptions: readonly Assumption[];
}

/**
 * @param cases both states, in each case of what they lack
 * @param isSame whether no object differs: then nothing changes, whatever is assumed
 */
export function reservationsOf(cases: readonly MeshStates[], isSame: boolean): Reservations {
  if (isSame) return { unjudgedAfter: { objects: [], connections: 0, gateways: [] }, assumptions: [] };
  return {
    unjudgedAfter: unjudgedIn(...cases.map(({ after }) => after)),
    assumptions: assumptionsOf(...cases.flatMap(({ before, after }) => [after, before])),
  };
}

/** A line each, below what is said to be proven or without effect. */
export function reservationTexts({ unjudgedAfter, assumptions }: Reservations): readonly string[] {
  return [unjudgedText(unjudgedAfter), assumptionsText(assumptions)].filter((text) => text !== undefined).map(printable);
}
