import { ReportedFinding, Settled, SettledBaseline } from './report';
import { BaselineEntry } from '../baseline/baseline';

/** The files of settings that a report comes from, and what they leave out of it, as programs read it. */
export function settledJson(settled: Settled | undefined) {
  if (!settled) return {};
  const { configuration, off, baseline } = settled;
  return {
    ...configuration === undefined ? {} : { configuration: { path: configuration, off } },
    ...baseline && { baseline: baselineJson(baseline) },
  };
}

function baselineJson({ path, held, stale, undecidedBeyond }: SettledBaseline) {
  return { path, matched: held.size, stale: stale.map(entryJson), undecidedBeyond };
}

/** What the baseline holds of a finding that has grown beyond it. */
export function growthJson(finding: ReportedFinding, settled: Settled | undefined) {
  const growth = settled?.baseline?.grown.get(finding);
  return growth && { baseline: { count: growth.entry.count, connections: growth.entry.connections } };
}

function entryJson({ code, group, kind, namespace, name, field, count, connections, reason }: BaselineEntry) {
  return { code, object: { group, kind, namespace, name }, field, count, connections, reason };
}
