import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** A route as a warning names it: by its name, or by its place. */
export function describeRoute(routes: readonly any[], index: number): string {
  return routes[index].name ? `route ${shown(routes[index].name)}` : `route ${index}`;
}

/** Warns of a match that an earlier one leaves nothing. */
export function warnOfMatch(at: Objections, earlier: string): void {
  at.warning({
    code: 'ADMIT440',
    actual: `covered by ${earlier}`,
    expected: 'a match that leaves something to later ones',
    because: 'the first route that matches is taken',
    fix: 'remove the match, or move the more special one to the front',
  });
}
