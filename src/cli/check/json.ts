import { optionsText, Telling, WouldDecide } from '../../analysis/would-decide';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import type { CheckReport } from '../findings/check';
import { findingJson, json, placeJson, readingJson, settledJson } from '../findings/json';
import { AcknowledgedFinding, countsOf, ReportedFinding, Settled } from '../findings/report';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 1;

/** The report as programs read it, see docs/schemas/check.schema.json. */
export function checkJson(report: CheckReport): string {
  const { findings, acknowledged, connections, wouldDecide, unjudged, assumptions, settled, reading } = report;
  const summary = { ...countsOf(report), acknowledged: acknowledged.length };
  return json({
    format: FORMAT,
    istio: ISTIO_MINOR,
    ...settledJson(settled),
    summary,
    connections: { ...connections, decided: connections.connections - connections.outcomes.undecided, wouldDecide: wouldDecideJson(wouldDecide) },
    unjudged,
    assumptions,
    findings: findings.map((finding) => ({ ...findingJson(finding), ...growthJson(finding, settled) })),
    acknowledged: acknowledged.map(acknowledgedJson),
    ...readingJson(reading),
  });
}

function wouldDecideJson({ facts, together }: WouldDecide) {
  return {
    facts: facts.map(({ need, subject, connections, telling }) => ({ need, subject, connections, told: telling && toldJson(telling) })),
    together: together && toldJson(together),
  };
}

function toldJson({ injectedNamespaces, installedRevisions, decides }: Telling) {
  return { options: optionsText({ injectedNamespaces, installedRevisions }), injectedNamespaces, installedRevisions, decides };
}

function acknowledgedJson({ reason, owner, expires, by, saidIn, ...finding }: AcknowledgedFinding) {
  const place = saidIn && { file: saidIn.file, ...placeJson(saidIn.position) };
  return { ...findingJson(finding), acknowledgement: { reason, by, owner, expires, ...place } };
}

/** What the baseline holds of a finding that has grown beyond it. */
function growthJson(finding: ReportedFinding, settled: Settled | undefined) {
  const growth = settled?.baseline?.grown.get(finding);
  return growth && { baseline: { count: growth.entry.count, connections: growth.entry.connections } };
}
