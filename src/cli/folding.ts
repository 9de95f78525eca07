import { ReportedFinding } from './report';
import { grouped } from '../mesh/inventory/collections';

/** How many of one sort a text shows. */
const SHOWN = 3;

/** What says no more than that an API version is old: told once for all objects. */
const OLD_VERSION = 'ADMIT108';

/** The first of each sort, and how many more there are. */
export interface Folded<T> {
  readonly shown: readonly T[];
  /** By the last one that is shown. */
  readonly more: ReadonlyMap<T, number>;
}

/** Findings as a text shows them: folded by code and severity, but for what is told once. */
export interface FoldedFindings extends Folded<ReportedFinding> {
  /** Findings of old API versions, if there are several. */
  readonly oldVersions: readonly ReportedFinding[];
}

/** Severities are folded apart, so that no error hides behind warnings. */
export function foldedFindings(findings: readonly ReportedFinding[], all: boolean): FoldedFindings {
  const old = all ? [] : findings.filter(({ code }) => code === OLD_VERSION);
  const oldVersions = old.length > 1 ? old : [];
  const others = oldVersions.length > 0 ? findings.filter(({ code }) => code !== OLD_VERSION) : findings;
  return { ...folded(others, all, ({ code, severity }) => `${code} ${severity}`), oldVersions };
}

export function folded<T>(values: readonly T[], all: boolean, sortOf: (value: T) => string): Folded<T> {
  const more = new Map<T, number>();
  if (all) return { shown: values, more };
  const hidden = new Set<T>();
  for (const same of grouped(values, sortOf).values()) {
    if (same.length <= SHOWN) continue;
    more.set(same[SHOWN - 1], same.length - SHOWN);
    for (const value of same.slice(SHOWN)) hidden.add(value);
  }
  return { shown: values.filter((value) => !hidden.has(value)), more };
}
