import { ReportedFinding } from './report';
import { grouped } from '../mesh/grouped';

/** How many findings of one code and severity a text shows. */
const SHOWN = 3;

/** What says no more than that an API version is old: told once for all objects. */
const OLD_VERSION = 'ADMIT108';

/** Findings as a text shows them: the first of each code and severity, how many more there are, and what is told once. */
export interface Folded {
  readonly shown: readonly ReportedFinding[];
  /** By the last one that is shown. */
  readonly more: ReadonlyMap<ReportedFinding, number>;
  /** Findings of old API versions, if there are several. */
  readonly oldVersions: readonly ReportedFinding[];
}

/** Severities are folded apart, so that no error hides behind warnings. */
export function folded(findings: readonly ReportedFinding[], all: boolean): Folded {
  if (all) return { shown: findings, more: new Map(), oldVersions: [] };
  const old = findings.filter(({ code }) => code === OLD_VERSION);
  const oldVersions = old.length > 1 ? old : [];
  const others = oldVersions.length > 0 ? findings.filter(({ code }) => code !== OLD_VERSION) : findings;
  const hidden = new Set<ReportedFinding>();
  const more = new Map<ReportedFinding, number>();
  for (const same of grouped(others, ({ code, severity }) => `${code} ${severity}`).values()) {
    if (same.length <= SHOWN) continue;
    more.set(same[SHOWN - 1], same.length - SHOWN);
    for (const finding of same.slice(SHOWN)) hidden.add(finding);
  }
  return { shown: others.filter((finding) => !hidden.has(finding)), more, oldVersions };
}
