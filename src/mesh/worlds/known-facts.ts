import { MissingInjection } from '../../findings/condition';
import { eachOnce, factKey } from '../workloads/missing-injection';

/**
 * Gives missing facts values in worlds, until none is missing there: a pod may ask for a revision where its namespace has no label,
 * and only in such a world does it matter whether that revision is installed.
 *
 * @param worldsOf makes worlds in which each of the facts has a value
 * @param missingIn the facts that are still missing in these worlds
 */
export function withAllKnown<W>(
  missing: readonly MissingInjection[], worldsOf: (facts: readonly MissingInjection[]) => W,
  missingIn: (worlds: W) => readonly MissingInjection[],
): W {
  const worlds = worldsOf(missing);
  const known = new Set(missing.map(factKey));
  const more = missingIn(worlds).filter((fact) => !known.has(factKey(fact)));
  return more.length === 0 ? worlds : withAllKnown(eachOnce([...missing, ...more]), worldsOf, missingIn);
}
