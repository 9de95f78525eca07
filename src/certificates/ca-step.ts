import { PathFinder } from './ca-path';
import { Certificate } from './certificate';

/** What is known of a CA that istiod signs with. */
export interface SigningCa {
  /** The certificate that it signs with. */
  readonly own?: Certificate;
  /** What workloads send after their own certificate. */
  readonly chain?: readonly Certificate[];
  /** What proxies trust that have their certificate of it; undefined: that isn't known. */
  readonly roots?: readonly Certificate[];
}

/**
 * What comes of one CA in another's place in one step, while some proxies have certificates and roots of the one and some of the
 * other. `accepted`: all verify each other; `rejected`: some don't; `unknown`: it takes certificates that aren't known.
 */
export type CaStep = 'accepted' | 'rejected' | 'unknown';

/**
 * @param trusted what proxies trust now: bundles, of which each proxy has one; empty: the roots of `from`
 * @param from undefined: nothing is known of it, and only what it trusts counts
 */
export function caStep(trusted: readonly (readonly Certificate[])[], from: SigningCa | undefined, to: SigningCa): CaStep {
  const bundles = trusted.length > 0 || from?.roots === undefined ? trusted : [from.roots];
  if (bundles.length === 0) return 'unknown';
  const verdicts = [...bundles.map((roots) => isTrusted(to, roots)), ...from && to.roots ? [isTrusted(from, to.roots)] : []];
  if (verdicts.includes(false)) return 'rejected';
  return verdicts.includes(undefined) ? 'unknown' : 'accepted';
}

/** Whether what a CA signs is verified by some roots; where its certificate isn't known, its roots tell, if all or none of them are among these; undefined: nobody knows. */
export function isTrusted({ own, chain = [], roots }: SigningCa, by: readonly Certificate[]): boolean | undefined {
  if (own) return new PathFinder(chain, by).paths(own).length > 0;
  const known = new Set(by.map(({ fingerprint }) => fingerprint));
  const verdicts = new Set(roots?.map(({ fingerprint }) => known.has(fingerprint)));
  return verdicts.size === 1 ? verdicts.has(true) : undefined;
}
