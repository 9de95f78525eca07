import { PathFinder } from './ca-path';
import { Certificate } from './certificate';

/** What is known about a CA that istiod signs with. */
export interface SigningCa {
  /** The certificate that it signs with. */
  readonly own?: Certificate;
  /** What workloads send after their own certificate. */
  readonly chain?: readonly Certificate[];
  /** The roots that proxies with a certificate of this CA trust; undefined if they aren't known. */
  readonly roots?: readonly Certificate[];
}

/**
 * The result of replacing a CA with another in one step, while some proxies have certificates and roots of the one and some of
 * the other. `accepted`: all proxies verify each other; `rejected`: some don't; `unknown`: it depends on unknown certificates.
 */
export type CaStep = 'accepted' | 'rejected' | 'unknown';

/**
 * @param trusted the bundles that proxies trust now, of which each proxy has one; empty: the roots of `from`
 * @param from undefined if it isn't known; then only `trusted` counts
 */
export function caStep(trusted: readonly (readonly Certificate[])[], from: SigningCa | undefined, to: SigningCa): CaStep {
  const bundles = trusted.length > 0 || from?.roots === undefined ? trusted : [from.roots];
  if (bundles.length === 0) return 'unknown';
  const verdicts = [...bundles.map((roots) => isTrusted(to, roots)), ...from && to.roots ? [isTrusted(from, to.roots)] : []];
  if (verdicts.includes(false)) return 'rejected';
  return verdicts.includes(undefined) ? 'unknown' : 'accepted';
}

/**
 * Whether certificates that a CA signs chain to some roots. If its own certificate isn't known, whether its
 * roots are among these; undefined if only some are.
 */
export function isTrusted({ own, chain = [], roots }: SigningCa, by: readonly Certificate[]): boolean | undefined {
  if (own) return new PathFinder(chain, by).paths(own).length > 0;
  const known = new Set(by.map(({ fingerprint }) => fingerprint));
  const verdicts = new Set(roots?.map(({ fingerprint }) => known.has(fingerprint)));
  return verdicts.size === 1 ? verdicts.has(true) : undefined;
}
